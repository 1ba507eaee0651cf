"""Replacing what is stored by what was derived, writing only the difference."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select

from entente.relations.events import Event, Fact
from entente.relations.fold import Checkpoint
from entente.relations.grouping import Key
from entente.relations.panels import PanelKey
from entente.relations.refold import Refolded
from entente.relations.regroup import Regrouped
from entente.relations.states import Interval
from entente.relations.tally import Span, Tally
from entente.services.ports import Dyad
from entente.storage import reading
from entente.storage.dialect import chunks
from entente.storage.histories import of_key, of_panel
from entente.storage.rows import (
    fingerprint,
    pack_event,
    pack_interval,
    pack_tally,
    unpack_fact,
    unpack_interval,
    unpack_tally,
)
from entente.storage.tables import checkpoints, event_mentions
from entente.storage.tables import events as events_table
from entente.storage.tables import states as states_table
from entente.storage.tables import tallies as tallies_table

_e = events_table.c
_s = states_table.c
_t = tallies_table.c


def events(connection: Connection, dyad: Dyad, derived: Iterable[Event]) -> None:
    """Make a dyad's events these. Those of one key come one after the other; memory holds no other key's."""
    known = select(_e.id, _e.fingerprint).where(_e.dyad_a == dyad.a, _e.dyad_b == dyad.b)
    stored: dict[str, dict[str, str]] = {}
    for row in connection.execute(known):
        stored.setdefault(_key_of(row.id), {})[row.id] = row.fingerprint
    # A mention's key never changes: no other key's rows stand in the way.
    for key, some in groupby(derived, key=lambda event: _key_of(event.id)):
        _write_events(connection, stored.pop(key, {}), some)
    for gone in stored.values():
        _write_events(connection, gone, ())


def _key_of(event_id: str) -> str:
    return event_id.rpartition(".")[0]


def group(connection: Connection, key: Key, regrouped: Regrouped) -> tuple[list[Fact], list[Fact]]:
    """Make a key's events these where it was grouped again; the facts that went and those that came."""
    places = [_e.period_first.between(first, last) for first, last in regrouped.cells]
    if regrouped.undated:
        places.append(_e.period_first.is_(None))
    rows = connection.execute(select(events_table).where(of_key(key), or_(*places))).all()
    stored = {row.id: row.fingerprint for row in rows}
    fresh = _write_events(connection, stored, regrouped.events)
    kept = {event.id for event in regrouped.events} - fresh
    went = [unpack_fact(row) for row in rows if row.id not in kept]
    return went, [event.fact for event in regrouped.events if event.id in fresh]


def _write_events(connection: Connection, stored: Mapping[str, str], derived: Iterable[Event]) -> set[str]:
    wanted = {event.id: event for event in derived}
    fresh = [event for event in wanted.values() if stored.get(event.id) != fingerprint(event)]
    stale = (stored.keys() - wanted.keys()) | (stored.keys() & {event.id for event in fresh})
    # Deleted first, links and all: a mention that moves from one event to another is never in two.
    for some in chunks(sorted(stale)):
        connection.execute(delete(events_table).where(_e.id.in_(some)))
    if fresh:
        connection.execute(insert(events_table), [pack_event(event) for event in fresh])
        links = [
            {"event_id": event.id, "position": position, "mention_id": mention.id}
            for event in fresh
            for position, mention in enumerate(event.mentions)
        ]
        connection.execute(insert(event_mentions), links)
    return {event.id for event in fresh}


def states(connection: Connection, dyad: Dyad, intervals: Sequence[Interval]) -> None:
    """Make a dyad's intervals these."""
    _write_states(connection, reading.stored_states(connection, dyad), intervals)


