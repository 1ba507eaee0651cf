"""SqlRelationIndex: the RelationIndex port on SQL, directed relations across dyads by (source, target)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select, true, tuple_, union

from entente.relations.codebook import UNCONFIRMED
from entente.relations.states import Interval
from entente.services.ports.relations import DirectionQuery
from entente.storage.derived.rows import unpack_interval
from entente.storage.derived.tables import dyads, events, states
from entente.storage.truth.tables import mentions, state_facts

_states = states.c
_events = events.c
_begins = func.coalesce(_states.valid_from, _states.known_by)


class SqlRelationIndex:
    """Each dyad gives two directions; those without a known event or value are left out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def directions(
        self, query: DirectionQuery, after: tuple[str, str] | None, limit: int, backwards: bool = False
    ) -> list[tuple[str, str]]:
        _, value = query.facet or (None, None)
        arms = list(_both_directions(query) if value is None else _holders(query))
        if after is not None:
            mark = tuple_(*after)
            rows = [tuple_(*arm.selected_columns) for arm in arms]
            arms = [a.where(row < mark if backwards else row > mark) for a, row in zip(arms, rows, strict=True)]
        # Each SELECT is read in the order of an index and they are merged, so that a page reads what it shows.
        found = union(*arms)
        source, target = found.selected_columns
        order = (source.desc(), target.desc()) if backwards else (source, target)
        return [(row.source, row.target) for row in self._connection.execute(found.order_by(*order).limit(limit))]

    def held(self, facet: str, entity: str | None = None, on: date | None = None) -> list[Interval]:
        found = select(states).where(*_held(facet, entity))
        if on is not None:
            found = found.where(_states.starts_on <= on, or_(_states.valid_to.is_(None), _states.valid_to > on))
        rows = self._connection.execute(found.order_by(_states.starts_on, _states.id))
        return [unpack_interval(row) for row in rows]

    def first_held(self, facet: str, entity: str | None = None) -> date | None:
        return self._connection.execute(select(func.min(_states.starts_on)).where(*_held(facet, entity))).scalar()

    def partners(self, entity: str, known_at: datetime | None = None) -> list[str]:
        t, f = mentions.c, state_facts.c
        live: ColumnElement[bool] = t.retired_at.is_(None)
        known: ColumnElement[bool] = true()
        if known_at is not None:
            live = and_(t.recorded_at <= known_at, or_(live, t.retired_at > known_at))
            known = f.known_by <= known_at.date()
        other = union(
            select(t.dyad_b.label("key")).where(t.dyad_a == entity, live),
            select(t.dyad_a.label("key")).where(t.dyad_b == entity, live),
            select(f.dyad_b.label("key")).where(f.dyad_a == entity, known),
            select(f.dyad_a.label("key")).where(f.dyad_b == entity, known),
        ).subquery()
        return list(self._connection.execute(select(other.c.key).order_by(other.c.key)).scalars())


def _held(facet: str, entity: str | None) -> list[ColumnElement[bool]]:
    """Conditions of the held intervals of a facet, of one entity's relations or of all."""
    found: list[ColumnElement[bool]] = [_states.facet == facet, _states.standing == "held"]
    return found if entity is None else [*found, or_(_states.source == entity, _states.target == entity)]


def _both_directions(query: DirectionQuery) -> Iterator[Select[str, str]]:
    """Two SELECTs of the directions that fit: of each dyad one way, and the other way."""
    for source, target in ((dyads.c.a, dyads.c.b), (dyads.c.b, dyads.c.a)):
        own = and_(_states.source == source, _states.target == target)
        event = exists().where(
            _events.dyad_a == dyads.c.a,
            _events.dyad_b == dyads.c.b,
            _events.source == source,
            _events.target == target,
            _events.starts_on <= query.on,
        )
        found = select(source.label("source"), target.label("target"))
        found = found.where(*_between(query, source, target), or_(exists().where(own, _begins <= query.on), event))
        if query.facet is not None:
            name, _ = query.facet
            found = found.where(exists().where(own, _states.facet == name, _states.standing == "held", _on(query.on)))
        if query.begun_since is not None:
            found = found.where(exists().where(own, *_begun(_states, query.on, query.begun_since)))
        yield found


def _holders(query: DirectionQuery) -> Iterator[Select[str, str]]:
    """Three SELECTs of directions: in which a value is held, any has a standing of that name, or values are disputed.

    Of disputed values a later report may have changed which one an interval names.
    """
    name, value = query.facet or (None, None)
    between = _between(query, _states.source, _states.target)
    held = _states.standing == "held"
    for holds in (
        and_(_states.value == value, held),
        _states.standing == value,
        and_(_states.status == "disputed", held),
    ):
        found = select(_states.source, _states.target).where(_states.facet == name, holds, _on(query.on), *between)
        if query.begun_since is not None:
            other = states.alias().c
            own = and_(other.source == _states.source, other.target == _states.target)
            found = found.where(exists().where(own, *_begun(other, query.on, query.begun_since)))
        yield found


def _between(
    query: DirectionQuery, source: ColumnElement[str], target: ColumnElement[str]
) -> list[ColumnElement[bool]]:
    given = ((source, query.source), (target, query.target))
    return [column == key for column, key in given if key is not None]


def _on(day: date) -> ColumnElement[bool]:
    """Condition that an interval covers a day."""
    return and_(_begins <= day, or_(_states.valid_to.is_(None), _states.valid_to > day))


def _begun(columns: Any, on: date, since: date) -> list[ColumnElement[bool]]:
    """Conditions that a value began between two days, and is no mere report."""
    begins = func.coalesce(columns.valid_from, columns.known_by)
    return [begins <= on, begins >= since, columns.standing != UNCONFIRMED]
