"""Events as rows of a table, with the columns of Entente, GDELT, ICEWS or POLECAT.

`docs/export.md` gives the origin of every column. Columns are made of whole batches of events.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from entente.relations.codebook import Codes
from entente.relations.dyads import entity_of
from entente.relations.events import Fact
from entente.relations.floor import is_unconfirmed
from entente.relations.periods import PRECISIONS
from entente.services.ports.event_tables import TabledEvents
from schemas.table_columns import Batch, Cell, Columns
from schemas.vocabulary import Vocabulary, instant_text, label_of, last_day, period_of


class EventBatch:
    """Events with what their columns are computed from: each attribute has an entry an event."""

    def __init__(self, events: TabledEvents, vocabulary: Vocabulary) -> None:
        self.events = events
        self.vocabulary = vocabulary

    @cached_property
    def codes(self) -> Sequence[Codes]:
        """Codes of the acts in their statuses."""
        done = list(zip(self.events.act, self.events.status, strict=True))
        made = {pair: self.vocabulary.codebook.codes(*pair) for pair in set(done)}
        return [made[pair] for pair in done]

    @property
    def labels(self) -> Sequence[str]:
        """The dates as precisely as they are known, "" if undated."""
        made = {dated: label_of(*dated) for dated in set(self._dates)}
        return [made[dated] for dated in self._dates]

    @property
    def days(self) -> Sequence[str | None]:
        """The day of each event; None if it is not known to the day or is that of a receipt, which is no date of it."""
        return [first if precision == "day" else None for first, precision in self._told_dates]

    @property
    def published_on(self) -> Sequence[str | None]:
        """The day of publication of each article; None if an event has only the day of its receipt."""
        told = zip(self.events.published_on, self.events.dated_by, strict=True)
        return [None if dated_by == "receipt" else day for day, dated_by in told]

    @property
    def last_days(self) -> Sequence[str | None]:
        """The last day of each date, None if undated."""
        made = {dated: last_day(*dated) for dated in set(self._dates)}
        return [made[dated] for dated in self._dates]

    @property
    def unconfirmed(self) -> Sequence[int]:
        """1 if the event would move a facet and is below the floor, else 0."""
        told, book = self.events, self.vocabulary.codebook
        floors = {act: book.floor(act) for act in set(told.act)}
        found = [0] * len(told)
        for n, (act, confidence) in enumerate(zip(told.act, told.confidence, strict=True)):
            if confidence < floors[act]:
                found[n] = int(is_unconfirmed(self._fact(n), book))
        return found

    @property
    def first_recorded(self) -> Sequence[str | None]:
        """When the first mention of each was recorded. Events of one article have the same."""
        made = {at: instant_text(at) for at in set(self.events.first_recorded_at)}
        return [made[at] for at in self.events.first_recorded_at]

    def written(self, length: int, least: str) -> Sequence[int | None]:
        """The dates as numbers of so many digits, None if they are less precise than `least` or of a receipt."""
        precise = PRECISIONS[: PRECISIONS.index(least) + 1]
        return [
            int(first.replace("-", "")[:length]) if first and precision in precise else None
            for first, precision in self._told_dates
        ]

    def keys(self, side: str) -> Sequence[str]:
        """Entity keys of the sources or the targets."""
        return self._each(side, entity_of)

    def sectors(self, side: str) -> Sequence[str]:
        """The sector of each party, else that in the mention that tells most; "" for the bare country."""
        told = self.events.source_sector if side == "source" else self.events.target_sector
        own = self._each(side, lambda party: party.partition(":")[2])
        return [sector or other for sector, other in zip(own, told, strict=True)]

    def names(self, side: str) -> Sequence[str]:
        """English short names."""
        return self._each(side, lambda party: self.vocabulary.entities.name(entity_of(party)))

    def of_scheme(self, side: str, scheme: str) -> Sequence[str]:
        """The code of each source or target in a scheme, or "" where it has none."""
        return self._each(side, lambda party: self._code(entity_of(party), scheme))

    def cameo_actors(self, side: str) -> Sequence[str]:
        """CAMEO's actor codes: the country's, with the sector where one acts, e.g. RUSGOV."""
        countries = self._each(side, lambda party: self._code(entity_of(party), "cameo") or entity_of(party))
        return [country + sector for country, sector in zip(countries, self.sectors(side), strict=True)]

    @cached_property
    def _dates(self) -> Sequence[tuple[str | None, str | None]]:
        return list(zip(self.events.first_day, self.events.precision, strict=True))

    @cached_property
    def _told_dates(self) -> Sequence[tuple[str | None, str | None]]:
        """The dates for tables that can't say where a date is from: that of a receipt is none there."""
        told = zip(self._dates, self.events.dated_by, strict=True)
        return [(None, None) if dated_by == "receipt" else dated for dated, dated_by in told]

    def _each(self, side: str, of: Callable[[str], str]) -> list[str]:
        """What is told of each party: asked once of those that are the same."""
        parties = self.events.source if side == "source" else self.events.target
        told = {party: of(party) for party in set(parties)}
        return [told[party] for party in parties]

    def _code(self, key: str, scheme: str) -> str:
        entity = self.vocabulary.entities.get(key)
        return entity.codes.get(scheme, "") if entity else ""

    def _fact(self, n: int) -> Fact:
        """What the floor asks of an event."""
        told = self.events
        known = date.fromisoformat(told.known_by[n])
        parties = (told.source[n], told.target[n], told.act[n], told.status[n])
        coders = tuple(told.coders[n])
        period = period_of(*self._dates[n])
        return Fact(told.id[n], *parties, period, known, told.confidence[n], (), 1, (), coders=coders)


