"""Reading what is derived of a dyad: its intervals, its tallies, and what holds on one day."""

from datetime import date

from sqlalchemy import Connection, Date, and_, func, or_, select, type_coerce

from entente.relations.record import Past
from entente.relations.states import Interval, holding
from entente.relations.tally import Span, Tally, first_of
from entente.services.ports import Dyad
from entente.storage.rows import unpack_interval, unpack_tally
from entente.storage.tables import states as states_table
from entente.storage.tables import tallies as tallies_table

_s = states_table.c
_t = tallies_table.c


def stored_states(connection: Connection, dyad: Dyad) -> list[tuple[int, Interval]]:
    """Every interval of a dyad with the id of its row."""
    found = select(states_table).where(_s.dyad_a == dyad.a, _s.dyad_b == dyad.b)
    return [(row.id, unpack_interval(row)) for row in connection.execute(found)]


def states(connection: Connection, dyad: Dyad) -> list[Interval]:
    """Every interval of a dyad in order of track and start."""
    found = (interval for _, interval in stored_states(connection, dyad))
    return sorted(found, key=lambda interval: (interval.track, interval.starts_on))


def tallies(connection: Connection, dyad: Dyad) -> dict[Span, Tally]:
    """Every sum of both directions."""
    either = or_(and_(_t.source == dyad.a, _t.target == dyad.b), and_(_t.source == dyad.b, _t.target == dyad.a))
    rows = connection.execute(select(tallies_table).where(either))
    return {(row.source, row.target, row.level, row.first): unpack_tally(row.sums) for row in rows}


def past(connection: Connection, source: str, target: str, as_of: date) -> Past:
    """All that a record of that day is made from. Reads what holds on it, not what came before."""
    direction = and_(_s.source == source, _s.target == target)
    # Two questions, for two ends of one index: what lasts, and what ends after the day. Not asking when it began
    # keeps the database from taking the other index, and reading all of the past.
    held = [
        unpack_interval(row)
        for lasting in (_s.valid_to.is_(None), _s.valid_to > as_of)
        for row in connection.execute(select(states_table).where(direction, lasting))
    ]
    last = select(type_coerce(func.max(_s.starts_on), Date)).where(direction, _s.starts_on <= as_of)
    year, month = first_of("year", as_of), first_of("month", as_of)
    seen = or_(
        and_(_t.level == "year", _t.first < year),
        and_(_t.level == "month", _t.first >= year, _t.first < month),
        and_(_t.level == "day", _t.first >= month, _t.first <= as_of),
    )
    sums = select(_t.first, _t.sums).where(_t.source == source, _t.target == target, seen)
    return Past(
        tallies=[(row.first, unpack_tally(row.sums)) for row in connection.execute(sums)],
        held=holding(held, as_of),
        last_change=connection.execute(last).scalar_one_or_none(),
    )
