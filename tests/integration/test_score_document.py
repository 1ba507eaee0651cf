"""docs/score.md: its example is what a ledger gives, and its few lines recompute the score from the API's answers."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from entente.relations.events import Actor
from tests.integration.conftest import coded

TEXT = (Path(__file__).parents[2] / "docs" / "score.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| RUS:?(\w*) \| (\w+) \| (effective|denied) \| (\S+) \| (\S+) \| (\S+) \| (\S+) \| (\S+) \|", TEXT, re.MULTILINE
)
LISTED = "/v1/events?source=RUS&target=AFG"
DAY = date(2025, 7, 4)


@pytest.fixture(autouse=True)
def events(told: Callable[..., str]) -> None:
    told(
        [
            replace(coded(act, when), status=status, source=Actor("RUS", sector or "GOV", "Russia"))
            for sector, act, status, when, *_ in ROWS
        ]
    )


def recomputed(client: FlaskClient) -> float:
    scope: dict[str, Any] = {}
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(code, scope)
    # Pages of two, so that there are several.
    listed = scope["every_event"](lambda address: client.get(address).get_json(), f"{LISTED}&limit=2")
    rule = client.get("/v1/codebook").get_json()["score"]
    found: float = scope["net"](listed, rule, DAY)
    return found


def test_the_table_of_the_example_is_true(client: FlaskClient, container: Container) -> None:
    assert len(ROWS) == 5
    for sector, act, status, when, intensity, *rest in ROWS:
        assert container.codebook.codes(act, status).intensity == float(intensity)
        if status == "effective" and not sector:
            age, weight, product = rest
            assert (DAY - date.fromisoformat(when)).days == int(age)
            assert 0.5 ** (int(age) / 180) == pytest.approx(float(weight), abs=5e-5)
            assert float(weight) * float(intensity) == pytest.approx(float(product), abs=5e-4)


def test_the_example_has_an_event_of_private_persons_that_its_list_shows(client: FlaskClient) -> None:
    ids = [event["id"] for event in client.get(LISTED).get_json()["events"]]

    assert len(ids) == len(ROWS)
    (private,) = [id for id in ids if ":" in id]
    assert f"`{private}`" in TEXT


def test_a_reader_recomputes_the_score_from_the_answers(client: FlaskClient) -> None:
    score = client.get("/v1/relations/RUS/AFG").get_json()["score"]

    assert recomputed(client) == score["net"]
    assert f"+ 20) = {score['net']}." in TEXT
    assert (score["n_events"], score["version"]) == (3, "2")


def test_the_document_gives_the_parameters_of_the_codebook(container: Container) -> None:
    rule = container.codebook.score

    assert f"version {rule.version}" in TEXT
    assert f"window of {rule.window_days:,} days" in TEXT
    assert f"(age / {rule.half_life_days:.0f})" in TEXT
    assert f"κ is {rule.prior:.0f}" in TEXT
