"""Serialisation of relation records, events and article drafts."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from marshmallow import ValidationError

from entente.bootstrap.seeds import load_codebook, load_entities
from entente.relations.folding.dyad import fold
from entente.relations.grouping.group import group_mentions
from entente.relations.record import Relation, relation
from schemas.articles import parse_delivery, parse_draft
from schemas.fields import YEARS
from schemas.renderer import JsonRenderer
from schemas.strict_json import BadJson
from tests.unit.builders import mention

CODEBOOK = load_codebook()
ENTITIES = load_entities()
RENDERER = JsonRenderer(CODEBOOK, ENTITIES)

MENTIONS = [
    mention("recognise", "2025-07-03", publisher="one"),
    mention("recognise", "2025-07-03", publisher="another"),
    mention("close_embassy", "1992-08"),
    mention("open_embassy", "2025-07-10", status="announced"),
    mention("impose_sanctions", None, published="2025-07-01", context=("measure:financial", "measure:arms")),
    mention("impose_sanctions", "2025-07-02", status="threatened", context=("measure:travel_ban",)),
    mention("praise", "2025-07-01", sectors=("CVL", "GOV")),
]


def record(as_of: date = date(2025, 7, 20)) -> Relation:
    events = group_mentions(MENTIONS)
    return relation("RUS", "AFG", events, fold(events, CODEBOOK), CODEBOOK, as_of, 7)


def test_equal_records_are_equal_bytes() -> None:
    first, second = RENDERER.relation(record()), RENDERER.relation(record())

    assert first == second
    assert first == json.dumps(json.loads(first), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_a_facet_shows_its_value_with_what_is_announced_of_it() -> None:
    facets = json.loads(RENDERER.relation(record()))["facets"]

    assert facets["recognition"]["n_evidence"] == 1
    mission = facets["mission"]
    assert (mission["value"], mission["since"], mission["precision"]) == ("closed", "1992-08", "month")
    assert (mission["pending"]["value"], mission["pending"]["since"]) == ("embassy", "2025-07-10")


def test_a_set_facet_lists_its_members_and_a_threat_is_no_value() -> None:
    arms, financial, travel_ban = json.loads(RENDERER.relation(record()))["facets"]["sanctions"]

    assert [member["item"] for member in (arms, financial, travel_ban)] == ["arms", "financial", "travel_ban"]
    assert (arms["value"], arms["since"], arms["precision"], arms["known_by"]) == (
        "in_force",
        None,
        "unknown",
        "2025-07-01",
    )
    assert (travel_ban["value"], travel_ban["threatened"]["value"]) == ("unknown", "threatened")


def test_at_most_five_pieces_of_evidence_are_shown_and_all_are_counted() -> None:
    visits = [mention("extend_sanctions", f"2025-06-{day:02}", context=("measure:arms",)) for day in range(1, 9)]
    events = group_mentions(visits)
    shown = relation("RUS", "AFG", events, fold(events, CODEBOOK), CODEBOOK, date(2025, 7, 1), 1)

    (arms,) = json.loads(RENDERER.relation(shown))["facets"]["sanctions"]

    assert (len(arms["evidence"]), arms["n_evidence"]) == (5, 8)


def draft(**fields: object) -> datetime | None:
    return parse_draft(json.dumps({"text": "Words.", **fields}).encode()).published_at


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-07-03", datetime(2025, 7, 3, tzinfo=UTC)),
        ("2025-07-03T10:00:00Z", datetime(2025, 7, 3, 10, tzinfo=UTC)),
        ("2025-07-03t10:00:00.25z", datetime(2025, 7, 3, 10, 0, 0, 250000, tzinfo=UTC)),
        ("2025-07-03T01:00:00+04:30", datetime(2025, 7, 2, 20, 30, tzinfo=UTC)),
        ("2025-07-03T10:00:00.123456789Z", datetime(2025, 7, 3, 10, 0, 0, 123456, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_date_of_publication_is_read_as_utc(written: str | None, meant: datetime | None) -> None:
    assert draft(published_at=written) == meant


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-07-03T01:00:00+04:30", date(2025, 7, 3)),
        ("2025-07-03T23:30:00-05:00", date(2025, 7, 3)),
        ("2025-07-03T23:30:00Z", date(2025, 7, 3)),
        ("2025-07-03", date(2025, 7, 3)),
    ],
)
def test_an_article_is_of_the_day_that_its_writers_clock_showed(written: str, day: date) -> None:
    found = parse_draft(json.dumps({"text": "Words.", "published_at": written}).encode())
    assert found.dated_on(datetime(2025, 8, 1, tzinfo=UTC)) == day


@given(st.dates(date(YEARS.start, 1, 1), date(YEARS.stop - 1, 12, 31)), st.times(), st.integers(-720, 720))
def test_every_rfc_3339_moment_of_the_years_allowed_is_understood(day: date, at: time, minutes: int) -> None:
    moment = datetime.combine(day, at, timezone(timedelta(minutes=minutes)))
    assume(moment.astimezone(UTC).year in YEARS)

    assert draft(published_at=moment.isoformat()) == moment


@given(st.text())
def test_any_other_text_is_no_date(text: str) -> None:
    with pytest.raises((ValidationError, BadJson)):
        draft(published_at=text)


def test_a_publisher_is_named_by_the_draft_else_by_the_caller_else_by_the_host() -> None:
    assert parse_delivery(b'{"text": "a", "source": "Wire"}', "demo")[0].publisher == "Wire"
    assert parse_delivery(b'{"text": "a", "source": null}', "demo")[0].publisher == "demo"
    assert parse_draft(b'{"url": "https://News.example/a"}').publisher == "news.example"
    assert parse_draft(b'{"text": "a"}').publisher == "unknown"


def test_a_draft_that_is_no_object_is_refused() -> None:
    for body in (b"[]", b"null", b'"text"', b"7"):
        with pytest.raises(ValidationError):
            parse_delivery(body, "demo")
