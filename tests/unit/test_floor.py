"""The floor: events that are not sure enough are shown and move nothing."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.bootstrap.container import Container
from entente.bootstrap.seeds import load_codebook
from entente.bootstrap.settings import Settings
from entente.cli.show import history_lines
from entente.relations.codebook import UNCONFIRMED
from entente.relations.events import Mention
from entente.relations.floor import is_unconfirmed
from entente.relations.folding.dyad import fold
from entente.relations.grouping.group import group_mentions
from entente.relations.state_facts import reports_of
from entente.relations.states import Interval, compare, unconfirmed_change
from tests.unit.builders import mention, state_fact
from tests.unit.test_fold import value

CODEBOOK = load_codebook()
CALIBRATED = max(CODEBOOK.calibrated)

#: Two sentences that don't print each other.
ONE, OTHER = "Russia severed ties on Tuesday, its foreign ministry said.", "Kabul has lost its last friend in Moscow."


def told(act: str = "sever_relations", when: str | None = "2025-02-01", sure: float = 0.3, **more: str) -> Mention:
    return mention(act, when, confidence=sure, coder=CALIBRATED, **more)  # type: ignore[arg-type]  # of one type each


def states(*mentions: Mention) -> list[Interval]:
    return fold(group_mentions(mentions), CODEBOOK)


def test_an_event_below_the_floor_moves_nothing_and_is_shown() -> None:
    found = states(told())
    assert value(found, "relations", "2025-03-01") == "unknown"
    assert value(found, "relations", "2025-03-01", standing=UNCONFIRMED) == "severed"


@pytest.mark.parametrize(
    ("sure", "standing", "status"),
    [(0.54, UNCONFIRMED, None), (0.55, "held", "reported"), (0.69, "held", "reported"), (0.7, "held", "effective")],
)
def test_from_the_floor_on_a_value_is_reported_and_from_seven_tenths_effective(
    sure: float, standing: str, status: str | None
) -> None:
    low = replace(CODEBOOK, floors={**CODEBOOK.floors, "aid": 0.55})
    [interval] = fold(group_mentions([told("give_economic_aid", sure=sure)]), low)
    assert interval.standing == standing
    assert status is None or interval.status == status


def test_every_family_of_acts_has_its_own_floor() -> None:
    for act, family in (("recognise", "diplomatic"), ("invade", "force_and_peace"), ("ban", "economic")):
        floor = CODEBOOK.floors[family]
        assert CODEBOOK.floor(act) == floor
        assert {i.standing for i in states(told(act, sure=floor))} == {"held"}
        assert {i.standing for i in states(told(act, sure=floor - 0.01))} == {UNCONFIRMED}
    assert CODEBOOK.floor("praise") == 0


def test_two_owners_lift_an_event_only_if_each_telling_is_likelier_right_than_wrong() -> None:
    def by(*sures: float) -> list[Interval]:
        papers = zip(sures, ("Herald", "Post"), (ONE, OTHER), strict=True)
        return states(*(told("ban", sure=sure, publisher=name, quote=words) for sure, name, words in papers))

    assert [i.standing for i in by(0.49, 0.77)] == [UNCONFIRMED]
    assert [(i.standing, i.status) for i in by(0.6, 0.75)] == [("held", "effective")]


def test_two_owners_who_print_one_sentence_lift_nothing() -> None:
    again = [told("ban", sure=0.77, publisher=name, quote=ONE) for name in ("Herald", "Post")]
    assert [i.standing for i in states(*again)] == [UNCONFIRMED]


def test_an_unconfirmed_ending_leaves_the_value_and_marks_it() -> None:
    found = states(told("establish_relations", "2024-01-01", sure=0.9), told())
    assert value(found, "relations", "2025-03-01") == "established"
    [held] = [i for i in found if i.standing == "held" and i.source == "RUS"]
    doubt = unconfirmed_change(held, found)
    assert doubt is not None
    assert (doubt.value, doubt.starts_on) == ("severed", date(2025, 2, 1))


def test_an_unconfirmed_ending_that_is_likelier_than_not_leaves_the_value_unknown() -> None:
    found = states(told("establish_relations", "2024-01-01", sure=0.9), told(sure=0.5))
    assert value(found, "relations", "2025-01-31") == "established"
    assert value(found, "relations", "2025-02-01") == "unknown"
    assert value(found, "relations", "2025-02-01", standing=UNCONFIRMED) == "severed"
    [held] = [i for i in found if i.standing == "held" and i.source == "RUS"]
    assert (held.ends, unconfirmed_change(held, found)) == ("unconfirmed", None)
    assert sum("until 2025-02-01 (by an unconfirmed report)" in line for line in history_lines(found)) == 2


def test_what_is_over_by_an_unconfirmed_report_holds_again_once_it_is_told_anew() -> None:
    again = told("restore_relations", "2025-04-01", sure=0.9)
    found = states(told("establish_relations", "2024-01-01", sure=0.9), told(sure=0.6), again)
    days = ("2025-01-31", "2025-02-01", "2025-03-31", "2025-04-01")
    assert [value(found, "relations", day) for day in days] == ["established", "unknown", "unknown", "established"]


def test_an_unsure_report_of_the_same_day_ends_nothing() -> None:
    found = states(told("establish_relations", "2025-02-01", sure=0.9), told(sure=0.6))
    assert value(found, "relations", "2025-02-01") == "established"


def test_what_an_analyst_asserted_is_not_ended_by_what_is_unconfirmed() -> None:
    known = replace(told("establish_relations", "2024-01-01", sure=1.0), coder_version="assertion")
    assert value(states(known, told(sure=0.7)), "relations", "2025-02-01") == "established"


def test_what_a_document_states_is_not_ended_by_what_is_unconfirmed() -> None:
    stated = reports_of([state_fact("established", "2024-01-01", facet="relations")])
    found = fold([*stated, *group_mentions([told(sure=0.7)])], CODEBOOK)
    assert value(found, "relations", "2025-02-01") == "established"


@pytest.mark.parametrize(("sure", "left"), [(0.45, "established"), (0.5, "unknown")])
def test_a_plan_is_settled_by_an_unconfirmed_report_only_if_that_is_likelier_than_not(sure: float, left: str) -> None:
    plan = told("establish_relations", "2025-01-01", sure=0.9, status="announced")
    found = states(plan, told("establish_relations", "2025-02-01", sure=sure))
    assert value(found, "relations", "2025-02-01", standing="pending") == left
    assert value(found, "relations", "2025-02-01", standing=UNCONFIRMED) == "established"


def test_a_later_sure_report_settles_what_was_unconfirmed() -> None:
    again = told("restore_relations", "2025-04-01", sure=0.9)
    found = states(told("establish_relations", "2024-01-01", sure=0.9), told(), again)
    assert value(found, "relations", "2025-03-31", standing=UNCONFIRMED) == "severed"
    assert value(found, "relations", "2025-04-01", standing=UNCONFIRMED) == "unknown"


def test_an_unsure_report_of_what_holds_is_nothing_to_confirm() -> None:
    found = states(told(when="2024-01-01", sure=0.9), told(when="2024-06-01"))
    assert {i.standing for i in found} == {"held"}


def test_an_unsure_lower_level_of_hostility_ends_nothing_and_peace_would() -> None:
    war = told("invade", "2025-01-01", sure=0.9)
    assert {i.standing for i in states(war, told("deploy"))} == {"held"}
    found = states(war, told("sign_peace"))
    assert value(found, "conflict", "2025-02-02") == "war"
    assert value(found, "conflict", "2025-02-02", standing=UNCONFIRMED) == "none"
    assert value(states(war, told("sign_peace", sure=0.6)), "conflict", "2025-02-02") == "unknown"


def test_an_unsure_higher_level_of_hostility_leaves_the_lower_one() -> None:
    found = states(told("deploy", "2025-01-25", sure=0.9), told("invade", sure=0.6))
    assert value(found, "conflict", "2025-02-02") == "display_of_force"
    assert value(found, "conflict", "2025-02-02", standing=UNCONFIRMED) == "war"


def test_what_an_analyst_asserts_is_above_any_floor() -> None:
    sure = replace(told(sure=1.0), coder_version="assertion")
    assert {i.standing for i in states(told(), sure)} == {"held"}


def test_a_mention_of_a_coder_without_calibration_moves_facets_as_before() -> None:
    assert {i.standing for i in states(mention("ban", "2025-02-01", confidence=0.1))} == {"held"}


def test_an_act_that_moves_nothing_has_nothing_to_confirm() -> None:
    unsure = [told("praise"), told("recognise"), told("recognise", status="alleged")]
    marked = {e.act + e.status: is_unconfirmed(e, CODEBOOK) for e in group_mentions(unsure)}
    assert marked == {"praiseeffective": False, "recogniseeffective": True, "recognisealleged": False}


def test_the_example_of_the_document_is_right() -> None:
    """docs/states.md, "The floor"."""
    papers = (
        (0.30, "Herald", ONE),
        (0.45, "Post", OTHER),
        (0.60, "Times", "Moscow broke with Kabul over the border talks."),
        (0.55, "Star", "The two neighbours have no embassies in each other any more since Wednesday."),
    )
    severed = [told(when="2025-07-02", sure=sure, publisher=name, quote=words) for sure, name, words in papers]
    known = told("establish_relations", "2024-01-01", sure=0.9)

    def now(papers: int) -> tuple[str, str, date | None] | None:
        found = states(known, *severed[:papers])
        held = [i for i in found if (i.source, i.standing, i.valid_to) == ("RUS", "held", None)]
        if not held:
            return None
        doubt = unconfirmed_change(held[0], found)
        return held[0].value, held[0].status, doubt.starts_on if doubt else None

    marked = ("established", "effective", date(2025, 7, 2))
    assert [now(n) for n in range(5)] == [
        ("established", "effective", None),
        marked,
        marked,
        None,
        ("severed", "effective", None),
    ]
    [event] = group_mentions(severed)
    assert event.confidence == pytest.approx(0.82)


def test_a_change_says_that_it_confirms() -> None:
    before, after = states(told()), states(told(), told(sure=0.9, publisher="Post", quote=OTHER))
    changes = [c for c in compare(before, after, date(2025, 2, 2)) if c.source == "RUS"]
    assert [(c.standing, c.before, c.after, c.confirmed) for c in changes] == [
        ("held", "unknown", "severed", True),
        (UNCONFIRMED, "severed", "unknown", False),
    ]


def test_a_change_says_that_an_unconfirmed_report_ended_a_value_and_that_it_did_not() -> None:
    known = told("establish_relations", "2025-01-20", sure=0.9)
    unsure, sure = told(sure=0.6), told(sure=0.9, publisher="Post", quote=OTHER)

    def moved(before: list[Mention], after: list[Mention]) -> list[tuple[str, str, str, str]]:
        changes = compare(states(*before), states(*after), date(2025, 2, 2))
        return [(c.standing, c.before, c.after, str(c.effective_on)) for c in changes if c.source == "RUS"]

    day = "2025-02-01"
    assert moved([known], [known, unsure]) == [
        ("held", "established", "unknown", day),
        (UNCONFIRMED, "unknown", "severed", day),
    ]
    assert moved([known, unsure], [known]) == [
        ("held", "unknown", "established", day),
        (UNCONFIRMED, "severed", "unknown", day),
    ]
    assert moved([known, unsure], [known, unsure, sure]) == [
        ("held", "established", "severed", day),
        (UNCONFIRMED, "severed", "unknown", day),
    ]
    assert moved([known], [known, sure]) == [("held", "established", "severed", day)]


def test_the_bundled_coder_is_among_the_calibrated(tmp_path: object) -> None:
    coder = Container(Settings(data_dir=tmp_path, database_url="sqlite://")).coder  # type: ignore[arg-type]
    assert coder.version in CODEBOOK.calibrated


ACTS = sorted(act.name for act in CODEBOOK.acts.values() if act.effects)
mentions = st.lists(
    st.builds(
        mention,
        act=st.sampled_from(ACTS),
        when=st.sampled_from([None, "1979", "2024-03", "2024-03-05", "2024-06-01", "2025-01-01", "2025-02-01"]),
        published=st.sampled_from(["2025-03-01", "2025-04-01"]),
        status=st.sampled_from(["effective", "ongoing", "announced", "threatened"]),
        confidence=st.sampled_from([0.1, 0.45, 0.5, 0.6, 0.66, 0.9]),
        publisher=st.sampled_from(["Herald", "Post", "Times"]),
        coder=st.sampled_from([CALIBRATED, CALIBRATED, "test-1"]),
        quote=st.sampled_from([ONE, OTHER]),
    ),
    max_size=14,
)


@given(mentions, st.randoms(use_true_random=False))
def test_states_do_not_depend_on_the_order_in_which_articles_came(some: list[Mention], rng: random.Random) -> None:
    """Nor on the ids that they got in that order."""
    shuffled = list(some)
    rng.shuffle(shuffled)
    renumbered = [replace(m, id=f"n{i:05}") for i, m in enumerate(shuffled)]
    assert states(*renumbered) == states(*some)


@given(mentions)
def test_what_is_unconfirmed_and_likelier_wrong_than_right_moves_nothing(some: list[Mention]) -> None:
    doubted = replace(CODEBOOK, ending_confidence=1.0)
    for codebook, below in ((CODEBOOK, CODEBOOK.ending_confidence), (doubted, 1.0)):
        events = group_mentions(some)
        moving = [e for e in events if not is_unconfirmed(e, codebook) or e.confidence >= below]
        found, left = ([i for i in fold(of, codebook) if i.standing != UNCONFIRMED] for of in (events, moving))
        assert found == left


@given(mentions)
def test_an_unconfirmed_value_would_change_what_holds(some: list[Mention]) -> None:
    found = states(*some)
    for unsure in (i for i in found if i.standing == UNCONFIRMED):
        held = [i for i in found if (*i.track[:4], UNCONFIRMED) == unsure.track and i.standing == "held"]
        assert all(i.value != unsure.value for i in held if i.holds_on(unsure.starts_on))