def panel(connection: Connection, key: PanelKey, refolded: Refolded) -> tuple[list[Interval], list[Interval]]:
    """Make a panel's intervals and checkpoints these where it was folded again; (those that were, those that are)."""
    source, target, facet = key
    own = and_(_s.source == source, _s.target == target, _s.facet == facet)
    until = refolded.until or date.max
    stored = [
        (row.id, unpack_interval(row))
        for lasting in (_s.valid_to.is_(None), _s.valid_to >= refolded.since)
        for row in connection.execute(select(states_table).where(own, lasting))
        if row.starts_on < until
    ]
    passing = [i for _, i in stored if (i.item, i.standing, i.starts_on) in refolded.open]
    over = [(id, i) for id, i in stored if (i.item, i.standing, i.starts_on) not in refolded.open]
    _write_states(connection, over, refolded.intervals)
    place = checkpoints.c.day > refolded.since
    if refolded.until is not None:
        place &= checkpoints.c.day < refolded.until
    connection.execute(delete(checkpoints).where(of_panel(key), place))
    _add_checkpoints(connection, key, refolded.checkpoints)
    return [interval for _, interval in stored], [*refolded.intervals, *passing]


def _write_states(
    connection: Connection, stored: Sequence[tuple[int, Interval]], intervals: Sequence[Interval]
) -> None:
    known = {interval: id for id, interval in stored}
    derived = set(intervals)
    for some in chunks([id for interval, id in known.items() if interval not in derived]):
        connection.execute(delete(states_table).where(_s.id.in_(some)))
    fresh = [pack_interval(interval) for interval in intervals if interval not in known]
    if fresh:
        connection.execute(insert(states_table), fresh)


def tallies(connection: Connection, dyad: Dyad, derived: Mapping[Span, Tally]) -> None:
    """Make a dyad's sums these."""
    stored = reading.tallies(connection, dyad)
    _delete_tallies(connection, [span for span, tally in stored.items() if derived.get(span) != tally])
    _insert_tallies(connection, {span: tally for span, tally in derived.items() if stored.get(span) != tally})


def add_tallies(connection: Connection, changes: Mapping[Span, Tally]) -> None:
    """Add these sums to the stored ones; what sums to nothing goes."""
    stored: dict[Span, Tally] = {}
    for some in chunks(sorted(changes), 200):
        rows = connection.execute(select(tallies_table).where(_named(some)))
        stored |= {(row.source, row.target, row.level, row.first): unpack_tally(row.sums) for row in rows}
    summed = dict(changes)
    for span, before in stored.items():
        before.add(changes[span])
        summed[span] = before
    _delete_tallies(connection, sorted(stored))
    _insert_tallies(connection, {span: tally for span, tally in summed.items() if tally})


def _delete_tallies(connection: Connection, spans: Sequence[Span]) -> None:
    for some in chunks(spans, 200):
        connection.execute(delete(tallies_table).where(_named(some)))


def _insert_tallies(connection: Connection, fresh: Mapping[Span, Tally]) -> None:
    rows = [
        {"source": source, "target": target, "level": level, "first": first, "sums": pack_tally(tally)}
        for (source, target, level, first), tally in fresh.items()
    ]
    if rows:
        connection.execute(insert(tallies_table), rows)


def _named(spans: Sequence[Span]) -> ColumnElement[bool]:
    return or_(
        *(and_(_t.source == s, _t.target == t, _t.level == level, _t.first == first) for s, t, level, first in spans)
    )


def remember(connection: Connection, dyad: Dyad, points: Mapping[PanelKey, Sequence[Checkpoint]]) -> None:
    """Make the checkpoints of a dyad's panels these."""
    for source, target in ((dyad.a, dyad.b), (dyad.b, dyad.a)):
        own = and_(checkpoints.c.source == source, checkpoints.c.target == target)
        connection.execute(delete(checkpoints).where(own))
    for key, of_panel_ in points.items():
        _add_checkpoints(connection, key, of_panel_)


def _add_checkpoints(connection: Connection, key: PanelKey, points: Iterable[Checkpoint]) -> None:
    source, target, facet = key
    rows = [
        {"source": source, "target": target, "facet": facet, "day": point.day, "state": point.state} for point in points
    ]
    if rows:
        connection.execute(insert(checkpoints), rows)
