"""Promise 5: projecting articles one by one, in any order, equals deriving everything at once."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.bootstrap.absent import AbsentCache
from entente.bootstrap.seeds import load_codebook, load_entities
from entente.relations.dyads import Dyad
from entente.relations.events import CodedEvent
from entente.relations.grouping.group import group_mentions
from entente.relations.state_facts import reports_of
from entente.services.articles import ArticleDraft
from entente.services.projecting.projector import Projector
from entente.services.projecting.session import derive
from entente.storage.ledger import SqlLedger
from schemas.renderer import JsonRenderer
from tests.conftest import ChosenClock
from tests.prove.figures import record, size
from tests.unit.builders import mention

CODEBOOK = load_codebook()
RENDERER = JsonRenderer(CODEBOOK, load_entities())
SEQUENCES, ALL_SEQUENCES = size("ENTENTE_PROVE_SEQUENCES", 60, 1000), 1000
AFG_RUS = Dyad("AFG", "RUS")

#: A coder to whose events the floor applies.
CALIBRATED = max(CODEBOOK.calibrated)

#: What an article reports, its day of publication, its publisher and its coder.
Arrival = tuple[list[CodedEvent], date, str, str]
START = datetime(2025, 7, 4, 12, tzinfo=UTC)


@dataclass
class Newsroom:
    """A ledger into which articles come and from which they are taken back, projected at every step."""

    ledger: SqlLedger
    clock: ChosenClock = field(default_factory=lambda: ChosenClock(START))
    n: int = 0

    @property
    def projector(self) -> Projector:
        return Projector(self.ledger, AbsentCache(), RENDERER, CODEBOOK, self.clock)

    def publish(self, events: Sequence[CodedEvent], on: date, publisher: str, coder: str = "test-1") -> str:
        self.n += 1
        id = f"a{self.n:06}"
        at = datetime(on.year, on.month, on.day, tzinfo=UTC)
        dyads = {Dyad.of(e.source.entity, e.target.entity) for e in events}
        with self.ledger.write() as unit:
            unit.articles.add(ArticleDraft(publisher, text=id, published_at=at), f"hash of {id}", id, at)
            article = unit.articles.get(id)
            assert article
            with self.projector.session(unit, dyads) as session:
                unit.mentions.record(article, events, coder, self.clock.now())
                session.fold(id, self.clock.now())
            unit.commit()
        return id

    def retract(self, id: str) -> None:
        with self.ledger.write() as unit:
            with self.projector.session(unit, unit.mentions.dyads_of(id)) as session:
                unit.mentions.retire(id, self.clock.now())
                session.fold(id, self.clock.now())
            unit.commit()

    def check(self, dyad: Dyad = AFG_RUS) -> None:
        with self.ledger.read() as unit:
            events = group_mentions(unit.mentions.of_dyad(dyad))
            reports = reports_of(unit.state_facts.of_dyad(dyad))
            whole = derive([event.fact for event in events], CODEBOOK, reports)
            assert sorted(unit.events.of_dyad(dyad), key=lambda e: e.id) == events
            assert unit.derived.states(dyad) == whole.intervals
            assert unit.derived.tallies(dyad) == whole.tallies


DAYS = st.one_of(
    st.sampled_from(
        [None, "1979", "1979-12", "2024", "2024-03", "2024-03-01", "2024-03-31", "2024-02-29", "2025-01-01"]
    ),
    st.dates(date(2023, 12, 28), date(2024, 1, 4)).map(date.isoformat),
    st.dates(date(2024, 1, 1), date(2025, 7, 3)).map(date.isoformat),
)
MOVERS = (
    *("recognise", "withdraw_recognition", "sever_relations", "restore_relations", "strike", "deploy", "sign_peace"),
    *(
        "recall_ambassador",
        "return_ambassador",
        "impose_sanctions",
        "lift_sanctions",
        "freeze_assets",
        "meet",
        "negotiate",
    ),
    *("agree_to_talks", "withdraw_forces", "occupy", "give_aid", "cut_aid", "expel_ambassador"),
)


@st.composite
def coded(draw: st.DrawFn, acts: Sequence[str] = MOVERS) -> CodedEvent:
    when = draw(DAYS)
    source, target = draw(st.sampled_from([("RUS", "AFG"), ("AFG", "RUS")]))
    daily = when is not None and len(when) == 10
    made = mention(
        draw(st.sampled_from(acts)),
        when,
        source=source,
        target=target,
        status=draw(st.sampled_from(["effective", "effective", "effective", "announced", "threatened", "negated"])),
        dated_by="publication" if daily and draw(st.booleans()) else None,
        confidence=draw(st.sampled_from([0.4, 0.6, 0.9])),
        context=draw(st.sampled_from([(), ("measure:arms",), ("measure:travel_ban", "aid:military")])),
        sectors=draw(st.sampled_from([("GOV", "GOV"), ("GOV", "GOV"), ("REB", "GOV")])),
        quote=draw(st.sampled_from(["words", "A sentence of other words, in another paper."])),
    )
    return made.event


@st.composite
def article(draw: st.DrawFn, acts: Sequence[str] = MOVERS) -> Arrival:
    events = draw(st.lists(coded(acts), min_size=1, max_size=3))
    published = draw(st.dates(date(2024, 6, 1), date(2025, 7, 4)))
    publisher = draw(st.sampled_from(["agency", "gazette", "herald"]))
    return events, published, publisher, draw(st.sampled_from(["test-1", CALIBRATED, CALIBRATED]))


#: Articles, each of which may be taken back again, in an order of their own.
ARRIVALS = st.lists(st.tuples(article(), st.booleans()), min_size=1, max_size=10)
FEW = st.lists(st.tuples(article(("recognise", "withdraw_recognition")), st.booleans()), min_size=4, max_size=14)


@pytest.fixture
def ledger_template(_sqlite_template: Path) -> Path:
    return _sqlite_template


@pytest.fixture
def memory_path() -> Iterator[Path]:
    """A directory in memory where there is one: thousands of commits need not wait for a disk."""
    place = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=place if place.is_dir() else None) as directory:
        yield Path(directory)


def _fresh(template: Path, tmp: Path, name: str) -> Newsroom:
    path = tmp / f"{name}.db"
    for old in tmp.glob(f"{name}.db*"):
        old.unlink()
    shutil.copyfile(template, path)
    return Newsroom(SqlLedger(f"sqlite:///{path}"))


def _play(room: Newsroom, arrivals: Sequence[tuple[Arrival, bool]], each: bool) -> None:
    ids = []
    for given_article, taken_back in arrivals:
        ids.append((room.publish(*given_article), taken_back))
        if each:
            room.check()
    for id, taken_back in ids:
        if taken_back:
            room.retract(id)
            if each:
                room.check()
    room.check()


def _one_at_a_time(template: Path, tmp: Path, arrivals: list, order: list[int]) -> None:  # type: ignore[type-arg]  # drawn rows
    room, other = _fresh(template, tmp, "one"), _fresh(template, tmp, "other")
    try:
        _play(room, arrivals, each=True)
        shuffled = [arrivals[i] for i in order if i < len(arrivals)]
        _play(other, shuffled, each=False)
        versions = [(str(r[0].version).encode(), r[1]) for r in room.projector._records(AFG_RUS)]
        others = [(str(r[0].version).encode(), r[1]) for r in other.projector._records(AFG_RUS)]
        for (version, body), (version_of_other, body_of_other) in zip(versions, others, strict=True):
            assert body.replace(b'"version":' + version, b"") == body_of_other.replace(
                b'"version":' + version_of_other, b""
            )
    finally:
        room.ledger.close()
        other.ledger.close()


_QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@given(ARRIVALS, st.permutations(range(10)))
@settings(max_examples=30, deadline=None, suppress_health_check=_QUIET)
def test_arrivals_in_any_order_leave_what_deriving_from_scratch_leaves(ledger_template, memory_path, arrivals, order):
    _one_at_a_time(ledger_template, memory_path, arrivals, list(order))


@given(FEW, st.permutations(range(14)))
@settings(max_examples=40, deadline=None, suppress_health_check=_QUIET)
def test_reports_of_one_act_and_its_opposite_in_any_order(ledger_template, memory_path, arrivals, order):
    _one_at_a_time(ledger_template, memory_path, arrivals, list(order))


@pytest.mark.prove
def test_many_sequences_of_arrivals_leave_the_same_records(ledger_template, memory_path):
    compared = 0

    @given(ARRIVALS, st.permutations(range(10)))
    @settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=_QUIET)
    def compare(arrivals, order):
        nonlocal compared
        _one_at_a_time(ledger_template, memory_path, arrivals, list(order))
        compared += 1

    compare()
    record(
        "5",
        "state is a pure function of the ledger",
        figure=f"{compared:,} sequences of up to ten articles, some retracted, in two orders and derived at once: 0 "
        "records differ in more than the version",
        aim=f"byte-identical but for the version; {ALL_SEQUENCES:,} sequences",
        held=True,
        full=compared >= ALL_SEQUENCES,
    )
    assert compared >= SEQUENCES


def test_a_long_history_is_checkpointed_and_a_late_event_stops_where_nothing_changes_any_more(sqlite_ledger):
    room = Newsroom(sqlite_ledger)
    acts = ("recall_ambassador", "return_ambassador")
    day = date(2015, 1, 1)
    for i in range(300):
        event = mention(acts[i % 2], (day + timedelta(days=i * 5)).isoformat()).event
        room.publish([event], day, "agency")
    room.check()
    with sqlite_ledger.read() as unit:
        history = unit.derived.facet_history(("RUS", "AFG", "head_of_mission"), CODEBOOK)
        points = list(history.checkpoints(date.min))
    assert len(points) >= 8
    late = room.publish([mention("recall_ambassador", "2015-02-12").event], date(2020, 1, 1), "gazette")
    room.check()
    with sqlite_ledger.read() as unit:
        history = unit.derived.facet_history(("RUS", "AFG", "head_of_mission"), CODEBOOK)
        assert list(history.checkpoints(date.min))[-7:] == points[-7:]
    room.retract(late)
    room.check()
