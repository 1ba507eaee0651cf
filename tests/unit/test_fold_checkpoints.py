"""The fold: folding on from a stored state gives what folding at once gives."""

import json
from itertools import groupby
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.bootstrap.seeds import load_codebook
from entente.relations.folding.dyad import fold, fold_in_full, fold_order
from entente.relations.folding.facet import FacetFold, facets_of
from entente.relations.folding.refold import refold
from entente.relations.grouping.group import group_mentions
from entente.relations.state_facts import reports_of
from tests.unit.builders import mention, state_fact

CODEBOOK = load_codebook()
FORCE = ("RUS", "AFG", "conflict")


def by_facet(facts):
    """The facts of each facet, in the order of the fold. `facts` are events and reports of state facts."""
    found = {}
    for one in facts:
        for key in facets_of(one, CODEBOOK):
            found.setdefault(key, []).append(getattr(one, "fact", one))
    return {key: sorted(of_facet, key=fold_order) for key, of_facet in found.items()}


def stored_each_day(facts):
    """The intervals where the state of every facet is stored and read again before each day of its facts."""
    intervals = []
    for key, of_facet in by_facet(facts).items():
        facet = FacetFold(key, CODEBOOK)
        for day, of_day in groupby(of_facet, attrgetter("moves_on")):
            intervals += facet.settle(day)
            stored, facet = json.loads(json.dumps(facet.dump())), FacetFold(key, CODEBOOK)
            facet.load(stored)
            intervals += facet.take(day, of_day)
        intervals += facet.finish()
    return sorted(intervals, key=lambda i: (i.track, i.starts_on))


ACTS = sorted(act.name for act in CODEBOOK.acts.values() if act.effects)
FORCE_ACTS = sorted({act for act, _ in CODEBOOK.movers["conflict"]})
DAYS = [None, "2024", "2024-03", "2024-03-05", "2024-06-01", "2024-09-01", "2024-12-01", "2025-01-01", "2025-02-01"]


def told(acts):
    return st.lists(
        st.builds(
            mention,
            act=st.sampled_from(acts),
            when=st.sampled_from(DAYS),
            published=st.sampled_from(["2024-07-01", "2025-03-01", "2025-06-01"]),
            status=st.sampled_from(["effective", "ongoing", "announced", "threatened"]),
            publisher=st.sampled_from(["one", "other"]),
            confidence=st.sampled_from([0.5, 0.97]),
            coder=st.sampled_from(["test-1", max(CODEBOOK.calibrated)]),
        ),
        max_size=12,
    )


documents = st.lists(
    st.builds(
        state_fact,
        st.sampled_from(CODEBOOK.facet("conflict").values),
        st.sampled_from(["2023", "2024-05-01"]),
        st.sampled_from([None, "2024-11-01"]),
        facet=st.just("conflict"),
        source=st.just("AFG"),
        target=st.just("RUS"),
    ),
    max_size=2,
    unique_by=lambda fact: fact.id,
)


@given(st.one_of(told(FORCE_ACTS), told(ACTS)), documents)
def test_a_state_stored_and_read_before_every_day_changes_no_interval(some, stated):
    facts = [*group_mentions(some), *reports_of(stated)]
    assert stored_each_day(facts) == fold(facts, CODEBOOK)


def long_fight():
    """Facts after which a lower value holds, and an undated one comes after the higher has expired."""
    strikes = [mention("strike", f"2024-11-{day:02}") for day in range(1, 31)]
    later = [mention("strike", "2024-12-10"), mention("mobilise", "2025-06-01")]
    going_on = mention("strike", None, status="ongoing", published="2025-06-20")
    return by_facet(group_mentions([*strikes, *later, going_on]))[FORCE]


def test_a_value_that_has_expired_keeps_no_undated_one_away_whether_it_was_settled_or_not():
    facts = long_fight()
    assert fold_in_full(facts, CODEBOOK)[0] == fold(facts, CODEBOOK)


class History:
    """The facts of a facet, and its checkpoints."""

    def __init__(self, facts, checkpoints):
        self._facts, self._checkpoints = facts, checkpoints

    def facts(self, since, before):
        return [fact for fact in self._facts if since <= fact.moves_on and (before is None or fact.moves_on < before)]

    def checkpoint(self, day):
        return max((c for c in self._checkpoints if c.day <= day), key=attrgetter("day"), default=None)

    def checkpoints(self, after):
        return iter([c for c in self._checkpoints if c.day > after])


@pytest.mark.parametrize("gone", [0, 3, 29, 30, 31, 32])
def test_after_a_retraction_the_use_of_force_is_as_if_the_article_had_never_come(gone):
    facts = long_fight()
    stored, points = fold_in_full(facts, CODEBOOK)
    left = [fact for fact in facts if fact is not facts[gone]]
    day = facts[gone].moves_on
    again = refold(FORCE, day, day, History(left, points[FORCE]), CODEBOOK)
    before = [i for i in of_force(stored) if i.valid_to and i.valid_to < again.since]
    after = [i for i in of_force(stored) if again.until and (i.valid_to is None or i.valid_to >= again.until)]
    assert [*before, *again.intervals, *after] == of_force(fold_in_full(left, CODEBOOK)[0])


def of_force(intervals):
    return [i for i in intervals if (i.source, i.target, i.facet) == FORCE]
