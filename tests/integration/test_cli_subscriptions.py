"""`entente subscriptions`: add, list, show, test, pause, resume, remove and replay, against real receivers."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from standardwebhooks.webhooks import Webhook

from entente.bootstrap.container import Container
from entente.cli.main import main
from entente.services.ports.subscriptions import Timing
from tests.integration.web_server import Site

Run = Callable[..., Result]


@pytest.fixture
def run(container: Container, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run(argument, …)`: the command on the container's ledger, with endpoints on this machine allowed."""
    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_REDIS_URL", str(container.settings.redis_url))
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))
    monkeypatch.setenv("ENTENTE_FETCH_LOOPBACK", "on")
    return lambda *arguments: CliRunner().invoke(main, ["subscriptions", *arguments])


@pytest.fixture
def added(run: Run) -> Callable[..., dict[str, Any]]:
    def add(*arguments: str) -> dict[str, Any]:
        done = run("add", *arguments, "--json")
        assert done.exit_code == 0, done.output
        return dict(json.loads(done.stdout))

    return add


def test_every_filter_and_time_of_the_api_can_be_given(
    container: Container, added: Callable[..., dict[str, Any]]
) -> None:
    made = added(
        "https://hooks.example/x", "--kind", "teams", "--country", "Serbia", "--pair", "RU:Ukraine",
        "--facet", "sanctions", "--facet", "recognition", "--to-value", "in_force", "--historic", "--unconfirmed",
        "--digest", "daily", "--quiet", "22:00-07:00", "--timezone", "Europe/Belgrade",
    )  # fmt: skip
    assert made["format"] == "adaptive_card"
    assert made["wants"] == {
        "countries": ["SRB"], "pairs": [["RUS", "UKR"]], "facets": ["sanctions", "recognition"],
        "to_values": ["in_force"], "historic": True, "unconfirmed": True,
    }  # fmt: skip
    kept = container.subscriptions.get(str(made["id"]))
    assert kept.timing == Timing(1440, "22:00", "07:00", "Europe/Belgrade")
    assert kept.wants.pairs == (("RUS", "UKR"),)


def test_a_subscription_is_shown_paused_resumed_and_removed(
    container: Container, added: Callable[..., dict[str, Any]], run: Run
) -> None:
    id = str(added("https://hooks.example/x", "--pair", "RUS:UKR", "--group", "60")["id"])
    assert f"{id} webhook https://hooks.example/x nothing delivered yet" in run("list").output
    shown = run("show", id).output
    assert "RUS:UKR" in shown
    assert "every 60 minutes" in shown
    assert "paused: stopped by hand" in run("pause", id).output
    assert not container.subscriptions.get(id).active
    assert "nothing delivered yet" in run("resume", id).output
    assert run("remove", id).output == f"removed {id} (https://hooks.example/x)\n"
    assert json.loads(run("list", "--json").output) == []


@pytest.mark.parametrize(
    ("kind", "member"), [("webhook", "subscription.test"), ("slack", "blocks"), ("teams", "attachments")]
)
def test_a_test_message_is_signed_in_the_format_of_its_kind_and_shows_the_status(
    site: Site, added: Callable[..., dict[str, Any]], run: Run, kind: str, member: str
) -> None:
    made = added(site.status("/hook", 202), "--kind", kind, "--quiet", "00:00-23:59")
    assert run("pause", made["id"]).exit_code == 0

    sent = run("test", made["id"])

    assert sent.output == f"{site.url}/hook took the test message: status 202\n"
    [(_, _, headers, body)] = site.asked
    Webhook(str(made["secret"])).verify(body.decode(), {name.lower(): value for name, value in headers.items()})
    assert member in body.decode()
    assert run("show", made["id"]).output.count("\n") == 3  # no delivery is kept of it


def test_a_test_message_that_is_refused_or_never_taken_fails_with_the_reason(
    site: Site, added: Callable[..., dict[str, Any]], run: Run
) -> None:
    refused = run("test", added(site.status("/hook", 404), "--kind", "slack")["id"])
    assert (refused.exit_code, refused.stderr) == (1, f"Error: {site.url}/hook: status 404\n")
    away = run("test", added("http://127.0.0.1:9/hook")["id"], "--json")
    assert away.exit_code == 1
    assert json.loads(away.stdout)["status"] is None
    assert "can't be reached" in away.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["x", "--kind", "email"], 2, "'x' is not an e-mail address, as --kind email needs"),
        (["a@b.example", "--kind", "slack"], 2, "is not the URL of an endpoint, as --kind slack needs"),
        (["a@b.example, c@d.example"], 2, "Not an e-mail address."),
        (["a@b.example"], 1, "set ENTENTE_SMTP_URL, ENTENTE_MAIL_FROM and ENTENTE_PUBLIC_URL"),
        (["ftp://h.example"], 2, "Not an http or https URL."),
        (["https://10.0.0.1/"], 1, "10.0.0.1 is not on the public internet"),
        (["https://h.example/", "--timezone", "Europe/Berln"], 2, "nearest: Europe/Berlin"),
        (["https://h.example/", "--quiet", "7-22"], 2, "such as 22:00-07:00"),
        (["https://h.example/", "--quiet", "07:00-07:00"], 2, "begin and end are the same"),
        (["https://h.example/", "--pair", "RUS"], 2, "not two countries apart by a colon"),
        (["https://h.example/", "--pair", "RUS:Ukrane"], 1, "nearest: UKR (Ukraine)"),
        (["https://h.example/", "--country", "Serbja"], 1, "nearest: SRB (Serbia)"),
        (["https://h.example/", "--facet", "sanction"], 1, "facet 'sanction'; nearest: sanctions; known: recognition"),
        (["https://h.example/", "--to-value", "recogniced"], 1, "of any facet; nearest: recognised"),
        (["https://h.example/", "--facet", "aid", "--to-value", "war"], 1, "no value 'war' of aid; known: unknown,"),
        (["https://h.example/", "--digest", "daily", "--group", "5"], 2, "exclude each other"),
    ],
)  # fmt: skip
def test_what_cannot_be_subscribed_is_named_with_the_remedy(
    container: Container, run: Run, arguments: list[str], code: int, told: str
) -> None:
    done = run("add", *arguments)
    assert (done.exit_code, told in done.stderr) == (code, True), done.stderr
    assert container.subscriptions.list() == []


@pytest.mark.parametrize("verb", ["show", "test", "pause", "resume", "remove"])
def test_an_unknown_id_is_named(run: Run, verb: str) -> None:
    done = run(verb, "01980000-0000-7000-8000-000000000000")
    assert done.exit_code == 1
    assert "no subscription '01980000" in done.stderr


@pytest.mark.parametrize("verb", ["add", ""])
def test_the_help_has_an_example(run: Run, verb: str) -> None:
    assert "entente subscriptions add desk@paper.example" in run(*filter(None, [verb]), "--help").output
