"""`entente confirm` and `entente reject`, on a real ledger."""

import json

import pytest
from click.testing import CliRunner

from entente.bootstrap.container import Container
from entente.cli import decisions as module
from entente.services.errors import NotFound

SIGNED = ("--author", "A. Analyst", "--reason", "Read in the gazette")


def test_events_are_confirmed_and_rejected_by_id(
    container: Container, recognition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "open_container", lambda: container)
    [event] = [e.id for e in container.lookups.article(recognition).events if e.act == "recognise"]

    confirmed = CliRunner().invoke(module.confirm, [event, *SIGNED])
    assert (confirmed.exit_code, confirmed.output) == (0, f"confirm {event}\n")
    rejected = CliRunner().invoke(module.reject, [event, "--json", *SIGNED])
    assert [a["kind"] for a in json.loads(rejected.output)["assertions"]] == ["reject"]
    gone = CliRunner().invoke(module.reject, [event, *SIGNED])
    assert isinstance(gone.exception, NotFound)