EventColumns = Mapping[str, Callable[[EventBatch], Sequence[Cell]]]


def _both(
    name: str, make: Callable[[str], Callable[[EventBatch], Sequence[Cell]]], sides: Mapping[str, str]
) -> EventColumns:
    return {name.format(spelt): make(side) for side, spelt in sides.items()}


_SIDES = {"source": "source", "target": "target"}
_ACTORS = {"source": "Actor1", "target": "Actor2"}
_POLECAT = {"source": "Actor", "target": "Recipient"}

ENTENTE: EventColumns = {
    "id": lambda batch: batch.events.id,
    "date": lambda batch: batch.labels,
    "date_first": lambda batch: batch.events.first_day,
    "date_last": lambda batch: batch.last_days,
    "precision": lambda batch: [precision or "unknown" for precision in batch.events.precision],
    "dated_by": lambda batch: batch.events.dated_by,
    "known_by": lambda batch: batch.events.known_by,
    **_both("{}", lambda side: lambda batch: batch.keys(side), _SIDES),
    **_both("{}_name", lambda side: lambda batch: batch.names(side), _SIDES),
    **_both("{}_sector", lambda side: lambda batch: batch.sectors(side), _SIDES),
    "act": lambda batch: batch.events.act,
    "status": lambda batch: batch.events.status,
    "root": lambda batch: [codes.root for codes in batch.codes],
    "mode": lambda batch: [codes.mode for codes in batch.codes],
    "cameo": lambda batch: [codes.cameo for codes in batch.codes],
    "quad": lambda batch: [codes.quad for codes in batch.codes],
    "intensity": lambda batch: [codes.intensity for codes in batch.codes],
    "scale": lambda batch: [codes.scale for codes in batch.codes],
    "scale_version": lambda batch: [codes.scale_version for codes in batch.codes],
    "confidence": lambda batch: batch.events.confidence,
    "n_mentions": lambda batch: batch.events.n_mentions,
    "n_sources": lambda batch: batch.events.n_sources,
    "first_recorded_at": lambda batch: batch.first_recorded,
    "article": lambda batch: batch.events.article,
    "quote": lambda batch: [" ".join(quote.split()) for quote in batch.events.quote],
    "unconfirmed": lambda batch: batch.unconfirmed,
}


def _gdelt_quad(cameo: str) -> int:
    """GDELT's quad class of a CAMEO code: roots 01–05 are 1, 06–09 are 2, 10–14 are 3, 15–20 are 4."""
    return bisect_left(_LAST_ROOTS, cameo[:2]) + 1


#: The last roots of GDELT's quad classes 1, 2 and 3.
_LAST_ROOTS = ("05", "09", "14")

#: The columns of GDELT 1.0 that Entente can fill, in GDELT's order.
GDELT: EventColumns = {
    "GLOBALEVENTID": lambda batch: batch.events.id,
    "SQLDATE": lambda batch: batch.written(8, "day"),
    "MonthYear": lambda batch: batch.written(6, "month"),
    "Year": lambda batch: batch.written(4, "year"),
    **_both("{}Code", lambda side: lambda batch: batch.cameo_actors(side), _ACTORS),
    **_both("{}Name", lambda side: lambda batch: [name.upper() for name in batch.names(side)], _ACTORS),
    **_both("{}CountryCode", lambda side: lambda batch: batch.of_scheme(side, "cameo"), _ACTORS),
    **_both("{}Type1Code", lambda side: lambda batch: batch.sectors(side), _ACTORS),
    "EventCode": lambda batch: [codes.cameo for codes in batch.codes],
    "EventBaseCode": lambda batch: [codes.cameo[:3] for codes in batch.codes],
    "EventRootCode": lambda batch: [codes.cameo[:2] for codes in batch.codes],
    "QuadClass": lambda batch: [_gdelt_quad(codes.cameo) for codes in batch.codes],
    "GoldsteinScale": lambda batch: [codes.intensity for codes in batch.codes],
    "NumMentions": lambda batch: batch.events.n_mentions,
    "NumSources": lambda batch: batch.events.n_sources,
    "NumArticles": lambda batch: batch.events.n_articles,
    "DATEADDED": lambda batch: [int(at[:10].replace("-", "")) for at in batch.events.first_recorded_at],
}

