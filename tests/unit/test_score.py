"""The score of a directed relation: decayed intensities on a named scale."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.bootstrap.seeds import load_codebook
from entente.relations.folding.dyad import fold
from entente.relations.grouping.group import group_mentions
from entente.relations.record import relation
from entente.relations.score import score
from tests.unit.builders import mention

CODEBOOK = load_codebook()
DAY = date(2025, 7, 10)


def scored(*mentions, as_of=DAY):
    return score(group_mentions(mentions), CODEBOOK, as_of)


def test_silence_scores_zero_and_has_no_interval():
    nothing = scored()
    assert (nothing.net, nothing.tension, nothing.n_events, nothing.interval) == (0, 0, 0, None)


def test_force_scores_below_zero_and_recognition_above():
    assert scored(mention("strike", "2025-07-09")).net < 0 < scored(mention("recognise", "2025-07-09")).net


def test_an_event_weighs_less_as_it_ages():
    fresh = scored(mention("recognise", "2025-07-09"))
    old = scored(mention("recognise", "2024-07-09"))
    assert fresh.net > old.net > 0


def test_ten_reports_of_one_strike_weigh_as_one():
    once = scored(mention("strike", "2025-07-09"))
    tenfold = scored(*[mention("strike", "2025-07-09", publisher=f"p{n}") for n in range(10)])
    assert (tenfold.net, tenfold.n_events, tenfold.n_reports, tenfold.n_sources) == (once.net, 1, 10, 10)


@pytest.mark.parametrize(
    "unscored",
    [
        mention("strike", "2025-07-11"),
        mention("strike", None),
        mention("strike", "2025-07-09", status="denied"),
        mention("strike", "2025-07-09", status="alleged"),
        mention("strike", "2025-07-09", sectors=("REB", "GOV")),
        mention("invade", "1979-12"),
    ],
    ids=["later", "undated", "denied", "alleged", "rebels", "long ago"],
)
def test_what_says_nothing_of_how_two_states_stand_today_is_not_scored(unscored):
    assert scored(unscored).n_events == 0


acts = st.lists(
    st.builds(
        mention,
        act=st.sampled_from(sorted(CODEBOOK.acts)),
        when=st.dates(min_value=date(2020, 1, 1), max_value=DAY).map(date.isoformat),
        status=st.sampled_from(["effective", "announced", "threatened", "requested", "refused"]),
    ),
    max_size=30,
)


@given(acts)
def test_a_score_stays_on_its_scale_and_inside_its_interval(some):
    found = scored(*some)
    assert -10 <= found.net <= 10
    assert 0 <= found.tension <= found.conflict <= 100
    if found.interval:
        low, high = found.interval
        assert -10 <= low <= found.net <= high <= 10


def test_every_act_in_every_status_has_codes_on_both_crosswalks():
    for act in CODEBOOK.acts:
        for status in ("effective", "announced", "agreed", "requested", "threatened", "refused", "alleged"):
            for table in ("plover", "zsp"):
                codes = CODEBOOK.codes(act, status, table)
                assert codes.quad == CODEBOOK.roots[codes.root].quad
                assert -10 <= codes.intensity <= 10


def test_a_record_has_every_facet_and_names_war_before_any_score():
    mentions = [mention("invade", "2025-07-01"), mention("praise", "2025-07-02")]
    events = group_mentions(mentions)
    record = relation("RUS", "AFG", events, fold(events, CODEBOOK), CODEBOOK, DAY, 3)
    assert set(record.facets) == set(CODEBOOK.facets)
    assert (record.label, record.n_events, record.version) == ("at war", 2, 3)
    assert record.facets["recognition"] == []


def test_a_record_does_not_know_what_came_later():
    events = group_mentions([mention("recognise", "2025-07-03")])
    record = relation("RUS", "AFG", events, fold(events, CODEBOOK), CODEBOOK, date(2025, 7, 2), 1)
    assert (record.n_events, record.facets["recognition"], record.last_change) == (0, [], None)
