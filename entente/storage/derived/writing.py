"""SqlDerivedWrites: the DerivedWrites port on SQL, which writes only differences from the stored rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, and_, bindparam, delete, insert, select

from entente.relations.dyads import Dyad
from entente.relations.events import Event, Fact
from entente.relations.folding.dyad import Checkpoint
from entente.relations.folding.facet import FacetKey
from entente.relations.folding.refold import Refolded
from entente.relations.grouping.group import Key
from entente.relations.grouping.regroup import Regrouped
from entente.relations.states import Interval
from entente.relations.tally import LEVELS, Tally, TallyKey
from entente.services.ports.derived import Derived
from entente.storage.derived.histories import OF_FACET, OF_KEY, facet_values, key_values
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
from entente.storage.dialect import CHUNK, chunks
from entente.storage.truth.rows import AnyRow

_e = events_table.c
_s = states_table.c
_t = tallies_table.c

# Statements are built once: building one takes several times as long as executing it.
_FINGERPRINTS = select(_e.id, _e.fingerprint).where(_e.dyad_a == bindparam("a"), _e.dyad_b == bindparam("b"))
_IN_CELL = select(events_table).where(OF_KEY, _e.period_first.between(bindparam("first"), bindparam("last")))
_OF_NO_DATE = select(events_table).where(OF_KEY, _e.period_first.is_(None))
_DROP_EVENTS = delete(events_table).where(_e.id.in_(bindparam("ids", expanding=True)))
_ADD_EVENTS = insert(events_table)
_ADD_LINKS = insert(event_mentions)

_OF_STATES = and_(
    _s.source == bindparam("facet_source"),
    _s.target == bindparam("facet_target"),
    _s.facet == bindparam("facet_facet"),
)
# Two SELECTs, for two ranges of one index.
_LASTING = select(states_table).where(_OF_STATES, _s.valid_to.is_(None))
_LASTING_INTO = select(states_table).where(_OF_STATES, _s.valid_to >= bindparam("since"))
_DROP_STATES = delete(states_table).where(_s.id.in_(bindparam("ids", expanding=True)))
_DROP_STATES_OF_DYAD = delete(states_table).where(_s.dyad_a == bindparam("of_a"), _s.dyad_b == bindparam("of_b"))
_ADD_STATES = insert(states_table)

_DROP_CHECKPOINTS = delete(checkpoints).where(OF_FACET, checkpoints.c.day > bindparam("since"))
_DROP_CHECKPOINTS_BEFORE = _DROP_CHECKPOINTS.where(checkpoints.c.day < bindparam("until"))
_DROP_ALL_CHECKPOINTS = delete(checkpoints).where(
    checkpoints.c.source == bindparam("of_source"), checkpoints.c.target == bindparam("of_target")
)
_ADD_CHECKPOINTS = insert(checkpoints)

_SUMS = select(tallies_table).where(
    _t.source == bindparam("of_source"),
    _t.target == bindparam("of_target"),
    # All levels: the index has the level before the day, and without a condition on it reads all of the pair.
    _t.level.in_(LEVELS),
    _t.first.in_(bindparam("firsts", expanding=True)),
)
_DROP_SUMS = delete(tallies_table).where(
    _t.source == bindparam("of_source"),
    _t.target == bindparam("of_target"),
    _t.level == bindparam("of_level"),
    _t.first == bindparam("of_first"),
)
_ADD_SUMS = insert(tallies_table)


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
        fresh = [pack_interval(interval) for interval in whole.intervals]
        if fresh:
            self._connection.execute(_ADD_STATES, fresh)
        _insert_tallies(self._connection, whole.tallies)
        for key, of_facet in whole.checkpoints.items():
            _add_checkpoints(self._connection, key, of_facet)

    def replace_groups(self, regrouped: Mapping[Key, Regrouped]) -> tuple[list[Fact], list[Fact]]:
        """Replace the keys' events where they were regrouped; (facts removed, facts added)."""
        rows: list[AnyRow] = []
        for key, of_key in regrouped.items():
            named = key_values(key)
            for first, last in of_key.cells:
                rows += self._connection.execute(_IN_CELL, {**named, "first": first, "last": last})
            if of_key.undated:
                rows += self._connection.execute(_OF_NO_DATE, named)
        derived = [event for of_key in regrouped.values() for event in of_key.events]
        fresh = _write_events(self._connection, {row.id: row.fingerprint for row in rows}, derived)
        kept = {event.id for event in derived} - fresh
        went = [unpack_fact(row) for row in rows if row.id not in kept]
        return went, [event.fact for event in derived if event.id in fresh]

    def replace_facet(self, key: FacetKey, refolded: Refolded) -> tuple[list[Interval], list[Interval]]:
        """Replace a facet's intervals and checkpoints where it was refolded; (intervals before, intervals now)."""
        named = {**facet_values(key), "since": refolded.since}
        until = refolded.until or date.max
        stored = [
            (row.id, unpack_interval(row))
            for lasting in (_LASTING, _LASTING_INTO)
            for row in self._connection.execute(lasting, named)
            if row.starts_on < until
        ]
        passing = [i for _, i in stored if (i.item, i.standing, i.starts_on) in refolded.open]
        over = [(id, i) for id, i in stored if (i.item, i.standing, i.starts_on) not in refolded.open]
        _write_states(self._connection, over, refolded.intervals)
        if refolded.until is None:
            self._connection.execute(_DROP_CHECKPOINTS, named)
        else:
            self._connection.execute(_DROP_CHECKPOINTS_BEFORE, {**named, "until": refolded.until})
        _add_checkpoints(self._connection, key, refolded.checkpoints)
        return [interval for _, interval in stored], [*refolded.intervals, *passing]

    def add_tallies(self, changes: Mapping[TallyKey, Tally]) -> None:
        """Add these sums to the stored ones; delete sums of no event."""
        summed = dict(changes)
        stored = set()
        for (source, target), spans in groupby(sorted(changes), key=lambda span: span[:2]):
            for some in chunks(sorted({span[3] for span in spans})):
                for row in self._connection.execute(_SUMS, {"of_source": source, "of_target": target, "firsts": some}):
                    span = (row.source, row.target, row.level, row.first)
                    if span in changes:
                        stored.add(span)
                        summed[span] = unpack_tally(row.sums)
                        summed[span].add(changes[span])
        _delete_tallies(self._connection, sorted(stored))
        _insert_tallies(self._connection, {span: tally for span, tally in summed.items() if tally})


