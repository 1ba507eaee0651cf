"""State facts: their dates, and how they are folded beside events."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.bootstrap.seeds import load_codebook
from entente.relations.folding.dyad import fold
from entente.relations.grouping.group import group_mentions
from entente.relations.state_facts import StateFact, problem_of, reports_of
from entente.relations.states import Interval
from tests.unit.builders import mention, state_fact

CODEBOOK = load_codebook()


def folded(facts, mentions=(), facet="recognition"):  # type: ignore[no-untyped-def]
    found = fold([*group_mentions(mentions), *reports_of(facts)], CODEBOOK)
    return [i for i in found if i.facet == facet and (i.source, i.target) == ("RUS", "AFG")]


def spans(intervals: list[Interval]) -> list[tuple[str, str, str | None, str]]:
    return [(i.value, str(i.starts_on), str(i.valid_to) if i.valid_to else None, i.origin) for i in intervals]


def test_a_value_lasts_from_its_start_on_with_the_precision_of_the_document():
    (one,) = folded([state_fact(begins="2008")])
    assert (one.valid_from.label, one.valid_from.precision) == ("2008", "year")  # type: ignore[union-attr]
    assert (one.status, one.origin, one.rule) == (
        "effective",
        "baseline",
        f"baseline→recognition@{CODEBOOK.version}",
    )
    assert one.evidence == ("baseline/RUS.AFG.recognition.recognised.2008",)


def test_to_ends_a_value_and_what_follows_begins_on_that_day():
    facts = [state_fact("recognised", "1990", "2001-05"), state_fact("withdrawn", "2001-05", publisher="Another")]
    assert spans(folded(facts)) == [
        ("recognised", "1990-01-01", "2001-05-01", "baseline"),
        ("withdrawn", "2001-05-01", None, "baseline"),
    ]


def test_after_to_nothing_is_known_if_nothing_follows():
    assert spans(folded([state_fact(begins="1990", ends="2001")])) == [
        ("recognised", "1990-01-01", "2001-01-01", "baseline")
    ]


@pytest.mark.parametrize(
    ("begins", "ends", "over"),
    [
        ("1967-06-05", "1967-06-10", "1967-06-10"),
        ("1969-07", "1969-07", "1969-08-01"),
        ("1967-06-05", "1967-06", "1967-07-01"),
        ("1990", "1990", "1991-01-01"),
        ("1990-03", "1990-08", "1990-08-01"),
    ],
)
def test_a_value_that_ends_in_the_period_in_which_it_begins_lasts_until_after_it(begins, ends, over):
    assert str(state_fact(begins=begins, ends=ends).ends_on) == over


def test_two_documents_with_coarse_dates_that_follow_each_other_are_no_dispute():
    facts = [state_fact("recognised", "1990", "1990-06"), state_fact("withdrawn", "1990-06", publisher="Another")]
    assert [i.status for i in folded(facts)] == ["effective", "effective"]


def test_a_later_event_ends_the_value_of_a_document_and_both_are_in_the_history():
    found = folded([state_fact(begins="1990")], [mention("withdraw_recognition", "2024-03-01")])
    assert spans(found) == [
        ("recognised", "1990-01-01", "2024-03-01", "baseline"),
        ("withdrawn", "2024-03-01", None, "events"),
    ]


def test_an_event_of_the_same_value_supports_that_of_the_document():
    (one,) = folded([state_fact(begins="1990")], [mention("recognise", "2024-03-01", publisher="agency")])
    assert (one.origin, one.n_evidence, one.owners) == ("baseline", 2, ("Government", "agency"))


def test_undated_background_ends_no_value_of_a_document():
    found = folded([state_fact(begins="1990")], [mention("withdraw_recognition", None, published="2024-03-01")])
    assert spans(found) == [("recognised", "1990-01-01", None, "baseline")]


def test_to_ends_a_value_that_events_have_supported_meanwhile_but_not_one_of_a_later_event():
    fact = state_fact(begins="1990", ends="2001")
    assert spans(folded([fact], [mention("recognise", "1995-01-01")])) == [
        ("recognised", "1990-01-01", "2001-01-01", "baseline")
    ]
    assert spans(folded([fact], [mention("withdraw_recognition", "1999-01-01")])) == [
        ("recognised", "1990-01-01", "1999-01-01", "baseline"),
        ("withdrawn", "1999-01-01", None, "events"),
    ]


def test_an_event_on_the_day_of_a_document_that_says_otherwise_is_a_dispute():
    found = folded([state_fact(begins="2024-03-01")], [mention("withdraw_recognition", "2024-03-01")])
    assert found[-1].status == "disputed"
    assert found[-1].state_facts == ["baseline/RUS.AFG.recognition.recognised.2024-03-01"]


def test_a_value_without_a_start_is_known_by_the_date_of_its_document():
    (one,) = folded([state_fact(begins=None, document_date="2008")])
    assert (one.valid_from, one.known_by) == (None, date(2008, 12, 31))
    assert not one.shaped_after(date(2010, 1, 1))


def test_a_value_that_begins_after_its_document_is_known_from_its_start():
    (later,) = folded([state_fact(begins="2019-04", document_date="1997-05-31")])
    assert later.known_by == date(2019, 4, 1)
    (same_year,) = folded([state_fact(begins="2008-02-18", document_date="2008")])
    assert same_year.known_by == date(2008, 12, 31)


def test_a_shared_facet_moves_both_directions_and_a_war_ends_on_its_day():
    war = state_fact("war", "1980-09-22", "1988-08-20", facet="conflict", source="AFG", target="RUS")
    both = fold(reports_of([war]), CODEBOOK)
    assert [(i.source, i.value, str(i.valid_to)) for i in both] == [
        ("AFG", "war", "1988-08-20"),
        ("RUS", "war", "1988-08-20"),
    ]


def test_a_war_of_a_document_outlasts_reports_of_fighting_and_ends_with_the_peace():
    war = state_fact("war", "2022-02-24", facet="conflict", source="AFG", target="RUS")
    found = folded([war], [mention("strike", "2022-03-01"), mention("sign_peace", "2024-03-01")], "conflict")
    assert next((i.value, str(i.valid_to)) for i in found) == ("war", "2024-03-01")


def test_members_of_a_set_are_held_apart():
    facts = [
        state_fact("in_force", "2014", "2016", facet="sanctions", item="arms"),
        state_fact("in_force", "2014-05", facet="sanctions", item="travel_ban"),
    ]
    assert [(i.item, i.valid_to is None) for i in folded(facts, facet="sanctions")] == [
        ("arms", False),
        ("travel_ban", True),
    ]


def test_a_document_settles_what_was_announced():
    found = folded([state_fact(begins="2024-03-05")], [mention("recognise", "2024-03-01", status="announced")])
    assert [(i.standing, str(i.valid_to)) for i in found] == [("held", "None"), ("pending", "2024-03-05")]


@pytest.mark.parametrize(
    ("fact", "problem"),
    [
        (state_fact(facet="friendship"), "facet"),
        (state_fact("friendly"), "value"),
        (state_fact("in_force", facet="sanctions"), "item"),
        (state_fact(item="arms"), "item"),
        (state_fact(target="RUS"), "target"),
        (state_fact("war", facet="conflict"), "source"),
        (state_fact(begins="1990", ends="1989"), "to"),
        (state_fact(begins=None, ends="1989", document_date="1990"), "from"),
    ],
)
def test_a_fact_that_can_not_be_is_told_by_its_field(fact: StateFact, problem: str):
    assert problem_of(fact, CODEBOOK).startswith(f"{problem}: ")


DAYS = st.dates(date(2000, 1, 1), date(2003, 1, 1))
LABELS = st.tuples(DAYS, st.sampled_from([4, 7, 10])).map(lambda pair: pair[0].isoformat()[: pair[1]])


@st.composite
def facts(draw: st.DrawFn, publishers: tuple[str, ...] = ("one", "other")) -> StateFact:
    """A fact of a random facet, value and time."""
    name = draw(st.sampled_from(["recognition", "relations", "conflict", "sanctions", "head_of_mission"]))
    facet = CODEBOOK.facets[name]
    pair = ("AFG", "RUS") if facet.shared or draw(st.booleans()) else ("RUS", "AFG")
    begins = draw(st.one_of(st.none(), LABELS))
    made = state_fact(
        draw(st.sampled_from(facet.values)),
        begins,
        draw(st.one_of(st.none(), LABELS)),
        facet=name,
        item=draw(st.sampled_from(["arms", "travel_ban"])) if facet.is_set else "",
        source=pair[0],
        target=pair[1],
        publisher=draw(st.sampled_from(publishers)),
        document_date=draw(LABELS),
    )
    return made if not problem_of(made, CODEBOOK) else state_fact()


def test_an_early_document_that_dates_a_value_later_moves_no_undated_start_back():
    pair = {"facet": "relations", "source": "AFG", "target": "RUS"}
    found = folded(
        [
            state_fact("never", None, document_date="2000-12-29", **pair),
            state_fact("severed", None, document_date="2001-01-01", **pair),
            state_fact("severed", "2001-01-02", document_date="2000-12-29", **pair),
        ],
        facet="relations",
    )
    assert {(i.value, str(i.starts_on), str(i.valid_to)) for i in found} == {
        ("never", "2000-12-29", "2001-01-01"),
        ("severed", "2001-01-01", "None"),
    }


@given(st.lists(facts(), max_size=12), st.randoms())
def test_the_order_of_facts_makes_no_difference_and_no_track_overlaps(found, random):
    reports = reports_of({fact.id: fact for fact in found}.values())
    intervals = fold(reports, CODEBOOK)
    random.shuffle(reports)
    assert fold(reports, CODEBOOK) == intervals
    for earlier, later in itertools.pairwise(intervals):
        if earlier.track == later.track:
            assert earlier.valid_to is not None
            assert earlier.valid_to <= later.starts_on


ENDED = [
    state_fact("in_force", "1960", "1962", facet="sanctions", item="trade_export"),
    state_fact("in_force", "1962", facet="sanctions", item="trade_full"),
]


def on_items(day, *mentions, facts=ENDED):  # type: ignore[no-untyped-def]
    """{(item, standing): value} of the sanctions that hold on a day."""
    intervals = folded(facts, mentions, "sanctions")
    return {(i.item, i.standing): i.value for i in intervals if i.holds_on(date.fromisoformat(day))}


def test_an_act_without_a_measure_does_not_touch_one_of_which_a_document_says_that_it_ended():
    full, export = ("trade_full", "held"), ("trade_export", "held")
    for act, value in (("ease_sanctions", "partially_eased"), ("lift_sanctions", "lifted")):
        assert on_items("2027-01-02", mention(act, "2027-01-01")) == {full: value}
    again = [*ENDED, state_fact("in_force", "1970", facet="sanctions", item="trade_export")]
    assert on_items("2027-01-02", mention("lift_sanctions", "2027-01-01"), facts=again) == {
        full: "lifted",
        export: "lifted",
    }


def test_the_lifting_that_is_announced_is_of_no_measure_that_ended_or_was_lifted():
    lifted = mention("lift_sanctions", "1990-01-01", context=("measure:trade_full",))
    frozen = mention("freeze_assets", "1995-01-01")
    announced = mention("lift_sanctions", "2027-01-01", status="announced")
    assert {item for item, standing in on_items("2027-01-02", lifted, frozen, announced) if standing == "pending"} == {
        "asset_freeze"
    }


def test_what_a_document_ended_is_unknown_to_an_act_that_begins_from_certain_values():
    blockaded = state_fact("blockaded", "1960", "1962", facet="territory", item="territory")
    occupied = state_fact("occupied", "1960", "1962", facet="territory", item="territory")
    withdrawn = mention("withdraw_forces", "2027-01-01")
    lifted = mention("lift_blockade", "2027-01-01")
    assert [i.value for i in folded([occupied], [withdrawn], "territory")] == ["occupied"]
    assert [i.value for i in folded([occupied], [lifted], "territory")] == ["occupied", "withdrawn"]
    assert [i.value for i in folded([blockaded], [withdrawn], "territory")] == ["blockaded"]


def test_the_end_of_an_earlier_value_leaves_what_came_after_it():
    arms = state_fact("in_force", "1960", "1990", facet="sanctions", item="arms")
    eased = mention("ease_sanctions", "1980-01-01", context=("measure:arms",))
    assert on_items("2027-01-02", eased, mention("lift_sanctions", "2027-01-01"), facts=[arms]) == {
        ("arms", "held"): "lifted"
    }
