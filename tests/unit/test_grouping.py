"""Grouping of mentions into events, as properties of the set of mentions."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.relations.errors import MalformedEventId
from entente.relations.events import EventKey
from entente.relations.grouping.group import group_mentions, locate
from entente.relations.periods import Period
from tests.unit.builders import mention


def ids(*mentions):
    return [event.id for event in group_mentions(mentions)]


def test_ten_reports_of_one_act_are_one_event_with_ten_mentions():
    events = group_mentions([mention(publisher=f"p{n}") for n in range(10)])
    assert [(len(e.mentions), e.n_sources) for e in events] == [(10, 10)]


def test_reprints_by_one_publisher_never_raise_the_number_of_sources():
    [event] = group_mentions([mention(), mention(), mention()])
    assert event.n_sources == 1


def test_different_explicit_days_are_different_events():
    assert ids(mention(when="2025-07-03"), mention(when="2025-07-04")) == [
        "RUS.AFG.recognise.effective.2025-07-03",
        "RUS.AFG.recognise.effective.2025-07-04",
    ]


@pytest.mark.parametrize(
    ("explicit", "published", "expected"),
    [
        ("2025-07-03", "2025-07-03", ["2025-07-03"]),
        ("2025-07-02", "2025-07-03", ["2025-07-02"]),
        ("2025-07-04", "2025-07-03", ["2025-07-03", "2025-07-04"]),
        ("2025-07-01", "2025-07-03", ["2025-07-01", "2025-07-03"]),
    ],
)
def test_news_of_a_day_joins_that_explicit_day_else_the_day_before_never_the_day_after(explicit, published, expected):
    found = ids(mention(when=explicit), mention(when=published, dated_by="publication"))
    assert [id.rpartition(".")[2] for id in found] == expected


def test_a_month_joins_the_only_day_inside_it():
    assert len(ids(mention(when="2025-04-11"), mention(when="2025-04"))) == 1


def test_a_month_with_two_days_inside_stands_alone():
    assert len(ids(mention(when="2025-04-11"), mention(when="2025-04-12"), mention(when="2025-04"))) == 3


def test_undated_background_joins_the_only_event_before_its_publication():
    [event] = group_mentions([mention(when="2025-07-03"), mention(when=None, published="2025-08-01")])
    assert event.id.endswith("2025-07-03")


def test_undated_background_published_before_the_event_stands_alone():
    found = ids(mention(when="2025-07-03"), mention(when=None, published="2025-06-01"))
    assert [id.rpartition(".")[2] for id in found] == ["2025-07-03", "undated"]


def test_an_armed_group_of_a_country_is_not_its_state():
    found = group_mentions([mention(), mention(sectors=("GOV", "REB"))])
    assert [(e.target, e.between_states) for e in found] == [("AFG", True), ("AFG:REB", False)]


def test_a_negated_mention_makes_no_event():
    assert ids(mention(status="negated")) == []


mentions = st.lists(
    st.builds(
        mention,
        when=st.sampled_from([None, "2025", "2025-07", "2025-07-01", "2025-07-02", "2025-07-03", "2025-07-04"]),
        dated_by=st.sampled_from(["text", "publication"]),
        published=st.sampled_from(["2025-07-01", "2025-07-03", "2025-12-01"]),
        publisher=st.sampled_from(["a", "b"]),
        status=st.sampled_from(["effective", "announced"]),
        confidence=st.sampled_from([0.5, 0.9]),
    ),
    max_size=12,
)


@given(mentions, st.randoms(use_true_random=False))
def test_the_order_in_which_mentions_arrived_never_shows(some, rng: random.Random):
    shuffled = list(some)
    rng.shuffle(shuffled)
    assert group_mentions(shuffled) == group_mentions(some)


@given(mentions)
def test_every_mention_is_in_exactly_one_event(some):
    placed = sorted(m.id for event in group_mentions(some) for m in event.mentions)
    assert placed == sorted(m.id for m in some)


@given(mentions)
def test_every_event_is_found_by_its_id(some):
    events = group_mentions(some)
    assert [locate(event.id, events) for event in events] == events


def test_an_old_id_finds_the_event_that_a_finer_date_moved_it_to():
    [coarse] = group_mentions([mention(when="2025-04", id="m1")])
    [fine] = group_mentions([mention(when="2025-04", id="m1"), mention(when="2025-04-11")])
    assert locate(coarse.id, [fine]) == fine


def test_what_only_a_hardly_believed_report_adds_is_not_told_by_the_event():
    sure = mention("impose_sanctions", context=("measure:travel_ban",), confidence=0.95)
    likely = mention("impose_sanctions", context=("measure:arms",), publisher="wire", confidence=0.6)
    unlikely = mention("impose_sanctions", context=("measure:trade_full",), publisher="paper", confidence=0.15)

    (event,) = group_mentions([unlikely, sure, likely])
    assert event.fact.context == ("measure:arms", "measure:travel_ban")
    (alone,) = group_mentions([unlikely])
    assert alone.fact.context == ("measure:trade_full",)


@given(st.text(max_size=60))
def test_a_string_that_is_no_event_id_is_refused_or_read_back(text):
    try:
        key = EventKey.parse(text)
    except MalformedEventId:
        return
    assert str(key) == text


def test_an_event_id_tells_parties_act_status_and_date():
    key = EventKey.parse("RUS.AFG:REB.ban.effective.2003")
    assert key == EventKey("RUS", "AFG:REB", "ban", "effective", Period.parse("2003"))


def test_the_quote_of_an_event_is_never_a_later_sentence_without_its_date():
    dated = mention(when="1991-09-06", published="1991-09-06", confidence=0.6)
    month = mention(when="1991-09", published="2001-01-01", confidence=0.8)
    undated = mention(when=None, published="2025-08-01", confidence=0.99)
    [event] = group_mentions([undated, month, dated])
    assert event.mentions == (dated, month, undated)


def test_of_mentions_that_give_the_date_alike_the_most_confident_is_first():
    low, high = mention(confidence=0.6), mention(confidence=0.9)
    by_publication = mention(dated_by="publication", confidence=0.95)
    [event] = group_mentions([low, by_publication, high])
    assert event.mentions == (high, low, by_publication)


@pytest.mark.parametrize(
    ("mentions", "origin"),
    [
        ([("2025-07-03", "publication")], "publication"),
        ([("2025-07-03", "publication"), ("2025-07-03", "text")], "text"),
        ([("2025-07-03", "publication"), ("2025-07", "text")], "publication"),
        ([("2025-07-03", "text"), (None, "none")], "text"),
        ([(None, "none")], "none"),
    ],
)
def test_a_date_is_the_texts_if_a_text_gives_that_date(mentions, origin):
    [event] = group_mentions([mention(when=when, dated_by=by) for when, by in mentions])
    assert (event.dated_by, event.fact.dated_by) == (origin, origin)
