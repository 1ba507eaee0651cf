"""What the MCP tools answer of documents, of doubts and of long histories, on an API with a ledger of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import anyio
import pytest
from mcp import Client

from entente.bootstrap.container import Container
from entente.client import Entente
from entente.mcp_server.server import make_server
from tests.integration.conftest import ReadsAsTold, coded

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(server: str) -> Ask:
    """`ask(tool, argument=…)`: a tool's answer."""

    def asked(tool: str, **arguments: Any) -> dict[str, Any]:
        async def call() -> Any:
            async with Client(make_server(lambda: Entente(server))) as client:
                return await client.call_tool(tool, arguments)

        result = anyio.run(call)
        assert not result.is_error, result.content
        return dict(result.structured_content)

    return asked


def test_a_value_that_only_a_document_gives_cites_it(container: Container, ask: Ask) -> None:
    container.load_baseline()

    allied = ask("who", relation="is allied with", country="Armenia", as_of="2020-01-01")
    stand = ask("how_do_they_stand", a="Luxembourg", b="Kosovo")

    assert "Russia (RUS)" in {partner["country"] for partner in allied["partners"]}
    [value] = (value for value in stand["directions"][0]["values"] if value["facet"] == "recognition")
    assert (value["value"], value["quotes"]) == ("recognised", [])
    [document] = value["documents"]
    assert document["publisher"] == "Government of Luxembourg"
    assert document["date"] == "2008-02-20"


def test_what_is_too_uncertain_is_told_apart(
    container: Container, told: Callable[..., str], ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReadsAsTold, "version", max(container.codebook.calibrated))
    told([coded("establish_relations", "2024-01-01")], text="One report.")
    told([replace(coded("sever_relations", "2025-07-02"), confidence=0.3)], text="Another report.")

    [direction, _] = ask("how_do_they_stand", a="Russia", b="Afghanistan")["directions"]
    [held] = (value for value in direction["values"] if value["facet"] == "relations")
    [unsure] = direction["unconfirmed"]
    assert (held["value"], held["end_reported_on"]) == ("established", "2025-07-02")
    assert (unsure["value"], unsure["status"]) == ("severed", "unconfirmed")

    changed = ask("what_changed", country="Russia", partner="Afghanistan", since="2025-07-01")
    moved = {
        (change["facet"], change["status"]): (change["after"], change["because"]["value"])
        for change in changed["directions"][0]["changes"]
    }
    assert moved["relations", "unconfirmed"] == ("severed", "severed")
    severed = ask("who", relation="relations:severed", country="Afghanistan")
    unconfirmed = ask("who", relation="relations:unconfirmed", country="Afghanistan")
    assert severed["partners"] == []
    assert [partner["values"][0]["value"] for partner in unconfirmed["partners"]] == ["severed"]


def test_an_announced_value_is_no_answer_to_who_has_it(told: Callable[..., str], ask: Ask) -> None:
    told([replace(coded("recognise", "2025-07-02", source="FRA", target="XKX"), status="announced")], text="Announced.")

    def who(relation: str) -> list[str]:
        return [partner["country"] for partner in ask("who", relation=relation, country="Kosovo")["partners"]]

    assert who("recognises") == []
    assert who("recognition:pending") == ["France (FRA)"]
    assert who("recognition") == []


def test_the_latest_of_many_periods_are_shown_and_all_are_counted(told: Callable[..., str], ask: Ask) -> None:
    acts = [
        coded(
            ("recognise", "withdraw_recognition")[month % 2],
            f"{2019 + month // 12}-{month % 12 + 1:02}-03",
            target="XKX",
        )
        for month in range(60)
    ]
    told(acts, text="A long story.")

    told_of = ask("since_when_and_who_says_so", source="Russia", target="Kosovo", facet="recognition")

    assert told_of["n_periods"] == 60
    assert len(told_of["periods"]) == 50
    assert told_of["periods"][-1]["since"] == "2023-12-03"
    assert told_of["periods"][-1]["until"] is None
