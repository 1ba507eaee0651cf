"""SqlImportBook: the ImportBook port on SQL, with the bulk paths of either database."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, bindparam, case, delete, func, select, type_coerce, update

from entente.services.ports.imports import DaySums, ImportedEvent, ImportedFile, ImportedScore
from entente.storage.dialect import insert_into
from entente.storage.truth.rows import AnyRow
from entente.storage.truth.tables import imported_events, imported_files, imported_scores

_f = imported_files.c
_e = imported_events.c
_s = imported_scores.c

_COLUMNS = (
    *("source", "target", "file", "day", "code", "between_states"),
    *("quad", "intensity", "n_reports", "deaths", "number", "line"),
)
_KEY = _COLUMNS[:6]
_NAMED = ", ".join(_COLUMNS)

_INSERT = f"INSERT INTO imported_events ({_NAMED}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_REPEAT = (
    "UPDATE imported_events SET n_reports = n_reports + ?, deaths = coalesce(deaths + ?, deaths, ?) WHERE "
    + " AND ".join(f"{name} = ?" for name in _KEY)
)

_COPY = f"COPY imported_events ({_NAMED}) FROM STDIN"
_STAGE = "CREATE TEMP TABLE IF NOT EXISTS staged_events (LIKE imported_events) ON COMMIT DELETE ROWS"
_COPY_STAGED = f"COPY staged_events ({_NAMED}) FROM STDIN"
# An updated row has a transaction that locked it, in xmax; a new one has none.
_MERGE = (
    f"WITH merged AS (INSERT INTO imported_events ({_NAMED}) SELECT {_NAMED} FROM staged_events"
    f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET n_reports = imported_events.n_reports + excluded.n_reports,"
    " deaths = coalesce(imported_events.deaths + excluded.deaths, imported_events.deaths, excluded.deaths)"
    " RETURNING xmax = 0 AS is_new) SELECT count(*) FROM merged WHERE NOT is_new"
)

_OF_ORIGIN = "file IN (SELECT id FROM imported_files WHERE origin = {})"
_REPORTS = (
    "UPDATE imported_events SET n_reports = n_reports + ? WHERE number = ? AND number <> '' AND "
    + _OF_ORIGIN.format("?")
)
_REPORTS_AT_ONCE = (
    "UPDATE imported_events SET n_reports = n_reports + told.n"
    " FROM unnest(%s::text[], %s::int[]) AS told(number, n) WHERE imported_events.number = told.number"
    f" AND imported_events.number <> '' AND {_OF_ORIGIN.format('%s')} RETURNING told.number"
)

_DAY_SUMS = (
    select(
        _f.origin,
        type_coerce(_e.day, Date),
        _e.quad,
        func.count(),
        func.sum(_e.n_reports),
        func.count(_e.intensity),
        func.coalesce(func.sum(case((_e.intensity > 0, _e.intensity), else_=0.0)), 0.0),
        func.coalesce(func.sum(case((_e.intensity < 0, -_e.intensity), else_=0.0)), 0.0),
        func.coalesce(func.sum(_e.intensity * _e.intensity), 0.0),
        func.coalesce(func.sum(_e.deaths), 0),
    )
    .join(imported_files, _f.id == _e.file)
    .where(_e.source == bindparam("source"), _e.target == bindparam("target"), _e.between_states)
    .where(_e.day >= bindparam("first"), _e.day <= bindparam("last"))
    .group_by(_f.origin, _e.day, _e.quad)
    .order_by(_f.origin, _e.day, _e.quad)
)

_SCORES = (
    select(_f.origin, imported_scores)
    .join(imported_files, _f.id == _s.file)
    .where(_s.source == bindparam("a"), _s.target == bindparam("b"))
    # Of two editions of a data set the later file's is read last.
    .order_by(_f.origin, _s.name, _s.year, _f.id)
)


class SqlImportBook:
    """Imported data in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"

    def file(self, origin: str, digest: str) -> ImportedFile | None:
        found = select(imported_files).where(_f.origin == origin, _f.digest == digest)
        row = self._connection.execute(found).one_or_none()
        return _file(row) if row else None

    def files(self, origin: str | None = None) -> Sequence[ImportedFile]:
        found = select(imported_files).order_by(_f.id)
        if origin is not None:
            found = found.where(_f.origin == origin)
        return [_file(row) for row in self._connection.execute(found)]

    def begin(self, origin: str, name: str, digest: str, at: datetime) -> ImportedFile:
        values = {"origin": origin, "name": name, "digest": digest, "began_at": at, "refused": {}}
        counts = {"n_rows": 0, "n_stored": 0, "n_merged": 0}
        # Another process may begin it at the same moment.
        put = insert_into(self._connection, imported_files).on_conflict_do_nothing()
        self._connection.execute(put, {**values, **counts})
        made = self.file(origin, digest)
        assert made
        return made

    def hold(self, file: ImportedFile) -> bool:
        still = update(imported_files).where(_f.id == file.id, _f.n_rows == file.n_rows).values(n_rows=file.n_rows)
        return self._connection.execute(still).rowcount == 1

    def add_events(self, file: ImportedFile, events: Collection[ImportedEvent], seen: bool) -> int:
        # In the order of the key, so that each page of the index is changed once.
        rows = sorted(_row(file.id, event, self._is_sqlite) for event in events)
        return self._insert(rows, seen) if self._is_sqlite else self._copy(rows, seen)

    def add_reports(self, origin: str, reports: Mapping[str, int]) -> Collection[str]:
        driver: Any = self._connection.connection.driver_connection
        cursor = driver.cursor()
        try:
            if self._is_sqlite:
                told = sorted(reports.items())
                return {name for name, n in told if not cursor.execute(_REPORTS, (n, name, origin)).rowcount}
            cursor.execute(_REPORTS_AT_ONCE, (list(reports), list(reports.values()), origin))
            return reports.keys() - {row[0] for row in cursor.fetchall()}
        finally:
            cursor.close()

    def add_scores(self, file: ImportedFile, scores: Collection[ImportedScore]) -> None:
        if not scores:
            return
        put = insert_into(self._connection, imported_scores)
        put = put.on_conflict_do_update(
            index_elements=[_s.source, _s.target, _s.file, _s.name, _s.year],
            set_={"value": put.excluded.value, "line": put.excluded.line},
        )
        self._connection.execute(put, [{**score._asdict(), "file": file.id} for score in scores])

    def note(self, file: ImportedFile) -> None:
        values: dict[str, Any] = {
            "n_rows": file.n_rows,
            "n_stored": file.n_stored,
            "n_merged": file.n_merged,
            "refused": dict(file.refused),
            "finished_at": file.finished_at,
        }
        self._connection.execute(update(imported_files).where(_f.id == file.id).values(values))

    def remove(self, file: ImportedFile) -> None:
        self._connection.execute(delete(imported_events).where(_e.file == file.id))
        self._connection.execute(delete(imported_scores).where(_s.file == file.id))
        self._connection.execute(delete(imported_files).where(_f.id == file.id))

    def day_sums(self, source: str, target: str, first: date, last: date) -> Iterator[DaySums]:
        asked = {"source": source, "target": target, "first": first, "last": last}
        for row in self._connection.execute(_DAY_SUMS, asked):
            origin, day, quad, n, reports, scaled, plus, minus, squares, deaths = row
            # PostgreSQL sums integers to decimals.
            sums = float(plus), float(minus), float(squares)
            yield DaySums(origin, day, quad, n, int(reports), scaled, *sums, int(deaths))

    def scores(self, source: str, target: str) -> Sequence[tuple[str, ImportedScore]]:
        a, b = sorted((source, target))
        found: dict[tuple[str, str, int], tuple[str, ImportedScore]] = {}
        for row in self._connection.execute(_SCORES, {"a": a, "b": b}):
            score = ImportedScore(row.source, row.target, row.year, row.name, row.value, row.line)
            found[row.origin, row.name, row.year] = (row.origin, score)
        return list(found.values())

    def _insert(self, rows: list[tuple[Any, ...]], seen: bool) -> int:
        """By the driver's own loop over one prepared statement."""
        driver: Any = self._connection.connection.driver_connection
        cursor = driver.cursor()
        new = rows
        if seen:
            new = [row for row in rows if not cursor.execute(_REPEAT, (row[8], row[9], row[9], *row[:6])).rowcount]
        cursor.executemany(_INSERT, new)
        cursor.close()
        return len(rows) - len(new)

    def _copy(self, rows: list[tuple[Any, ...]], seen: bool) -> int:
        """By COPY: into the table, or if events may be stored already, into a temporary one that is merged with it."""
        driver: Any = self._connection.connection.driver_connection
        with driver.cursor() as cursor:
            if seen:
                cursor.execute(_STAGE)
            with cursor.copy(_COPY_STAGED if seen else _COPY) as copy:
                for row in rows:
                    copy.write_row(row)
            if not seen:
                return 0
            cursor.execute(_MERGE)
            merged = int(cursor.fetchone()[0])
            # Another file of the same transaction would find them here.
            cursor.execute("TRUNCATE staged_events")
            return merged


def _row(file: int, event: ImportedEvent, as_text: bool) -> tuple[Any, ...]:
    source, target, day, *rest = event
    return (source, target, file, day.isoformat() if as_text else day, *rest)


def _file(row: AnyRow) -> ImportedFile:
    counts = (row.n_rows, row.n_stored, row.n_merged)
    return ImportedFile(row.id, row.origin, row.name, row.digest, *counts, row.refused, row.finished_at)
