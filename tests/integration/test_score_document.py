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
from tests.integration.conftest import coded

TEXT = (Path(__file__).parents[2] / "docs" / "score.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| (\w+) \| (effective|denied) \| (\S+) \| (\S+) \| (\S+) \| (\S+) \| (\S+) \|", TEXT, re.MULTILINE
)
DAY = date(2025, 7, 4)


@pytest.fixture(autouse=True)
def events(told: Callable[..., str]) -> None:
    told([replace(coded(act, when), status=status) for act, status, when, *_ in ROWS])


def recomputed(client: FlaskClient) -> float:
    scope: dict[str, Any] = {}
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(code, scope)
    listed = client.get("/v1/events?source=RUS&target=AFG&limit=500").get_json()["events"]
    rule = client.get("/v1/codebook").get_json()["score"]
    found: float = scope["net"](listed, rule, DAY)
    return found


def test_the_table_of_the_example_is_true(client: FlaskClient, container: Container) -> None:
    assert len(ROWS) == 4
    for act, status, when, intensity, *rest in ROWS:
        assert container.codebook.codes(act, status).intensity == float(intensity)
        if status == "effective":
            age, weight, product = rest
            assert (DAY - date.fromisoformat(when)).days == int(age)
            assert 0.5 ** (int(age) / 180) == pytest.approx(float(weight), abs=5e-5)
            assert float(weight) * float(intensity) == pytest.approx(float(product), abs=5e-4)


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
