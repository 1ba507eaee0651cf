"""ImportReads: series and scores of imported data, beside ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from entente.relations.codebook import Codebook
from entente.relations.entities import Entities
from entente.relations.imported import ImportedBucket, ImportedDay, imported_series
from entente.relations.series import MAX_BUCKETS, count, latest_start
from entente.services.errors import Contradiction
from entente.services.importing.formats import Format
from entente.services.ports.imports import DaySums, ImportedFile, ImportedScore
from entente.services.ports.ledger import Ledger
from entente.services.ports.system import Clock
from entente.services.reading.clocks import read_clocks
from entente.services.reading.relations import pair


@dataclass(frozen=True, slots=True)
class DataSetSeries:
    """One data set's series, and the name of its scale; "" if it has none. `title` is its name for people."""

    origin: str
    title: str
    scale: str
    buckets: Sequence[ImportedBucket]


@dataclass(frozen=True, slots=True)
class Imported:
    """What data sets say of source → target up to a day. `scores` are of the pair, in both directions."""

    source: str
    target: str
    as_of: date
    interval: str
    series: Sequence[DataSetSeries]
    scores: Sequence[tuple[str, ImportedScore]]


class ImportReads:
    """Reads of imported data. Codes of any scheme and names are accepted."""

    def __init__(
        self, ledger: Ledger, codebook: Codebook, entities: Entities, formats: Mapping[str, Format], clock: Clock
    ) -> None:
        self._ledger = ledger
        self._codebook = codebook
        self._entities = entities
        self._formats = formats
        self._clock = clock

    def files(self, origin: str | None = None) -> Sequence[ImportedFile]:
        """The imported files, in the order in which they came."""
        with self._ledger.read() as unit:
            return unit.imports.files(origin)

    def of(
        self, source: str, target: str, interval: str = "month", first: date | None = None, as_of: date | None = None
    ) -> Imported:
        """Series by `interval` of each data set, from `first` or else its earliest event, to `as_of`, and scores.

        Counts events between states only, as ours do. Raises UnknownEntity, and Contradiction if `first` gives more
        than MAX_BUCKETS or lies after `as_of`.
        """
        one, other = pair(self._entities, source, target)
        day = read_clocks(self._clock, as_of, None).as_of
        if first is not None and first > day:
            raise Contradiction("from", f"{first} lies after {day}, where the series ends")
        if first is not None and (n := count(interval, first, day)) > MAX_BUCKETS:
            raise Contradiction(
                "from", f"a series by {interval} from {first} has {n:,} parts, more than {MAX_BUCKETS:,}"
            )
        with self._ledger.read() as unit:
            sums = list(unit.imports.day_sums(one, other, date.min, day))
            scores = [found for found in unit.imports.scores(one, other) if found[1].year <= day.year]
        made = [
            self._series(origin, list(of_origin), interval, first, day)
            for origin, of_origin in groupby(sums, key=lambda each: each.origin)
        ]
        return Imported(one, other, day, interval, made, scores)

    def _series(
        self, origin: str, sums: Sequence[DaySums], interval: str, first: date | None, last: date
    ) -> DataSetSeries:
        days = [ImportedDay(s.day, s.quad, *s[3:8], deaths=s.deaths) for s in sums]
        begins = first or max(days[0].day, latest_start(interval, last))
        buckets = imported_series(days, self._codebook.score, interval, begins, last)
        form = self._formats.get(origin)
        return DataSetSeries(origin, form.title if form else origin, form.scale if form else origin, buckets)
