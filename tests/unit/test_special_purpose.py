"""Which addresses are on the public internet."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.services.special_purpose import is_public, table

TABLE = sorted(table(), key=lambda row: (row[0].version, row[0].prefixlen, int(row[0].network_address)))
PUBLIC_V4 = st.ip_addresses(v=4).filter(is_public)
INSIDE_V4 = st.sampled_from([network for network, rule in TABLE if network.version == 4 and rule == "no"]).map(
    lambda network: network.network_address
)


@pytest.mark.parametrize(("network", "rule"), TABLE, ids=str)
def test_the_ends_of_every_network_of_the_table_follow_its_rule(network, rule) -> None:
    narrower = [other for other, _ in TABLE if other != network and other.version == network.version
                and other.subnet_of(network)]  # fmt: skip
    for address in (network.network_address, network.broadcast_address):
        if rule in ("yes", "no") and not any(address in other for other in narrower):
            assert is_public(address) == (rule == "yes")


@pytest.mark.parametrize(
    "address",
    ["::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::8.8.8.8",
     "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "fec0::1", "ff02::1", "168.63.129.16", "4000::1"],
)  # fmt: skip
def test_an_address_that_leads_inside_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::8.8.8.8", "2002:808:808::1", "::ffff:8.8.8.8"]
)
def test_an_address_outside_is_public(address: str) -> None:
    assert is_public(ip_address(address))


def every_embedding(inner: IPv4Address) -> list[IPv6Address]:
    number = int(inner)
    return [
        IPv6Address(number),
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0xFFFF << 48 | number),
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),
        IPv6Address(0x2002 << 112 | number << 80 | 1),
        IPv6Address(0x20010000 << 96 | ~number & 0xFFFFFFFF),
    ]


@given(PUBLIC_V4.filter(lambda a: a not in IPv4Network("0.0.0.0/31")))
def test_an_embedded_public_address_is_public(inner: IPv4Address) -> None:
    assert [str(outer) for outer in every_embedding(inner) if not is_public(outer)] == []


@given(INSIDE_V4)
def test_an_embedded_address_inside_is_not_public(inner: IPv4Address) -> None:
    assert [str(outer) for outer in every_embedding(inner) if is_public(outer)] == []
