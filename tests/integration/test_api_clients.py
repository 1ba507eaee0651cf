"""Who may read without a key, by peer, Host and proxies; and whose requests a limit counts."""

import re
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from api.app import create_app
from api.http.clients import client_address, limit_key
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings, SettingsError
from tests.conftest import ChosenClock

PROXIES = (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"))


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST"])
def test_a_program_on_this_machine_reads_by_every_local_name(container: Container, host: str) -> None:
    assert create_app(container).test_client().get("/v1/events", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "192.0.2.1"])
def test_a_page_under_a_rebound_name_reads_nothing(container: Container, host: str) -> None:
    client = create_app(container).test_client()

    assert client.get("/v1/events", headers={"Host": host}).status_code == 401
    assert client.get("/v1/relations/RUS/AFG", headers={"Host": host}).status_code == 401


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"])
def test_what_came_through_a_proxy_is_not_this_machine(container: Container, header: str) -> None:
    answer = create_app(container).test_client().get("/v1/relations/RUS/AFG", headers={header: "127.0.0.1"})

    assert answer.status_code == 401


def test_the_hot_read_asks_the_same(container: Container, recognition: str) -> None:
    client = create_app(container).test_client()
    assert client.get("/v1/relations/RUS/AFG").status_code == 200

    assert client.get("/v1/relations/RUS/AFG", headers={"Host": "evil.example"}).status_code == 401


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7, 10.1.2.3", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
        ("127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("127.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "203.0.113.7:4711, 10.1.2.3:80", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7:", "127.0.0.1"),
        ("::ffff:10.1.2.3", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "nonsense, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
    ],
)
def test_only_a_trusted_proxy_names_the_client(peer: str, forwarded: str | None, client: str) -> None:
    environ = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})

    assert client_address(environ, PROXIES) == client
    assert client_address(environ, ()) == peer


def test_a_limit_counts_each_client_of_a_trusted_proxy(container: Container, clock: ChosenClock) -> None:
    settings = replace(container.settings, rate_limit=1, trusted_proxies=PROXIES, open_reading="always")
    client = create_app(Container(settings, clock)).test_client()

    codes = [
        client.get("/v1/codebook", headers={"X-Forwarded-For": who}).status_code
        for who in ("198.51.100.1", "198.51.100.2", "198.51.100.1")
    ]

    assert codes == [200, 200, 429]


def test_a_limit_counts_the_addresses_of_one_ipv6_network_together(container: Container, clock: ChosenClock) -> None:
    settings = replace(container.settings, rate_limit=1, open_reading="always")
    client = create_app(Container(settings, clock)).test_client()

    codes = [
        client.get("/v1/codebook", environ_base={"REMOTE_ADDR": who}).status_code
        for who in ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1", "::ffff:192.0.2.1", "192.0.2.1")
    ]

    assert codes == [200, 429, 200, 200, 429]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("no address", "no address"),
    ],
)
def test_limits_count_ipv6_clients_by_their_network(address: str, counted: str) -> None:
    assert limit_key(address) == counted


def test_the_example_for_nginx_counts_ipv6_clients_by_their_network() -> None:
    text = (Path(__file__).parents[2] / "deploy" / "nginx" / "entente.conf").read_text(encoding="utf-8")
    rules = [re.compile(found.replace("(?<", "(?P<")) for found in re.findall(r'"~(\^.+)"\s', text)]

    def counted(address: str) -> str:
        return next((found["network"] for rule in rules if (found := rule.search(address))), address)

    assert counted("2001:db8:1:2:3:4:5:6") == counted("2001:db8:1:2::7") == "2001:db8:1:2"
    assert counted("2001:db8::1") == counted("2001:db8::2:3:4:5") == "2001:db8"
    assert counted("192.0.2.1") == "192.0.2.1"
    assert counted("::ffff:192.0.2.1") == "::ffff:192.0.2.1"


def test_a_peer_that_is_no_address_is_not_this_machine(container: Container) -> None:
    client = create_app(container).test_client()

    assert client.get("/v1/events", environ_base={"REMOTE_ADDR": "no address"}).status_code == 401


def test_networks_that_cannot_be_read_are_named() -> None:
    assert Settings.from_env({"ENTENTE_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8"}).trusted_proxies == PROXIES
    with pytest.raises(SettingsError, match=r"ENTENTE_TRUSTED_PROXIES: 'proxy\.example' is no network"):
        Settings.from_env({"ENTENTE_TRUSTED_PROXIES": "proxy.example"})
