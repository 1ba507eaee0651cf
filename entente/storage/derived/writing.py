"""SqlDerivedWrites: the DerivedWrites port on SQL, which writes only differences from the stored rows."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby

from sqlalchemy import (
    Connection,
    Date,
    Executable,
    Text,
    bindparam,
    delete,
    select,
    union_all,
)

from entente.relations.dyads import Dyad
from entente.relations.events import Event, Fact
from entente.relations.folding.dyad import Checkpoint
from entente.relations.folding.facet import FacetKey
from entente.relations.folding.refold import Refolded
from entente.relations.grouping.group import Key
from entente.relations.grouping.regroup import Regrouped
from entente.relations.states import Interval
from entente.relations.tally import Tally, TallyKey
from entente.services.ports.derived import Derived
from entente.storage.derived.reading import stored_states, stored_tallies
from entente.storage.derived.rows import (
    fingerprint,
    pack_event,
    pack_interval,
    pack_tally,
    unpack_fact,
    unpack_interval,
    unpack_tally,
)
from entente.storage.derived.tables import checkpoints, event_mentions
from entente.storage.derived.tables import events as events_table
from entente.storage.derived.tables import states as states_table
from entente.storage.derived.tables import tallies as tallies_table
from entente.storage.dialect import CHUNK, GivenRows, add_rows, of_each
from entente.storage.truth.rows import AnyRow

_e = events_table.c
_s = states_table.c
_t = tallies_table.c

# Statements are built once: building one takes several times as long as executing it.
_FINGERPRINTS = select(_e.id, _e.fingerprint).where(_e.dyad_a == bindparam("a"), _e.dyad_b == bindparam("b"))
_DROP_EVENT = delete(events_table).where(_e.id == bindparam("of_id"))

_DROP_INTERVAL = delete(states_table).where(_s.id == bindparam("of_id"))
_DROP_STATES_OF_DYAD = delete(states_table).where(_s.dyad_a == bindparam("of_a"), _s.dyad_b == bindparam("of_b"))

_DROP_CHECKPOINTS = delete(checkpoints).where(
    checkpoints.c.source == bindparam("of_source"),
    checkpoints.c.target == bindparam("of_target"),
    checkpoints.c.facet == bindparam("of_facet"),
    checkpoints.c.day == bindparam("of_day"),
)
_DROP_ALL_CHECKPOINTS = delete(checkpoints).where(
    checkpoints.c.source == bindparam("of_source"), checkpoints.c.target == bindparam("of_target")
)

_DROP_SUMS = delete(tallies_table).where(
    _t.source == bindparam("of_source"),
    _t.target == bindparam("of_target"),
    _t.level == bindparam("of_level"),
    _t.first == bindparam("of_first"),
)

_KEY = ("source", "target", "act", "status")
_FACET = ("source", "target", "facet")
_SPAN = ("source", "target", "level", "first")
#: A cell of a key, or with None its undated events; a facet, and the day from which it was folded again; a sum.
_CELLS = GivenRows("cells", {**dict.fromkeys(_KEY, Text()), **dict.fromkeys(("first", "last"), Date())})
_FOLDED = GivenRows("folded", {**dict.fromkeys(_FACET, Text()), "since": Date()})
_SPANS = GivenRows("spans", {**dict.fromkeys(_SPAN[:3], Text()), "first": Date()})


@cache
def _in_cells(dialect: str) -> Executable:
    """The events of cells. By `starts_on`, which of a dated event is its first day, for the index."""
    cell = _CELLS.rows(dialect)
    own = [_e[name] == cell.c[name] for name in _KEY]
    in_cell = _e.starts_on.between(cell.c.first, cell.c.last)
    return union_all(
        of_each(dialect, cell, events_table, *own, in_cell, _e.period_first.is_not(None)),
        of_each(dialect, cell, events_table, *own, cell.c.first.is_(None), _e.period_first.is_(None)),
    )


@cache
def _lasting(dialect: str) -> Executable:
    """The intervals of facets that hold on a day or later. Two SELECTs, for two ranges of one index."""
    folded = _FOLDED.rows(dialect)
    own = [_s[name] == folded.c[name] for name in _FACET]
    return union_all(
        of_each(dialect, folded, states_table, *own, _s.valid_to.is_(None)),
        of_each(dialect, folded, states_table, *own, _s.valid_to >= folded.c.since),
    )


@cache
def _sums(dialect: str) -> Executable:
    span = _SPANS.rows(dialect)
    return of_each(dialect, span, tallies_table, *(_t[name] == span.c[name] for name in _SPAN))


class SqlDerivedWrites:
    """Replaces what is derived of locked dyads, writing only differences."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace_events(self, dyad: Dyad, derived: Iterable[Event]) -> None:
        """Replace a dyad's events. Those of one key are adjacent, so memory holds few keys at a time."""
        stored: dict[str, dict[str, str]] = {}
        for row in self._connection.execute(_FINGERPRINTS, {"a": dyad.a, "b": dyad.b}):
            stored.setdefault(_key_of(row.id), {})[row.id] = row.fingerprint
        # A mention's key never changes, so no other key's rows conflict.
        there: dict[str, str] = {}
        wanted: list[Event] = []
        for key, some in groupby(derived, key=lambda event: _key_of(event.id)):
            there |= stored.pop(key, {})
            wanted += some
            if len(wanted) >= CHUNK:
                _write_events(self._connection, there, wanted)
                there, wanted = {}, []
        for gone in stored.values():
            there |= gone
        _write_events(self._connection, there, wanted)

    def replace_all(self, dyad: Dyad, whole: Derived) -> None:
        _replace_states(self._connection, dyad, whole.intervals)
        _replace_tallies(self._connection, dyad, whole.tallies)
        _replace_checkpoints(self._connection, dyad, whole.checkpoints)

    def remove_all(self, dyads: Collection[Dyad]) -> None:
        if dyads:
            self._connection.execute(_DROP_STATES_OF_DYAD, [{"of_a": dyad.a, "of_b": dyad.b} for dyad in dyads])
            pairs = [pair for dyad in dyads for pair in ((dyad.a, dyad.b), (dyad.b, dyad.a))]
            self._connection.execute(_DROP_ALL_CHECKPOINTS, [{"of_source": a, "of_target": b} for a, b in pairs])

    def add_new(self, whole: Derived) -> None:
        add_rows(self._connection, states_table, [pack_interval(interval) for interval in whole.intervals])
        _put_tallies(self._connection, whole.tallies)
        _add_checkpoints(self._connection, whole.checkpoints)

    def replace_groups(self, regrouped: Mapping[Key, Regrouped]) -> tuple[list[Fact], list[Fact]]:
        """Replace the keys' events where they were regrouped; (facts removed, facts added)."""
        cells = [(*key, *cell) for key, of_key in regrouped.items() for cell in of_key.cells]
        undated = [(*key, None, None) for key, of_key in regrouped.items() if of_key.undated]
        rows = self._read(_in_cells, _CELLS, [*cells, *undated])
        derived = [event for of_key in regrouped.values() for event in of_key.events]
        fresh = _write_events(self._connection, {row.id: row.fingerprint for row in rows}, derived)
        kept = {event.id for event in derived} - fresh
        went = [unpack_fact(row) for row in rows if row.id not in kept]
        return went, [event.fact for event in derived if event.id in fresh]

    def replace_facets(
        self, refolded: Mapping[FacetKey, Refolded]
    ) -> Mapping[FacetKey, tuple[list[Interval], list[Interval]]]:
        """Replace facets' intervals and checkpoints where they were refolded; of each, (intervals before, now)."""
        stored: dict[FacetKey, list[tuple[int, Interval]]] = {key: [] for key in refolded}
        for row in self._read(_lasting, _FOLDED, [(*key, again.since) for key, again in refolded.items()]):
            key = (row.source, row.target, row.facet)
            if row.starts_on < (refolded[key].until or date.max):
                stored[key].append((row.id, unpack_interval(row)))
        passing = {key: [i for _, i in of_key if _is_open(i, refolded[key])] for key, of_key in stored.items()}
        over = [(id, i) for key, of_key in stored.items() for id, i in of_key if not _is_open(i, refolded[key])]
        _write_states(self._connection, over, [i for again in refolded.values() for i in again.intervals])
        stale = [(*key, day) for key, again in refolded.items() for day in again.stale]
        if stale:
            names = ("of_source", "of_target", "of_facet", "of_day")
            self._connection.execute(_DROP_CHECKPOINTS, [dict(zip(names, point, strict=True)) for point in stale])
        _add_checkpoints(self._connection, {key: again.checkpoints for key, again in refolded.items()})
        return {
            key: ([interval for _, interval in of_key], [*refolded[key].intervals, *passing[key]])
            for key, of_key in stored.items()
        }

    def add_tallies(self, changes: Mapping[TallyKey, Tally]) -> None:
        """Add these sums to the stored ones; delete sums of no event."""
        summed = dict(changes)
        gone = []
        for row in self._read(_sums, _SPANS, sorted(changes)):
            span = (row.source, row.target, row.level, row.first)
            summed[span] = unpack_tally(row.sums)
            summed[span].add(changes[span])
            if not summed[span]:
                gone.append(span)
        _delete_tallies(self._connection, gone)
        _put_tallies(self._connection, {span: tally for span, tally in summed.items() if tally})

    def _read(
        self, statement: Callable[[str], Executable], given: GivenRows, rows: Sequence[Sequence[str | date | None]]
    ) -> Sequence[AnyRow]:
        """The rows that a statement finds for these given ones."""
        if not rows:
            return []
        dialect = self._connection.dialect.name
        return self._connection.execute(statement(dialect), given.parameters(dialect, rows)).all()


