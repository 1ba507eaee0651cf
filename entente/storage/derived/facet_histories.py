"""SqlFacetHistory and `facet_histories`: the queries of refolding, three for all facets that a unit of work moves.

Statements are built once: building one takes several times as long as executing it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from sqlalchemy import Connection, Date, Executable, Integer, Text, and_, bindparam, func, or_, select, union_all

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.events import PLANNED, Fact
from entente.relations.folding.dyad import Checkpoint
from entente.relations.folding.facet import FacetKey, facets_of
from entente.relations.state_facts import Evidence, StateFact, StateReport, reports_of
from entente.storage.derived.rows import unpack_fact
from entente.storage.derived.tables import checkpoints, events
from entente.storage.dialect import GivenRows, of_each
from entente.storage.truth.state_facts import OF_FACET as STATE_FACTS_OF_FACET
from entente.storage.truth.state_facts import unpack_state_fact
from entente.storage.truth.tables import state_facts

_e = events.c
_c = checkpoints.c
_f = state_facts.c

_OF_FACET = and_(
    _c.source == bindparam("facet_source"),
    _c.target == bindparam("facet_target"),
    _c.facet == bindparam("facet_facet"),
)
_CHECKPOINT = select(checkpoints).where(_OF_FACET, _c.day <= bindparam("on")).order_by(_c.day.desc()).limit(1)
_NEXT_CHECKPOINT = select(checkpoints).where(_OF_FACET, _c.day > bindparam("on")).order_by(_c.day).limit(1)

_MOVERS = select(events).where(
    _e.source == bindparam("source"),
    _e.target == bindparam("target"),
    _e.act.in_(bindparam("acts", expanding=True)),
    _e.status.in_(bindparam("statuses", expanding=True)),
    _e.starts_on >= bindparam("since"),
)
# What is planned for a day after the span may move a facet in it.
_MOVERS_BEFORE = _MOVERS.where(or_(_e.starts_on < bindparam("before"), _e.status.in_(sorted(PLANNED))))

_FACET = ("source", "target", "facet")
#: A facet, and the day from which it is folded again.
_FOLDED = GivenRows("folded", {**dict.fromkeys(_FACET, Text()), "day": Date()})
#: A facet of a dyad.
_SHARED = GivenRows("shared", dict.fromkeys(("a", "b", "facet"), Text()))
#: A kind of events of one direction, those before a day (None: all) from another on, and the number of the span.
_KINDS = GivenRows(
    "kinds",
    {
        "span": Integer(),
        **dict.fromkeys(("source", "target", "act", "status"), Text()),
        **dict.fromkeys(("since", "before"), Date()),
    },
)

#: Part of the facts of a facet, in both directions: (dyad, facet, since, before).
_Span = tuple[Dyad, str, date, date | None]


@cache
def _around(dialect: str) -> Executable:
    """The last checkpoint of each facet not after its day, and the first after it."""
    folded = _FOLDED.rows(dialect)
    other = checkpoints.alias("other")
    of_facet = and_(*(other.c[name] == folded.c[name] for name in _FACET))
    last = select(func.max(other.c.day)).where(of_facet, other.c.day <= folded.c.day)
    first = select(func.min(other.c.day)).where(of_facet, other.c.day > folded.c.day)
    own = [checkpoints.c[name] == folded.c[name] for name in _FACET]
    return union_all(
        *(
            of_each(dialect, folded, checkpoints, *own, _c.day == day.correlate(folded).scalar_subquery())
            for day in (last, first)
        )
    )


@cache
def _state_facts(dialect: str) -> Executable:
    shared = _SHARED.rows(dialect)
    own = (_f.dyad_a == shared.c.a, _f.dyad_b == shared.c.b, _f.facet == shared.c.facet)
    return of_each(dialect, shared, state_facts, *own)


@cache
def _of_kinds(dialect: str) -> Executable:
    kind = _KINDS.rows(dialect)
    own = (
        _e.source == kind.c.source,
        _e.target == kind.c.target,
        _e.act == kind.c.act,
        _e.status == kind.c.status,
        _e.starts_on >= kind.c.since,
        or_(kind.c.before.is_(None), _e.starts_on < kind.c.before),
    )
    return of_each(dialect, kind, events, *own).add_columns(kind.c.span)


def _moves_within(fact: Evidence, since: date, before: date | None) -> bool:
    return since <= fact.moves_on < (before or date.max)


class SqlFacetHistory:
    """The FacetHistory of one (source, target, facet). What `facet_histories` has read of it is not read again."""

    def __init__(self, connection: Connection, key: FacetKey, codebook: Codebook) -> None:
        self._connection = connection
        source, target, facet = key
        self._key = {"facet_source": source, "facet_target": target, "facet_facet": facet}
        # Events of both directions: an effect may be opposite to the act's direction.
        self._pairs = [(source, target), (target, source)]
        self._movers = codebook.movers.get(facet, frozenset())
        self._wanted = {"acts": sorted({a for a, _ in self._movers}), "statuses": sorted({s for _, s in self._movers})}
        self._facet = key
        self._codebook = codebook
        self._stated: list[StateReport] | None = None
        self._around: tuple[date, Checkpoint | None, Checkpoint | None] | None = None
        self._read: tuple[date, date | None, Sequence[Fact]] | None = None

    def remember_state_facts(self, stated: Sequence[StateFact]) -> None:
        """Take the state facts of the dyad and facet."""
        reports = reports_of(stated)
        self._stated = [report for report in reports if self._facet in facets_of(report, self._codebook)]

    def remember_checkpoints(self, day: date, found: Sequence[Checkpoint]) -> tuple[date, date | None]:
        """Take the last checkpoint not after a day and the first after it; the span of facts between them."""
        start = next((point for point in found if point.day <= day), None)
        after = next((point for point in found if point.day > day), None)
        self._around = (day, start, after)
        return start.day if start else date.min, after.day if after else None

    def remember_facts(self, since: date, before: date | None, facts: Sequence[Fact]) -> None:
        """Take the facts of a span."""
        self._read = (since, before, facts)

    def facts(self, since: date, before: date | None) -> Sequence[Evidence]:
        reports = [report for report in self._reports() if _moves_within(report, since, before)]
        if self._read and (since, before) == self._read[:2]:
            return [*reports, *self._read[2]]
        return [*reports, *self._facts(since, before)]

    def _facts(self, since: date, before: date | None) -> Iterator[Fact]:
        wanted, days = (_MOVERS, {}) if before is None else (_MOVERS_BEFORE, {"before": before})
        for source, target in self._pairs:
            named = {"source": source, "target": target, "since": since, **self._wanted, **days}
            for row in self._connection.execute(wanted, named):
                if (row.act, row.status) in self._movers:
                    fact = unpack_fact(row)
                    if _moves_within(fact, since, before):
                        yield fact

    def _reports(self) -> list[StateReport]:
        """The reports of the state facts that move the facet: few, and read once."""
        if self._stated is None:
            source, target, facet = self._facet
            dyad = Dyad.of(source, target)
            rows = self._connection.execute(STATE_FACTS_OF_FACET, {"a": dyad.a, "b": dyad.b, "facet": facet})
            self.remember_state_facts([unpack_state_fact(row) for row in rows])
        return self._stated or []

    def checkpoint(self, day: date) -> Checkpoint | None:
        if self._around and day == self._around[0]:
            return self._around[1]
        row = self._connection.execute(_CHECKPOINT, {**self._key, "on": day}).one_or_none()
        return Checkpoint(row.day, row.state) if row else None

    def checkpoints(self, after: date) -> Iterator[Checkpoint]:
        if self._around:
            _, start, first = self._around
            if after == (start.day if start else date.min):
                if first is None:
                    return
                yield first
                after = first.day
        while True:
            row = self._connection.execute(_NEXT_CHECKPOINT, {**self._key, "on": after}).one_or_none()
            if row is None:
                return
            yield Checkpoint(row.day, row.state)
            after = row.day


def facet_histories(
    connection: Connection, firsts: Mapping[FacetKey, date], codebook: Codebook
) -> Mapping[FacetKey, SqlFacetHistory]:
    """The history of each facet. What folding it again from its day needs is read in three queries for all."""
    histories = {key: SqlFacetHistory(connection, key, codebook) for key in firsts}
    if not firsts:
        return histories
    points = _read_checkpoints(connection, firsts)
    stated = _read_state_facts(connection, firsts)
    spans: dict[FacetKey, _Span] = {}
    for key, history in histories.items():
        dyad, facet = Dyad.of(key[0], key[1]), key[2]
        history.remember_state_facts(stated.get((dyad, facet), ()))
        spans[key] = (dyad, facet, *history.remember_checkpoints(firsts[key], points.get(key, ())))
    facts = _read_facts(connection, list(dict.fromkeys(spans.values())), codebook)
    for key, history in histories.items():
        *_, since, before = spans[key]
        history.remember_facts(since, before, facts[spans[key]])
    return histories


def _read_checkpoints(connection: Connection, firsts: Mapping[FacetKey, date]) -> Mapping[FacetKey, list[Checkpoint]]:
    dialect = connection.dialect.name
    given = _FOLDED.parameters(dialect, [(*key, day) for key, day in firsts.items()])
    found: dict[FacetKey, list[Checkpoint]] = defaultdict(list)
    for row in connection.execute(_around(dialect), given):
        found[row.source, row.target, row.facet].append(Checkpoint(row.day, row.state))
    return found


def _read_state_facts(
    connection: Connection, keys: Mapping[FacetKey, date]
) -> Mapping[tuple[Dyad, str], list[StateFact]]:
    dialect = connection.dialect.name
    wanted = dict.fromkeys((Dyad.of(source, target), facet) for source, target, facet in keys)
    given = _SHARED.parameters(dialect, [(dyad.a, dyad.b, facet) for dyad, facet in wanted])
    found: dict[tuple[Dyad, str], list[StateFact]] = defaultdict(list)
    for row in connection.execute(_state_facts(dialect), given):
        found[Dyad(row.dyad_a, row.dyad_b), row.facet].append(unpack_state_fact(row))
    return found


def _read_facts(connection: Connection, spans: Sequence[_Span], codebook: Codebook) -> Mapping[_Span, Sequence[Fact]]:
    dialect = connection.dialect.name
    kinds = [
        # What is planned for a day after the span may move a facet in it.
        (number, source, target, act, status, since, None if status in PLANNED else before)
        for number, (dyad, facet, since, before) in enumerate(spans)
        for source, target in ((dyad.a, dyad.b), (dyad.b, dyad.a))
        for act, status in codebook.movers.get(facet, ())
    ]
    found: dict[_Span, list[Fact]] = {span: [] for span in spans}
    for row in connection.execute(_of_kinds(dialect), _KINDS.parameters(dialect, kinds)):
        fact, (*_, since, before) = unpack_fact(row), spans[row.span]
        if _moves_within(fact, since, before):
            found[spans[row.span]].append(fact)
    return found
