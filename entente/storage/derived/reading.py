"""SqlDerivedReads: the DerivedReads port on SQL, intervals and sums of dyads and the input of a record."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Date, and_, bindparam, func, or_, select, type_coerce, union_all

from entente.relations.codebook import UNCONFIRMED, Codebook
from entente.relations.dyads import Dyad
from entente.relations.folding.facet import FacetKey
from entente.relations.folding.refold import FacetHistory
from entente.relations.record import Past
from entente.relations.states import Interval, holding
from entente.relations.tally import Tally, TallyKey, first_of
from entente.services.ports.state_tables import StatePage, TabledStates
from entente.storage.derived.facet_histories import SqlFacetHistory, facet_histories
from entente.storage.derived.rows import unpack_interval, unpack_tally
from entente.storage.derived.state_tables import tabled_states
from entente.storage.derived.tables import states as states_table
from entente.storage.derived.tables import tallies as tallies_table

_s = states_table.c
_t = tallies_table.c

# Statements are built once: building one takes several times as long as executing it.
_STATES = select(states_table).where(_s.dyad_a == bindparam("a"), _s.dyad_b == bindparam("b"))
_DIRECTION = and_(_s.source == bindparam("source"), _s.target == bindparam("target"))
# Two SELECTs, for two ranges of one index: intervals that last, and those that end after the day. No condition on the
# start: with one, the database would use the other index and read the whole past.
_HELD = union_all(
    select(states_table).where(_DIRECTION, _s.valid_to.is_(None)),
    select(states_table).where(_DIRECTION, _s.valid_to > bindparam("as_of")),
)
_LAST_START = select(type_coerce(func.max(_s.starts_on), Date)).where(
    _DIRECTION, _s.starts_on <= bindparam("as_of"), _s.standing != UNCONFIRMED
)
_OF_DIRECTION = select(_t.first, _t.sums).where(_t.source == bindparam("source"), _t.target == bindparam("target"))
# Three SELECTs: one with OR would read every sum of the direction.
_SUMS = union_all(
    _OF_DIRECTION.where(_t.level == "year", _t.first < bindparam("year")),
    _OF_DIRECTION.where(_t.level == "month", _t.first >= bindparam("year"), _t.first < bindparam("month")),
    _OF_DIRECTION.where(_t.level == "day", _t.first >= bindparam("month"), _t.first <= bindparam("as_of")),
)
_TALLIES = select(tallies_table).where(
    or_(
        and_(_t.source == bindparam("a"), _t.target == bindparam("b")),
        and_(_t.source == bindparam("b"), _t.target == bindparam("a")),
    )
)


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

    def past(self, source: str, target: str, as_of: date) -> Past:
        """Reads only the intervals that hold on the day, not the past ones."""
        named = {"source": source, "target": target, "as_of": as_of}
        held = [unpack_interval(row) for row in self._connection.execute(_HELD, named)]
        begins = {"year": first_of("year", as_of), "month": first_of("month", as_of)}
        return Past(
            tallies=[
                (row.first, unpack_tally(row.sums)) for row in self._connection.execute(_SUMS, {**named, **begins})
            ],
            held=holding(held, as_of),
            last_change=self._connection.execute(_LAST_START, named).scalar_one_or_none(),
        )

    def facet_history(self, key: FacetKey, codebook: Codebook) -> FacetHistory:
        return SqlFacetHistory(self._connection, key, codebook)

    def facet_histories(self, firsts: Mapping[FacetKey, date], codebook: Codebook) -> Mapping[FacetKey, FacetHistory]:
        return facet_histories(self._connection, firsts, codebook)