def _key_of(event_id: str) -> str:
    return event_id.rpartition(".")[0]


def _write_events(connection: Connection, stored: Mapping[str, str], derived: Iterable[Event]) -> set[str]:
    wanted = {event.id: event for event in derived}
    fresh = [event for event in wanted.values() if stored.get(event.id) != fingerprint(event)]
    stale = (stored.keys() - wanted.keys()) | (stored.keys() & {event.id for event in fresh})
    # Delete first, with the links: a mention that moves between events must not be linked twice.
    for some in chunks(sorted(stale)):
        connection.execute(_DROP_EVENTS, {"ids": some})
    if fresh:
        connection.execute(_ADD_EVENTS, [pack_event(event) for event in fresh])
        links = [
            {"event_id": event.id, "position": position, "mention_id": mention.id}
            for event in fresh
            for position, mention in enumerate(event.mentions)
        ]
        connection.execute(_ADD_LINKS, links)
    return {event.id for event in fresh}


def _replace_states(connection: Connection, dyad: Dyad, intervals: Sequence[Interval]) -> None:
    """Replace a dyad's intervals."""
    _write_states(connection, stored_states(connection, dyad), intervals)


def _write_states(
    connection: Connection, stored: Sequence[tuple[int, Interval]], intervals: Sequence[Interval]
) -> None:
    known = {interval: id for id, interval in stored}
    derived = set(intervals)
    for some in chunks([id for interval, id in known.items() if interval not in derived]):
        connection.execute(_DROP_STATES, {"ids": some})
    fresh = [pack_interval(interval) for interval in intervals if interval not in known]
    if fresh:
        connection.execute(_ADD_STATES, fresh)


def _replace_tallies(connection: Connection, dyad: Dyad, derived: Mapping[TallyKey, Tally]) -> None:
    """Replace a dyad's sums."""
    stored = stored_tallies(connection, dyad)
    _delete_tallies(connection, [span for span, tally in stored.items() if derived.get(span) != tally])
    _insert_tallies(connection, {span: tally for span, tally in derived.items() if stored.get(span) != tally})


def _delete_tallies(connection: Connection, spans: Sequence[TallyKey]) -> None:
    if spans:
        names = ("of_source", "of_target", "of_level", "of_first")
        connection.execute(_DROP_SUMS, [dict(zip(names, span, strict=True)) for span in spans])


def _insert_tallies(connection: Connection, fresh: Mapping[TallyKey, Tally]) -> None:
    rows = [
        {"source": source, "target": target, "level": level, "first": first, "sums": pack_tally(tally)}
        for (source, target, level, first), tally in fresh.items()
    ]
    if rows:
        connection.execute(_ADD_SUMS, rows)


def _replace_checkpoints(connection: Connection, dyad: Dyad, points: Mapping[FacetKey, Sequence[Checkpoint]]) -> None:
    """Replace the checkpoints of a dyad's facets."""
    for source, target in ((dyad.a, dyad.b), (dyad.b, dyad.a)):
        connection.execute(_DROP_ALL_CHECKPOINTS, {"of_source": source, "of_target": target})
    for key, of_facet in points.items():
        _add_checkpoints(connection, key, of_facet)


def _add_checkpoints(connection: Connection, key: FacetKey, points: Iterable[Checkpoint]) -> None:
    source, target, facet = key
    rows = [
        {"source": source, "target": target, "facet": facet, "day": point.day, "state": point.state} for point in points
    ]
    if rows:
        connection.execute(_ADD_CHECKPOINTS, rows)
