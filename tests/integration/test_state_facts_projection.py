"""Promise 5 with documents: articles and data sets that come and go in any order leave what deriving at once leaves."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.relations.state_facts import StateFact
from entente.services.projecting.state_facts import StateFactSets
from tests.integration.test_incremental_projection import _QUIET, AFG_RUS, CODEBOOK, Newsroom, _fresh, article
from tests.integration.test_incremental_projection import memory_path as memory_path
from tests.unit.test_state_facts import facts

#: An article that comes, one that is taken back, or a data set that takes the place of what it was.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), article()),
        st.tuples(st.just("retract"), st.integers(0, 9)),
        st.tuples(st.just("load"), st.lists(facts(("Government", "agency")), max_size=6)),
    ),
    min_size=2,
    max_size=9,
)


@pytest.fixture
def rooms(_sqlite_template: Path, memory_path: Path) -> tuple[Path, Path]:
    return _sqlite_template, memory_path


def _load(room: Newsroom, told: list[StateFact], step: int) -> None:
    sets = StateFactSets(room.ledger, room.projector, CODEBOOK, room.clock)
    sets.load("baseline", str(step), {fact.id: fact for fact in told}.values())


@given(STEPS)
@settings(max_examples=60, deadline=None, suppress_health_check=_QUIET)
def test_articles_and_documents_that_come_and_go_leave_what_deriving_at_once_leaves(rooms, steps):
    room = _fresh(*rooms, "documents")
    try:
        published: list[str] = []
        loaded: list[StateFact] = []
        for number, (kind, given_to_it) in enumerate(steps):
            if kind == "publish":
                published.append(room.publish(*given_to_it))
            elif kind == "load":
                loaded = given_to_it
                _load(room, loaded, number)
            elif published:
                room.retract(published.pop(given_to_it % len(published)))
            room.check()
        _load(room, [], len(steps))
        room.check()
        for id in published:
            room.retract(id)
        with room.ledger.read() as unit:
            assert unit.derived.states(AFG_RUS) == []
    finally:
        room.ledger.close()