#: The columns of ICEWS that Entente can fill, in ICEWS' order.
ICEWS: EventColumns = {
    "Event ID": lambda batch: batch.events.id,
    "Event Date": lambda batch: batch.days,
    "Source Name": lambda batch: batch.names("source"),
    "Source Sectors": lambda batch: batch.sectors("source"),
    "Source Country": lambda batch: batch.names("source"),
    "Event Text": lambda batch: batch.events.act,
    "CAMEO Code": lambda batch: [codes.cameo for codes in batch.codes],
    "Intensity": lambda batch: [codes.intensity for codes in batch.codes],
    "Target Name": lambda batch: batch.names("target"),
    "Target Sectors": lambda batch: batch.sectors("target"),
    "Target Country": lambda batch: batch.names("target"),
    "Story ID": lambda batch: batch.events.article,
    "Publisher": lambda batch: batch.events.publisher,
}

#: The columns of POLECAT (PLOVER) that Entente can fill, in POLECAT's order.
POLECAT: EventColumns = {
    "Event ID": lambda batch: batch.events.id,
    "Event Date": lambda batch: batch.days,
    "Event Type": lambda batch: [codes.root for codes in batch.codes],
    "Event Mode": lambda batch: [codes.mode for codes in batch.codes],
    "Event Intensity": lambda batch: [codes.intensity for codes in batch.codes],
    "Quad Code": lambda batch: [codes.quad for codes in batch.codes],
    "Contexts": lambda batch: [";".join(contexts) for contexts in batch.events.contexts],
    **_both("{} Name", lambda side: lambda batch: batch.names(side), _POLECAT),
    **_both("{} Country", lambda side: lambda batch: batch.keys(side), _POLECAT),
    **_both("{} COW", lambda side: lambda batch: batch.of_scheme(side, "cow_number"), _POLECAT),
    **_both("Primary {} Sector", lambda side: lambda batch: batch.sectors(side), _POLECAT),
    "Publication Date": lambda batch: batch.published_on,
}

#: Statuses of acts that layouts without a column for the status can show: done, or with a code that says what the
#: source did. The source of a requested act is whoever was asked, and the request is coded beside it.
CODED_STATUSES = ("effective", "ongoing", "announced", "agreed", "threatened", "refused", "denied")

SHAPES: Mapping[str, EventColumns] = {"entente": ENTENTE, "gdelt": GDELT, "icews": ICEWS, "polecat": POLECAT}


#: Columns that hold no plain text, in every layout: numbers, days, instants; and codes, text of few values.
_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("quad", "n_mentions", "n_sources", "unconfirmed", "QuadClass", "NumMentions"), "integer"),
    **dict.fromkeys(("NumSources", "NumArticles", "SQLDATE", "MonthYear", "Year", "DATEADDED", "Quad Code"), "integer"),
    **dict.fromkeys(("intensity", "confidence", "GoldsteinScale", "Intensity", "Event Intensity"), "number"),
    **dict.fromkeys(("date_first", "date_last", "known_by", "Event Date", "Publication Date"), "date"),
    "first_recorded_at": "instant",
    **dict.fromkeys(("precision", "dated_by", "source", "target", "source_name", "target_name"), "code"),
    **dict.fromkeys(("source_sector", "target_sector", "act", "status", "root", "mode", "cameo"), "code"),
    **dict.fromkeys(("scale", "scale_version", "Actor1Code", "Actor2Code", "Actor1Name", "Actor2Name"), "code"),
    **dict.fromkeys(("Actor1CountryCode", "Actor2CountryCode", "Actor1Type1Code", "Actor2Type1Code"), "code"),
    **dict.fromkeys(("EventCode", "EventBaseCode", "EventRootCode", "CAMEO Code", "Event Text"), "code"),
    **dict.fromkeys(("Source Country", "Target Country", "Event Type", "Event Mode"), "code"),
    **dict.fromkeys(("Actor Country", "Recipient Country", "Actor COW", "Recipient COW"), "code"),
}


def event_types(columns: Iterable[str]) -> Columns:
    """The type of each of these columns of events."""
    return {name: _TYPES.get(name, "string") for name in columns}


def event_batches(events: Iterable[TabledEvents], vocabulary: Vocabulary, columns: EventColumns) -> Iterator[Batch]:
    """The rows of these columns, an event each."""
    for told in events:
        batch = EventBatch(told, vocabulary)
        yield [cells(batch) for cells in columns.values()]
