"""What held in the world, what the press had said, what the ledger had: docs/clocks.md, and every read that asks."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from entente.cli.main import main
from entente.services.articles import ArticleDraft
from entente.services.ingesting.code import CodeArticles
from tests.integration.conftest import TEXT, ReadsAsTold, coded

DOCS = Path(__file__).parents[2] / "docs" / "clocks.md"
LINES = re.findall(r"^\| `(.*?)`? ?`?\| (unknown|recognised) \|", DOCS.read_text(), re.MULTILINE)
PAIR = "/v1/relations/RUS/AFG"
UNSAID, SAID = "2025-06-02", "2025-06-03"


@pytest.fixture(autouse=True)
def loaded_late(container: Container) -> None:
    """An article of 3 June that reports a recognition of 1 June, loaded on 4 July."""
    draft = ArticleDraft("Sample Wire", text=TEXT, published_at=datetime(2025, 6, 3, tzinfo=UTC))
    taken = container.ingest.submit(draft, ring=False)
    parts = container.ledger, ReadsAsTold([coded("recognise", "2025-06-01")]), container.projector, container.queue
    CodeArticles(*parts, container.clock, "test").run(taken.article_id)


@pytest.mark.parametrize(("query", "value"), LINES)
def test_the_example_is_true(client: FlaskClient, query: str, value: str) -> None:
    found = client.get(PAIR + query.strip("`"))

    assert found.get_json()["facets"]["recognition"]["value"] == value


def test_the_example_has_lines_in_which_each_clock_decides() -> None:
    assert len(LINES) == 9


@pytest.mark.parametrize(("day", "n"), [(UNSAID, 0), (SAID, 1)])
def test_every_read_counts_what_was_published_by_the_day(client: FlaskClient, day: str, n: int) -> None:
    asked = f"published_by={day}"

    record = client.get(f"{PAIR}?{asked}").get_json()
    history = client.get(f"{PAIR}/history?{asked}").get_json()
    series = client.get(f"{PAIR}/series?{asked}&from=2025-06-01").get_json()
    why = client.get(f"{PAIR}/why?{asked}").get_json()
    diff = client.get(f"{PAIR}/diff?{asked}&from=2025-05-01").get_json()
    listed = client.get(f"/v1/relations?{asked}").get_json()
    country = client.get(f"/v1/countries/RUS/relations?{asked}").get_json()
    dyad = client.get(f"/v1/dyads/RUS/AFG?{asked}").get_json()

    assert record["counts"]["events"] == len(history["intervals"]) == len(why["holding"]) == diff["n_events"] == n
    assert sum(bucket["n"] for bucket in series["series"]) == len(listed["relations"]) == n
    assert len(country["relations"]) == n
    assert sum(dyad[way]["counts"]["events"] for way in ("a_to_b", "b_to_a")) == n
    for answer in (record, history, series, why, diff, country, dyad):
        assert answer["published_by"] == day
    assert listed.get("published_by", day) == day


def test_a_list_of_what_was_published_takes_filters_of_what_is_derived(client: FlaskClient) -> None:
    assert client.get(f"/v1/relations?published_by={SAID}&facet=recognition:recognised").get_json()["relations"]
    assert not client.get(f"/v1/relations?published_by={UNSAID}&facet=recognition").get_json()["relations"]


def test_the_terminal_takes_the_day_too(container: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))
    run: Callable[..., str] = lambda day: (  # noqa: E731
        CliRunner().invoke(main, ["relation", "RUS", "AFG", "--published-by", day]).stdout
    )

    assert "recognised" in run(SAID)
    assert "recognised" not in run(UNSAID)
