"""Port: imported data, beside ours: events and scores of other data sets, by the file that they come from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple, Protocol


class ImportedEvent(NamedTuple):
    """A row of event data. `line`: where its row ends in its file; `number`: its id in the data set where
    reports follow in other files, else "".

    `intensity` is on the data set's own scale. Rows of one source, target, day, code and `between_states` in a file
    are one event, of which the first is kept; the others count as reports, and their deaths are added.
    """

    source: str
    target: str
    day: date
    code: str
    between_states: bool
    quad: int | None
    intensity: float | None
    n_reports: int
    deaths: int | None
    number: str
    line: int


class ImportedScore(NamedTuple):
    """A score of a pair in a year, as a data set gives it under this name. It holds in both directions."""

    source: str
    target: str
    year: int
    name: str
    value: float
    line: int


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file of a data set and how far it is imported.

    `n_rows`: rows read so far; `n_stored` of them are stored, `n_merged` were further reports of others. `refused`:
    reason → number, of those that were not taken. `finished_at` None: not all of it was read.
    """

    id: int
    origin: str
    name: str
    digest: str
    n_rows: int = 0
    n_stored: int = 0
    n_merged: int = 0
    refused: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    finished_at: datetime | None = None


class DaySums(NamedTuple):
    """Sums over a data set's events of one direction and day. `plus` and `minus`: of intensities above and below zero,
    the latter as a positive number; `squares`: of their squares; `n_scaled`: events that have an intensity.
    """

    origin: str
    day: date
    quad: int | None
    n_events: int
    n_reports: int
    n_scaled: int
    plus: float
    minus: float
    squares: float
    deaths: int


class ImportBook(Protocol):
    """The ledger's imported data."""

    def file(self, origin: str, digest: str) -> ImportedFile | None:
        """The file with this content, of a data set; None if nothing of it was imported."""

    def files(self, origin: str | None = None) -> Sequence[ImportedFile]:
        """All files, or those of a data set, in the order in which they came."""

    def begin(self, origin: str, name: str, digest: str, at: datetime) -> ImportedFile:
        """Note a file of which nothing was imported yet; the one that is there if another process has begun it."""

    def hold(self, file: ImportedFile) -> bool:
        """Keep other processes from the file until the end of the transaction; False if one has gone on with it."""

    def add_events(self, file: ImportedFile, events: Collection[ImportedEvent], seen: bool) -> int:
        """Store distinct events of a file; the number that were added to stored ones as reports.

        Not `seen`: none of the file's events that are stored has one of these days, which saves looking for them.
        """

    def add_reports(self, origin: str, reports: Mapping[str, int]) -> Collection[str]:
        """Add to the reports of a data set's events, by their number; the numbers that no stored event has."""

    def add_scores(self, file: ImportedFile, scores: Collection[ImportedScore]) -> None:
        """Store scores of a file; what it gave before for the same pair, year and name is replaced."""

    def note(self, file: ImportedFile) -> None:
        """Record how far a file is imported."""

    def remove(self, file: ImportedFile) -> None:
        """Remove a file and all that came of it."""

    def day_sums(self, source: str, target: str, first: date, last: date) -> Iterator[DaySums]:
        """Sums of one direction by origin, day and quad class, of events between states dated within these days."""

    def scores(self, source: str, target: str) -> Sequence[tuple[str, ImportedScore]]:
        """(origin, score) of a pair, in either order, by origin, name and year."""
