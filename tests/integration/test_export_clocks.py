"""Events and dyad-months as the press or the ledger had them by a day, over the command line and over HTTP."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from entente.cli.main import main
from entente.relations.dyads import Dyad
from entente.relations.events import Actor, CodedEvent
from entente.services.articles import ArticleDraft
from entente.services.errors import Invalid
from entente.services.ingesting.code import CodeArticles
from entente.services.ports.events import EventQuery, Unconfirmed
from tests.conftest import ChosenClock
from tests.integration.conftest import TEXT, ReadsAsTold, coded

Run = Callable[..., Result]

#: Of the two articles: the days on which they were published and loaded. The first is retracted on RETRACTED.
FIRST, SECOND = date(2025, 6, 3), date(2025, 6, 20)
LOADED, RETRACTED, TODAY = date(2025, 6, 25), date(2025, 6, 28), date(2025, 7, 4)


def load(container: Container, events: list[CodedEvent], text: str, published: date) -> str:
    at = datetime.combine(published, datetime.min.time(), UTC)
    taken = container.ingest.submit(ArticleDraft("Sample Wire", text=text, published_at=at), ring=False)
    parts = container.ledger, ReadsAsTold(events), container.projector, container.queue, container.clock
    CodeArticles(*parts, "test").run(taken.article_id)
    return taken.article_id


@pytest.fixture(autouse=True)
def loaded(container: Container, clock: ChosenClock) -> str:
    """Two articles, loaded late: a recognition and a rupture, then the recognition again and more. Id of the first."""
    clock.set(datetime.combine(LOADED, datetime.min.time(), UTC) + timedelta(hours=12))
    first = [coded("recognise", "2025-06-01"), coded("sever_relations", "2025-06-02", source="PAK", target="IRN")]
    gone = load(container, first, TEXT, FIRST)
    second = [coded("recognise", "2025-06-01"), coded("praise", "2025-05"), coded("meet", None)]
    load(container, [*second, coded("meet", "2025-06-10", source="AFG", target="RUS")], "Other. " + TEXT, SECOND)
    clock.set(datetime.combine(RETRACTED, datetime.min.time(), UTC) + timedelta(hours=12))
    container.corrections.retract(gone, "withdrawn")
    clock.set(datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=12))
    return gone


@pytest.fixture
def run(container: Container, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))
    return lambda *arguments: CliRunner().invoke(main, ["export", *arguments])


def acts(text: str) -> list[str]:
    return [row["act"] for row in csv.DictReader(io.StringIO(text))]


EVERY = ["meet", "meet", "recognise", "praise"]


@pytest.mark.parametrize(
    ("clocks", "expected"),
    [
        ({}, EVERY),
        ({"published_by": "2025-06-19"}, []),
        ({"published_by": "2025-06-20"}, EVERY),
        ({"known_at": "2025-06-24"}, []),
        ({"known_at": "2025-06-27"}, [*EVERY, "sever_relations"]),
        ({"known_at": "2025-06-27", "published_by": "2025-06-03"}, ["recognise", "sever_relations"]),
        ({"known_at": "2025-06-27", "published_by": "2025-06-02"}, []),
        ({"known_at": "2025-06-29"}, EVERY),
    ],
)
def test_events_are_those_that_were_known_or_said_by_then(
    run: Run, client: FlaskClient, clocks: dict[str, str], expected: list[str]
) -> None:
    options = [part for name, day in clocks.items() for part in (f"--{name.replace('_', '-')}", day)]
    told = run("events", *options)
    streamed = client.get("/v1/events", query_string={**clocks, "format": "csv"})

    assert told.exit_code == 0, told.output
    assert acts(told.stdout) == acts(streamed.text) == expected


def test_an_event_has_the_mentions_that_were_known_by_then(run: Run) -> None:
    rows = [
        json.loads(line)
        for line in run("events", "--format", "ndjson", "--known-at", "2025-06-27").stdout.split("\n")[:-1]
    ]
    recognition = next(row for row in rows if row["act"] == "recognise")
    now = json.loads(run("events", "--format", "ndjson", "--from", "2025-06-01", "--to", "2025-06-01").stdout)

    assert (recognition["n_mentions"], recognition["known_by"]) == (2, "2025-06-03")
    assert (now["n_mentions"], now["known_by"]) == (1, "2025-06-20")


def test_dyad_months_count_what_was_known_by_then(run: Run) -> None:
    def months(*options: str) -> dict[tuple[str, ...], int]:
        rows = csv.DictReader(io.StringIO(run("dyad-months", *options).stdout))
        return {(row["month"], row["source"], row["target"]): int(row["n_mentions"]) for row in rows}

    june, may = ("2025-06", "RUS", "AFG"), ("2025-05", "RUS", "AFG")
    back, gone = ("2025-06", "AFG", "RUS"), ("2025-06", "PAK", "IRN")
    assert months() == {june: 1, back: 1, may: 1}
    assert months("--known-at", "2025-06-27") == {june: 2, back: 1, may: 1, gone: 1}
    assert months("--known-at", "2025-06-27", "--published-by", "2025-06-03") == {june: 1, gone: 1}
    assert months("--published-by", "2025-06-03") == {}


@pytest.mark.parametrize("form", ["gdelt", "gdelt1", "icews", "polecat"])
def test_files_of_other_projects_take_the_clocks(run: Run, form: str) -> None:
    def n_events(*options: str) -> int:
        lines = run("events", "--format", form, *options).stdout.splitlines()
        return len(lines) - (form in ("icews", "polecat"))

    assert (n_events(), n_events("--known-at", "2025-06-27"), n_events("--published-by", "2025-06-03")) == (4, 5, 0)


def test_a_state_and_a_panel_show_what_has_been_retracted_since(run: Run) -> None:
    asked = ("--source", "PAK", "--target", "IRN", "--format", "ndjson", "--known-at", "2025-06-27")
    panel = ("panel", "--from", "2025-06-01", "--to", "2025-06-27", "--facet", "relations")
    (month,) = [json.loads(line) for line in run(*panel, *asked).stdout.splitlines()]
    states = [json.loads(line) for line in run("states", "--facet", "relations", *asked).stdout.splitlines()]

    assert (month["n_articles"], month["n_events"], month["relations"]) == (2, 1, "severed")
    assert [state["value"] for state in states] == ["severed"]


@pytest.fixture
def dated_now(container: Container) -> dict[str, datetime]:
    """A clock that leaves nothing out, so that events are grouped anew and yet are those that are stored."""
    return {"known_at": container.clock.now()}


@pytest.mark.parametrize(
    "query",
    [
        EventQuery(),
        EventQuery(source="RUS"),
        EventQuery(target="RUS"),
        EventQuery(source="RUS", target="AFG"),
        EventQuery(source="RUS", target="RUS"),
        EventQuery(dyad=Dyad("AFG", "RUS")),
        EventQuery(acts=["meet", "praise"]),
        EventQuery(acts=[]),
        EventQuery(statuses=["effective"]),
        EventQuery(starts_from=date(2025, 6, 1)),
        EventQuery(starts_to=date(2025, 5, 31)),
        EventQuery(min_confidence=0.95),
        EventQuery(min_confidence=0.9),
        EventQuery(kinds=[("meet", "effective"), ("praise", "denied")]),
        EventQuery(recorded_since=datetime(2025, 6, 25, 12, tzinfo=UTC)),
        EventQuery(recorded_since=datetime(2025, 6, 25, 12, 0, 1, tzinfo=UTC)),
    ],
)
def test_filters_pass_the_same_events_whether_these_are_stored_or_grouped_anew(
    container: Container, dated_now: dict[str, datetime], query: EventQuery
) -> None:
    def rows(**clocks: datetime) -> list[tuple[object, ...]]:
        found = container.events.tables(query, **clocks)
        return sorted(
            (row for told in found for row in zip(*(getattr(told, n) for n in told.__slots__), strict=True)),
            key=lambda row: str(row[0]),
        )

    assert [tuple(map(str, row)) for row in rows(**dated_now)] == [tuple(map(str, row)) for row in rows()]
    assert sorted(fact.id for fact in container.events.facts(query, **dated_now)) == sorted(
        fact.id for fact in container.events.facts(query)
    )


def test_events_of_an_article_a_sector_or_a_status_are_found_stored_or_grouped_anew(
    container: Container, dated_now: dict[str, datetime]
) -> None:
    denied = replace(coded("invade", "2025-06-12"), status="denied", source=Actor("RUS", "CVL", "Russians"))
    article = load(container, [denied, coded("thank", "2025-06-12")], "Two. " + TEXT, SECOND)
    of_it = EventQuery(article_id=article), EventQuery(source="RUS:CVL"), EventQuery(statuses=["denied"])
    for query, n in zip(of_it, (2, 1, 1), strict=True):
        stored = sorted(fact.id for fact in container.events.facts(query))
        assert sorted(fact.id for fact in container.events.facts(query, **dated_now)) == stored
        assert len(stored) == n


@pytest.mark.parametrize("wanted", [True, False])
def test_unconfirmed_events_are_told_apart_whether_stored_or_grouped_anew(
    container: Container, dated_now: dict[str, datetime], wanted: bool
) -> None:
    shaky = [replace(coded("recall_ambassador", "2025-06-11"), confidence=0.3)]
    load(container, shaky, "Doubtful. " + TEXT, SECOND)
    floors = Unconfirmed.of(wanted, container.codebook)
    query = EventQuery(unconfirmed=replace(floors, calibrated=[*floors.calibrated, ReadsAsTold.version]))

    def ids(**clocks: datetime) -> list[str]:
        return sorted(fact.id for fact in container.events.facts(query, **clocks))

    assert ids(**dated_now) == ids()
    assert any("recall_ambassador" in id for id in ids()) is wanted


def test_pages_of_a_pair_go_forth_and_back_at_an_earlier_time(client: FlaskClient) -> None:
    asked = "/v1/events?source=RUS&target=AFG&known_at=2025-06-27&limit=2"
    first = client.get(asked).get_json()
    second = client.get(first["next"]).get_json()

    assert [[event["act"] for event in page["events"]] for page in (first, second)] == [
        ["meet", "recognise"],
        ["praise"],
    ]
    assert (first["prev"], second["next"]) == (None, None)
    assert client.get(second["prev"]).get_json()["events"] == first["events"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("known_at=2025-06-27", "known_at"),
        ("published_by=2025-06-27&source=RUS", "published_by"),
        ("known_at=2025-06-27&q=recognised&format=csv", "q"),
        ("known_at=2025-08-01&format=csv", "known_at"),
    ],
)
def test_what_can_not_be_asked_of_earlier_events_is_refused_by_its_field(
    client: FlaskClient, query: str, field: str
) -> None:
    response = client.get(f"/v1/events?{query}")

    assert response.status_code == 422
    assert field in json.dumps(response.get_json()["errors"])


def test_the_terminal_refuses_a_time_to_come(run: Run) -> None:
    result = run("events", "--known-at", "2030-01-01")

    assert result.exit_code != 0
    assert "2030-01-01" in result.output


def test_words_can_not_be_looked_up_in_earlier_quotes(container: Container, dated_now: dict[str, datetime]) -> None:
    with pytest.raises(Invalid, match="leave out q"):
        container.events.tables(EventQuery(words="recognised"), **dated_now)