def _is_open(interval: Interval, refolded: Refolded) -> bool:
    """Whether the stored interval lasts beyond the days that were folded again."""
    return (interval.item, interval.standing, interval.starts_on) in refolded.open


def _key_of(event_id: str) -> str:
    return event_id.rpartition(".")[0]


def _write_events(connection: Connection, stored: Mapping[str, str], derived: Iterable[Event]) -> set[str]:
    wanted = {event.id: event for event in derived}
    fresh = [event for event in wanted.values() if stored.get(event.id) != fingerprint(event)]
    stale = (stored.keys() - wanted.keys()) | (stored.keys() & {event.id for event in fresh})
    # Delete first, with the links: a mention that moves between events must not be linked twice.
    if stale:
        connection.execute(_DROP_EVENT, [{"of_id": id} for id in sorted(stale)])
    add_rows(connection, events_table, [pack_event(event) for event in fresh])
    links = [
        {"event_id": event.id, "position": position, "mention_id": mention.id}
        for event in fresh
        for position, mention in enumerate(event.mentions)
    ]
    add_rows(connection, event_mentions, links)
    return {event.id for event in fresh}


def _replace_states(connection: Connection, dyad: Dyad, intervals: Sequence[Interval]) -> None:
    """Replace a dyad's intervals."""
    _write_states(connection, stored_states(connection, dyad), intervals)


