"""Measured error rates over HTTP: in the codebook, and beside each value that events gave."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.relations.reliability import ALL, CodingRates, ConfidenceRate, Rate, Reliability, ValueRates
from tests.conftest import ChosenClock

PAIR = "/v1/relations/RUS/AFG"
MANY, FEW = Rate(0.93, 210, (0.9, 0.96)), Rate(None, 12)


@pytest.fixture
def measured(container: Container, key: str) -> FlaskClient:
    """A client of an API whose coder was measured."""
    measured = Reliability(
        "2026.8",
        "2026.3",
        160,
        28,
        roots={"AGREE": CodingRates(MANY, FEW)},
        facets={"trade": CodingRates(FEW, FEW)},
        values={ALL: ValueRates(MANY, MANY), "recognition": ValueRates(FEW, FEW)},
        confidence=(ConfidenceRate(0.7, 0.9, 0.81, MANY),),
    )
    container.__dict__["codebook"] = replace(container.codebook, reliability=measured)
    client = create_app(container).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


def told(value: Any) -> Any:
    return value["reliability"]


def test_the_codebook_tells_every_rate_and_of_too_few_only_their_number(measured: FlaskClient) -> None:
    rates = measured.get("/v1/codebook").get_json()["reliability"]

    many = {"share": 0.93, "n": 210, "interval": [0.9, 0.96]}
    few = {"share": None, "n": 12, "interval": None}
    assert rates["roots"] == [{"name": "AGREE", "precision": many, "recall": few}]
    assert rates["facets"] == [{"name": "trade", "precision": few, "recall": few}]
    assert rates["values"][0] == {"scope": "all", "right": many, "shown": many}
    assert rates["confidence"] == [{"low": 0.7, "high": 0.9, "claimed": 0.81, "right": many}]
    assert (rates["coder"], rates["codebook"], rates["n_texts"], rates["n_stories"]) == ("2026.8", "2026.3", 160, 28)


def test_record_history_reasons_and_diff_tell_it_beside_the_value(measured: FlaskClient, recognition: str) -> None:
    rate = {"scope": "all", "right": 0.93, "n": 210, "interval": [0.9, 0.96], "coder": "2026.8"}

    assert told(measured.get(PAIR).get_json()["facets"]["recognition"]) == rate
    assert told(measured.get(f"{PAIR}/history?facet=recognition").get_json()["intervals"][0]) == rate
    assert told(measured.get(f"{PAIR}/why?facet=recognition").get_json()["holding"][0]) == rate
    [moved] = measured.get(f"{PAIR}/diff?from=2025-07-01").get_json()["facets"]
    assert told(moved["to_interval"]) == rate


def test_of_another_coder_nothing_is_told(sqlite_url: str, clock: ChosenClock, tmp_path: Any) -> None:
    settings = Settings(data_dir=tmp_path, database_url=sqlite_url, coder_url="http://127.0.0.1:9", coder_model="m")
    container = Container(settings, clock)
    client = create_app(container).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {container.keys.add('tests', ['admin']).token}"

    assert client.get("/v1/codebook").get_json()["reliability"] is None
    container.close()
