"""Read intervals as columns, for tables of any length. Days and JSON are read as text, whole batches at a time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, select, tuple_

from entente.relations.codebook import UNCONFIRMED
from entente.relations.state_facts import origin_of
from entente.services.ports.state_tables import StatePage, TabledStates
from entente.storage.derived.event_tables import parsed
from entente.storage.derived.tables import events, states
from entente.storage.dialect import chunks, driver_rows

#: Where a page of intervals ends: the track and start of its last.
Mark = tuple[Any, ...]

_Row = tuple[Any, ...]

_s = states.c
_ORDER = (_s.source, _s.target, _s.facet, _s.item, _s.standing, _s.starts_on)

#: The columns of an interval, in the order of `_tabled`.
_COLUMNS = select(
    _s.source,
    _s.target,
    _s.facet,
    _s.item,
    _s.standing,
    cast(_s.starts_on, Text).label("starts_on"),
    _s.value,
    _s.status,
    cast(_s.valid_from, Text).label("first_day"),
    _s.precision,
    _s.dated_by,
    cast(_s.known_by, Text).label("known_by"),
    cast(_s.valid_to, Text).label("valid_to"),
    _s.ends,
    _s.rule,
    _s.n_evidence,
    cast(_s.owners, Text).label("owners"),
    cast(_s.evidence, Text).label("evidence"),
)
_N_COLUMNS = len(_COLUMNS.selected_columns)


def tabled_states(
    connection: Connection, wanted: StatePage, after: Mark | None, limit: int
) -> tuple[TabledStates, Mark | None]:
    """Up to `limit` intervals, and the mark after which others follow; None: none do."""
    rows = driver_rows(connection, _page(wanted, after, limit))
    mark = rows[limit - 1][: len(_ORDER)] if len(rows) > limit else None
    return _tabled(connection, rows, min(limit, len(rows)), wanted.as_of), mark


def _page(wanted: StatePage, after: Mark | None, limit: int) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [_s.starts_on <= wanted.as_of]
    named = {_s.source: wanted.source, _s.target: wanted.target, _s.facet: wanted.facet}
    conditions += [column == value for column, value in named.items() if value is not None]
    if wanted.unconfirmed != "include":
        only = wanted.unconfirmed == "only"
        conditions.append(_s.standing == UNCONFIRMED if only else _s.standing != UNCONFIRMED)
    direction = tuple_(_s.source, _s.target)
    if wanted.beyond is not None:
        conditions.append(direction > tuple_(*wanted.beyond))
    if wanted.before is not None:
        conditions.append(direction < tuple_(*wanted.before))
    if after is not None:
        *track, starts_on = after
        conditions.append(tuple_(*_ORDER) > tuple_(*track, date.fromisoformat(starts_on)))
    return _COLUMNS.where(*conditions).order_by(*_ORDER).limit(limit + 1)


def _tabled(connection: Connection, rows: Sequence[_Row], n: int, as_of: date) -> TabledStates:
    """The columns of the first `n` rows; a row more tells what follows the last of them."""
    columns: list[Sequence[Any]] = [column[:n] for column in zip(*rows, strict=True)] or [()] * _N_COLUMNS
    sources, targets, facets, items, standings, _, values, statuses, firsts, precisions, dated_by = columns[:11]
    known_by, valid_to, ends, rules, n_evidence, owners, evidence = columns[11:]
    told = parsed(evidence)
    until = [_until(row, valid_to[i], rows[i + 1] if i + 1 < len(rows) else None) for i, row in enumerate(rows[:n])]
    confidences = _confidences(connection, {id for ids in told for id in ids})
    today = as_of.isoformat()
    return TabledStates(
        source=sources,
        target=targets,
        facet=facets,
        item=items,
        value=values,
        standing=standings,
        status=[
            standing
            if standing != "held"
            else "expired"
            if end == "expiry" and last is not None and last <= today
            else status
            for standing, status, end, last in zip(standings, statuses, ends, valid_to, strict=True)
        ],
        first_day=firsts,
        precision=precisions,
        # Null until the dyad is derived again, where it was derived before it was kept.
        dated_by=[origin or "text" for origin in dated_by],
        known_by=known_by,
        until=[day for day, _ in until],
        until_precision=[precision for _, precision in until],
        ends=ends,
        rule=rules,
        n_evidence=n_evidence,
        n_owners=list(map(len, parsed(owners))),
        first_evidence=[ids[0] if ids else "" for ids in told],
        last_evidence=[ids[-1] if ids else "" for ids in told],
        confidence=[max((confidences[id] for id in ids if id in confidences), default=None) for ids in told],
        origin=[origin_of(ids[0] if ids else "") for ids in told],
    )


def _until(row: _Row, valid_to: str | None, following: _Row | None) -> tuple[str | None, str | None]:
    if valid_to is None:
        return None, None
    if following is not None and following[:5] == row[:5] and following[5] == valid_to:
        first_day, precision = following[8:10]
        return (first_day, precision) if first_day else (valid_to, "day")
    return valid_to, "day"


def _confidences(connection: Connection, ids: Collection[str]) -> Mapping[str, float]:
    """The confidence of each of these stored events, by id."""
    found: dict[str, float] = {}
    for some in chunks(list(ids)):
        rows = connection.execute(select(events.c.id, events.c.confidence).where(events.c.id.in_(some)))
        found.update((row.id, row.confidence) for row in rows)
    return found
