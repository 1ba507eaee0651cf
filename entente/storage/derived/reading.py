"""SqlDerivedReads: the DerivedReads port on SQL, intervals and sums of dyads and the input of a record."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Date, Executable, Text, and_, bindparam, func, or_, select, type_coerce, union_all

from entente.relations.codebook import UNCONFIRMED, Codebook
from entente.relations.dyads import Dyad
from entente.relations.folding.facet import FacetKey
from entente.relations.folding.refold import FacetHistory
from entente.relations.record import Past
from entente.relations.states import Interval, holding
from entente.relations.tally import Tally, TallyKey, first_of
from entente.services.ports.derived import Direction
from entente.services.ports.state_tables import StatePage, TabledStates
from entente.storage.derived.facet_histories import SqlFacetHistory, facet_histories
from entente.storage.derived.rows import unpack_interval, unpack_tally
from entente.storage.derived.state_tables import tabled_states
from entente.storage.derived.tables import states as states_table
from entente.storage.derived.tables import tallies as tallies_table
from entente.storage.dialect import GivenRows, of_each

_s = states_table.c
_t = tallies_table.c

# Statements are built once: building one takes several times as long as executing it.
_STATES = select(states_table).where(_s.dyad_a == bindparam("a"), _s.dyad_b == bindparam("b"))
_DIRECTIONS = GivenRows("directions", dict.fromkeys(("source", "target"), Text()))
_TALLIES = select(tallies_table).where(
    or_(
        and_(_t.source == bindparam("a"), _t.target == bindparam("b")),
        and_(_t.source == bindparam("b"), _t.target == bindparam("a")),
    )
)


@cache
def _held(dialect: str) -> Executable:
    """The intervals of directions that last, or end after a day. Two SELECTs, for two ranges of one index.

    No condition on the start: with one, the database would use the other index and read the whole past.
    """
    asked = _DIRECTIONS.rows(dialect)
    own = (_s.source == asked.c.source, _s.target == asked.c.target)
    return union_all(
        of_each(dialect, asked, states_table, *own, _s.valid_to.is_(None)),
        of_each(dialect, asked, states_table, *own, _s.valid_to > bindparam("as_of")),
    )


@cache
def _last_starts(dialect: str) -> Executable:
    asked = _DIRECTIONS.rows(dialect)
    last = select(func.max(_s.starts_on)).where(
        _s.source == asked.c.source,
        _s.target == asked.c.target,
        _s.starts_on <= bindparam("as_of"),
        _s.standing != UNCONFIRMED,
    )
    return select(asked.c.source, asked.c.target, type_coerce(last.scalar_subquery(), Date).label("last"))


@cache
def _sums(dialect: str) -> Executable:
    """The sums of directions. Three SELECTs: one with OR would read every sum of a direction."""
    asked = _DIRECTIONS.rows(dialect)
    own = (_t.source == asked.c.source, _t.target == asked.c.target)
    levels = (
        (_t.level == "year", _t.first < bindparam("year")),
        (_t.level == "month", _t.first >= bindparam("year"), _t.first < bindparam("month")),
        (_t.level == "day", _t.first >= bindparam("month"), _t.first <= bindparam("as_of")),
    )
    columns = (_t.source, _t.target, _t.first, _t.sums)
    return union_all(*(of_each(dialect, asked, tallies_table, *own, *level, columns=columns) for level in levels))


def stored_states(connection: Connection, dyad: Dyad) -> list[tuple[int, Interval]]:
    """All intervals of a dyad, each with the id of its row."""
    return [(row.id, unpack_interval(row)) for row in connection.execute(_STATES, {"a": dyad.a, "b": dyad.b})]


def stored_tallies(connection: Connection, dyad: Dyad) -> dict[TallyKey, Tally]:
    """All sums of both directions."""
    rows = connection.execute(_TALLIES, {"a": dyad.a, "b": dyad.b})
    return {(row.source, row.target, row.level, row.first): unpack_tally(row.sums) for row in rows}


class SqlDerivedReads:
    """Reads of intervals and sums in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def states(self, dyad: Dyad) -> list[Interval]:
        """In order of track and start."""
        found = (interval for _, interval in stored_states(self._connection, dyad))
        return sorted(found, key=lambda interval: (interval.track, interval.starts_on))

    def tabled(
        self, wanted: StatePage, after: tuple[Any, ...] | None, limit: int
    ) -> tuple[TabledStates, tuple[Any, ...] | None]:
        return tabled_states(self._connection, wanted, after, limit)

    def tallies(self, dyad: Dyad) -> Mapping[TallyKey, Tally]:
        return stored_tallies(self._connection, dyad)

    def pasts(self, directions: Collection[Direction], as_of: date) -> Mapping[Direction, Past]:
        """Reads only the intervals that hold on the day, not the past ones, in three queries for all directions."""
        dialect = self._connection.dialect.name
        asked = {**_DIRECTIONS.parameters(dialect, directions), "as_of": as_of}
        begins = {"year": first_of("year", as_of), "month": first_of("month", as_of)}
        held: dict[Direction, list[Interval]] = {direction: [] for direction in directions}
        for row in self._connection.execute(_held(dialect), asked):
            held[row.source, row.target].append(unpack_interval(row))
        sums: dict[Direction, list[tuple[date, Tally]]] = {direction: [] for direction in directions}
        for source, target, first, packed in self._connection.execute(_sums(dialect), {**asked, **begins}):
            sums[source, target].append((first, unpack_tally(packed)))
        starts = {(row.source, row.target): row.last for row in self._connection.execute(_last_starts(dialect), asked)}
        return {
            direction: Past(
                tallies=sums[direction], held=holding(held[direction], as_of), last_change=starts[direction]
            )
            for direction in directions
        }

    def facet_history(self, key: FacetKey, codebook: Codebook) -> FacetHistory:
        return SqlFacetHistory(self._connection, key, codebook)

    def facet_histories(self, firsts: Mapping[FacetKey, date], codebook: Codebook) -> Mapping[FacetKey, FacetHistory]:
        return facet_histories(self._connection, firsts, codebook)
