"""SqlRelationIndex: the RelationIndex port on SQL, directed relations across dyads by (source, target)."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Subquery, and_, exists, func, or_, select, true, tuple_, union

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
        every = _directions(query)
        source, target = every.c.source, every.c.target
        found = select(source, target).where(*_conditions(every, query))
        if after is not None:
            row, mark = tuple_(source, target), tuple_(*after)
            found = found.where(row < mark if backwards else row > mark)
        order = (source.desc(), target.desc()) if backwards else (source, target)
        rows = self._connection.execute(found.order_by(*order).limit(limit))
        return [(row.source, row.target) for row in rows]

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


def _directions(query: DirectionQuery) -> Subquery:
    """Both directions of every dyad, filtered by source and target."""
    forth = select(dyads.c.a.label("source"), dyads.c.b.label("target"), dyads.c.a, dyads.c.b)
    back = select(dyads.c.b.label("source"), dyads.c.a.label("target"), dyads.c.a, dyads.c.b)
    if query.source is not None:
        forth, back = forth.where(dyads.c.a == query.source), back.where(dyads.c.b == query.source)
    if query.target is not None:
        forth, back = forth.where(dyads.c.b == query.target), back.where(dyads.c.a == query.target)
    return forth.union_all(back).subquery()


def _conditions(every: Subquery, query: DirectionQuery) -> list[ColumnElement[bool]]:
    dyad = (_states.dyad_a == every.c.a, _states.dyad_b == every.c.b)
    own = and_(*dyad, _states.source == every.c.source, _states.target == every.c.target)
    begun = _begins <= query.on
    event = exists().where(
        _events.dyad_a == every.c.a,
        _events.dyad_b == every.c.b,
        _events.source == every.c.source,
        _events.target == every.c.target,
        _events.starts_on <= query.on,
    )
    found: list[ColumnElement[bool]] = [or_(exists().where(own, begun), event)]
    if query.facet is not None:
        found.append(exists().where(own, _holds(query.facet, query.on)))
    if query.begun_since is not None:
        sure = _states.standing != UNCONFIRMED
        found.append(exists().where(own, begun, sure, _begins >= query.begun_since))
    return found


def _holds(facet: tuple[str, str | None], on: date) -> ColumnElement[bool]:
    """Condition that a facet has a held value on a day, the given value, or any value of the given standing."""
    name, value = facet
    held: ColumnElement[bool] = _states.standing == "held"
    if value is not None:
        held = or_(and_(held, _states.value == value), _states.standing == value)
    return and_(_states.facet == name, held, _begins <= on, or_(_states.valid_to.is_(None), _states.valid_to > on))
