"""Imports: read files of event data and scores into the ledger, a chunk a transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import TextIO

from entente.relations.entities import Entities
from entente.services.errors import Conflict
from entente.services.importing.errors import BadRow
from entente.services.importing.events import EventRows
from entente.services.importing.formats import Format
from entente.services.importing.parties import DatedCode, Parties
from entente.services.importing.proposals import proposed
from entente.services.importing.reports import FurtherReport, ReportRows
from entente.services.importing.rows import Row, Rows
from entente.services.importing.scores import ScoreRows
from entente.services.ports.imports import ImportedEvent, ImportedFile, ImportedScore
from entente.services.ports.ledger import Ledger
from entente.services.ports.system import Clock

#: Rows that one transaction stores: what an interruption repeats, and what is held in memory.
CHUNK = 50_000

#: Rows named for each reason of refusal.
NAMED = 3

#: Days of one file of which events were stored that are remembered.
_DAYS_KEPT = 100_000

Key = tuple[str, str, date, str, bool]
Reader = EventRows | ScoreRows | ReportRows


@dataclass(slots=True)
class ImportReport:
    """What became of a file's rows. `examples`: reason of refusal → the first lines, with what was found there."""

    file: ImportedFile
    was_known: bool = False
    resumed_at: int = 0
    examples: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Taken:
    """One chunk: what its rows give, and which are refused."""

    n_rows: int = 0
    events: dict[Key, ImportedEvent] = field(default_factory=dict)
    scores: list[ImportedScore] = field(default_factory=list)
    reports: Counter[str] = field(default_factory=Counter)
    n_merged: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class Imports:
    """Import files of event data and of scores. A file is known by its content and taken once."""

    def __init__(
        self,
        ledger: Ledger,
        entities: Entities,
        dated: Iterable[DatedCode],
        formats: Mapping[str, Format],
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._entities = entities
        self._dated = tuple(dated)
        self._formats = formats
        self._clock = clock

    def parties(self, form: Format) -> Parties:
        """The parties that a format writes."""
        return Parties(form, self._entities, self._dated)

    def propose(self, title: str, start: str) -> str:
        """A mapping file for a table that begins so."""
        return proposed(title, start, self._entities, self._dated)

    def remove(self, origin: str) -> int:
        """Remove the files of a data set, a file a transaction; their number."""
        with self._ledger.read() as unit:
            files = unit.imports.files(origin)
        for file in files:
            with self._ledger.write() as unit:
                unit.imports.remove(file)
                unit.commit()
        return len(files)

    def rows(self, name: str, text: TextIO, form: Format) -> Rows:
        """The rows of a file. Raises WrongFile."""
        return Rows(name, text, form, self._formats)

    def run(
        self,
        form: Format,
        name: str,
        digest: str,
        text: TextIO,
        dry_run: bool = False,
        progressed: Callable[[int], bool] = lambda _rows: True,
    ) -> ImportReport:
        """Import a file, from where an interrupted import stopped.

        Raises WrongFile before anything is stored, Conflict if another process imports it too.

        `progressed` is told the rows read so far after each chunk, and says whether to go on. `dry_run`: nothing is
        stored, and events are merged only within a chunk.
        """
        rows = self.rows(name, text, form)
        reader = _reader(form, rows, self.parties(form))
        file = self._begun(form, name, digest, dry_run)
        report = ImportReport(file, was_known=file.finished_at is not None, resumed_at=file.n_rows)
        if report.was_known:
            return report
        waiting = islice(rows, file.n_rows, None)
        # What days an interrupted import stored is not known: all may have been.
        seen: set[date] | None = None if file.n_rows else set()
        while (taken := self._take(reader, waiting, report)).n_rows:
            file = self._store(form, file, taken, seen, dry_run)
            if not progressed(file.n_rows):
                report.file = file
                return report
            seen = None if seen is None or len(seen) > _DAYS_KEPT else seen | {key[2] for key in taken.events}
        report.file = self._finished(file, dry_run)
        return report

    def _begun(self, form: Format, name: str, digest: str, dry_run: bool) -> ImportedFile:
        with self._ledger.read() as unit:
            found = unit.imports.file(form.name, digest)
        if found or dry_run:
            return replace(found, id=0) if found and dry_run else found or ImportedFile(0, form.name, name, digest)
        with self._ledger.write() as unit:
            made = unit.imports.begin(form.name, name, digest, self._clock.now())
            unit.commit()
        return made

    def _take(self, reader: "Reader", rows: Iterator[Row], report: ImportReport) -> _Taken:
        taken = _Taken()
        for line, cells in islice(rows, CHUNK):
            taken.n_rows += 1
            try:
                found = reader.read(line, cells)
            except (BadRow, IndexError) as error:
                self._refuse(error, line, taken, report)
                continue
            if isinstance(found, ImportedEvent):
                self._merge(found, taken)
            elif isinstance(found, FurtherReport):
                taken.reports[found.number] += 1
            else:
                taken.scores += found
        return taken

    @staticmethod
    def _merge(event: ImportedEvent, taken: _Taken) -> None:
        key = event[:5]
        before = taken.events.get(key)
        if before is None:
            taken.events[key] = event
        else:
            taken.n_merged += 1
            deaths = event.deaths if before.deaths is None else before.deaths + (event.deaths or 0)
            taken.events[key] = before._replace(n_reports=before.n_reports + event.n_reports, deaths=deaths)

    @staticmethod
    def _refuse(error: Exception, line: int, taken: _Taken, report: ImportReport) -> None:
        reason = error.reason if isinstance(error, BadRow) else "another number of columns"
        detail = error.detail if isinstance(error, BadRow) else ""
        taken.refused[reason] += 1
        some = report.examples.setdefault(reason, [])
        if len(some) < NAMED:
            some.append(f"line {line}" + (f": {detail}" if detail else ""))

    def _store(
        self, form: Format, file: ImportedFile, taken: _Taken, seen: set[date] | None, dry_run: bool
    ) -> ImportedFile:
        """Store a chunk, and how far the file is with it."""
        n_stored = len(taken.events) + len(taken.scores)
        n_merged = taken.n_merged + taken.reports.total()
        refused = Counter(file.refused) + taken.refused
        if dry_run:
            return _moved(file, taken.n_rows, n_stored, n_merged, refused)
        known = {key for key in taken.events if seen is None or key[2] in seen}
        fresh = [event for key, event in taken.events.items() if key not in known]
        with self._ledger.write() as unit:
            if not unit.imports.hold(file):
                raise Conflict(f"{file.name}: another process imports it")
            again = unit.imports.add_events(file, [taken.events[key] for key in known], True) if known else 0
            unit.imports.add_events(file, fresh, False)
            unit.imports.add_scores(file, taken.scores)
            if taken.reports:
                lost = sum(taken.reports[number] for number in unit.imports.add_reports(form.of, taken.reports))
                n_merged -= lost
                refused += Counter({"no event of this number": lost})
            after = _moved(file, taken.n_rows, n_stored - again, n_merged + again, refused)
            unit.imports.note(after)
            unit.commit()
        return after

    def _finished(self, file: ImportedFile, dry_run: bool) -> ImportedFile:
        after = replace(file, finished_at=self._clock.now())
        if not dry_run:
            with self._ledger.write() as unit:
                unit.imports.note(after)
                unit.commit()
        return after


def _reader(form: Format, rows: Rows, parties: Parties) -> "Reader":
    if form.kind == "reports":
        return ReportRows(form, rows)
    return EventRows(form, rows, parties) if form.kind == "events" else ScoreRows(form, rows, parties)


def _moved(file: ImportedFile, rows: int, stored: int, merged: int, refused: Counter[str]) -> ImportedFile:
    return replace(
        file,
        n_rows=file.n_rows + rows,
        n_stored=file.n_stored + stored,
        n_merged=file.n_merged + merged,
        refused=dict(refused),
    )