def _write_states(
    connection: Connection, stored: Sequence[tuple[int, Interval]], intervals: Sequence[Interval]
) -> None:
    known = {interval: id for id, interval in stored}
    derived = set(intervals)
    stale = [{"of_id": id} for interval, id in known.items() if interval not in derived]
    if stale:
        connection.execute(_DROP_INTERVAL, stale)
    add_rows(connection, states_table, [pack_interval(interval) for interval in intervals if interval not in known])


def _replace_tallies(connection: Connection, dyad: Dyad, derived: Mapping[TallyKey, Tally]) -> None:
    """Replace a dyad's sums."""
    stored = stored_tallies(connection, dyad)
    _delete_tallies(connection, [span for span in stored if span not in derived])
    _put_tallies(connection, {span: tally for span, tally in derived.items() if stored.get(span) != tally})


def _delete_tallies(connection: Connection, spans: Sequence[TallyKey]) -> None:
    if spans:
        names = ("of_source", "of_target", "of_level", "of_first")
        connection.execute(_DROP_SUMS, [dict(zip(names, span, strict=True)) for span in spans])


def _put_tallies(connection: Connection, fresh: Mapping[TallyKey, Tally]) -> None:
    rows = [
        {"source": source, "target": target, "level": level, "first": first, "sums": pack_tally(tally)}
        for (source, target, level, first), tally in fresh.items()
    ]
    add_rows(connection, tallies_table, rows, replaced=["sums"])


def _replace_checkpoints(connection: Connection, dyad: Dyad, points: Mapping[FacetKey, Sequence[Checkpoint]]) -> None:
    """Replace the checkpoints of a dyad's facets."""
    for source, target in ((dyad.a, dyad.b), (dyad.b, dyad.a)):
        connection.execute(_DROP_ALL_CHECKPOINTS, {"of_source": source, "of_target": target})
    _add_checkpoints(connection, points)


def _add_checkpoints(connection: Connection, points: Mapping[FacetKey, Sequence[Checkpoint]]) -> None:
    rows = [
        {"source": source, "target": target, "facet": facet, "day": point.day, "state": point.state}
        for (source, target, facet), of_facet in points.items()
        for point in of_facet
    ]
    add_rows(connection, checkpoints, rows)
