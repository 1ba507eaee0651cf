"""Documents and answers of `entente code`: parsing, errors, JSON of events."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.bootstrap.seeds import load_codebook
from entente.cli.documents import MalformedDocument, answer, parse_document
from entente.relations.periods import Period
from entente.services.articles import Coding, GivenActor
from tests.unit.builders import mention

CODEBOOK = load_codebook()


def parse(**fields):
    return parse_document(json.dumps(fields).encode(), CODEBOOK)


def test_a_document_needs_only_an_id_and_a_text():
    request = parse(id="1", text="x", title=None, published_at=None, actors=None)
    assert (request.id, request.document.text, request.crosswalk) == ("1", "x", "plover")
    assert request.document.published_on is request.document.actors is request.document.title is None


def test_everything_that_may_be_given_is_read():
    actors = [{"start": 0, "end": 6, "entity": "RUS"}]
    request = parse(id="1", text="Russia", title="T", published_at="2025-07-03", actors=actors, crosswalk="zsp")
    assert request.document.published_on == date(2025, 7, 3)
    assert request.document.actors == (GivenActor(0, 6, "RUS"),)
    assert request.crosswalk == "zsp"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": None}, "id"),
        ({"id": 5}, "id"),
        ({"text": None}, "text"),
        ({"text": ["x"]}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"title": 5}, "title"),
        ({"published_at": "July"}, "published_at"),
        ({"published_at": "20250703"}, "published_at"),
        ({"published_at": "2025-W27-4"}, "published_at"),
        ({"crosswalk": "nobody's"}, "crosswalk"),
        ({"actors": {}}, "actors"),
        ({"actors": [5]}, "actors[0]"),
        ({"actors": [{"start": 0, "end": 9, "entity": "RUS"}]}, "actors[0]"),
        ({"actors": [{"start": True, "end": 1, "entity": "RUS"}]}, "actors[0]"),
        ({"actors": [{"start": 0, "end": 1, "entity": ""}]}, "actors[0].entity"),
    ],
)
def test_a_malformed_document_is_told_which_field(change, field):
    with pytest.raises(MalformedDocument, match=f"^{field.replace('[', '.').replace(']', '.')}"):
        parse(**({"id": "1", "text": "Russia"} | change))


@pytest.mark.parametrize(("id", "kept"), [("seven", "seven"), (7, None), (None, None), ("\ud800", None)])
def test_a_malformed_document_keeps_its_id_where_it_has_one(id, kept):
    with pytest.raises(MalformedDocument) as caught:
        parse(id=id, text=5)
    assert caught.value.id == kept


@given(st.binary())
def test_no_bytes_raise_anything_else(line):
    with pytest.raises(MalformedDocument):
        parse_document(line, CODEBOOK)


def test_deep_json_is_malformed():
    with pytest.raises(MalformedDocument, match="not JSON"):
        parse_document(b"[" * 100_000, CODEBOOK)


def test_an_event_carries_the_codes_of_the_field():
    coded = mention("recognise", "2025-07-03").event
    coding = Coding(language="en", coder_version="v", events=(coded,))
    (event,) = answer(parse(id="1", text="x"), coding, CODEBOOK)["events"]
    assert (event["act"], event["root"], event["cameo"], event["quad"]) == ("recognise", "SUPPORT", "054", 1)
    assert (event["event_date"], event["precision"], event["status"]) == ("2025-07-03", "day", "effective")
    assert event["source"] == {"entity": "RUS", "sector": "GOV", "text": "RUS"}
    assert event["quote"] == {"field": "text", "start": 0, "end": 5, "text": "words"}


@pytest.mark.parametrize(
    ("when", "event_date", "precision"),
    [("2025-07", "2025-07-01", "month"), ("2025", "2025-01-01", "year"), (None, None, "unknown")],
)
def test_a_date_is_never_finer_than_what_was_said(when, event_date, precision):
    assert when is None or Period.parse(when).label == when
    coding = Coding(language="en", coder_version="v", events=(mention(when=when).event,))
    (event,) = answer(parse(id="1", text="x"), coding, CODEBOOK)["events"]
    assert (event["event_date"], event["precision"]) == (event_date, precision)


def test_a_text_without_events_says_why():
    coding = Coding(language="fr", coder_version="v", reason="language")
    assert answer(parse(id="1", text="x"), coding, CODEBOOK) == {
        "id": "1",
        "language": "fr",
        "coder_version": "v",
        "reason": "language",
        "events": [],
    }
