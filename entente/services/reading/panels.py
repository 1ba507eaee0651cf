"""Panels: balanced tables by dyad or country and period, with every period of every unit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from entente.relations.codebook import HAPPENED, Codebook
from entente.relations.dyads import Dyad
from entente.relations.entities import Entities
from entente.relations.errors import UnknownValue
from entente.relations.events import Event
from entente.relations.floor import is_unconfirmed
from entente.relations.panels import UNITS, FacetColumn, PanelCell, cells, periods
from entente.relations.periods import Period
from entente.services.errors import Contradiction, Invalid
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.system import Clock
from entente.services.reading.clocks import ReadClocks, read_clocks
from entente.services.reading.dyad_views import view

#: Most rows of one panel: all pairs of states, directed, by month for ten years.
MAX_ROWS = 5_000_000

#: Most cells of one country's rows, one a partner and year, which are in memory together.
MAX_CELLS = 100_000

#: Kinds of entities that are in a panel unless countries are named.
_KINDS = ("state", "contested")


@dataclass(frozen=True, slots=True)
class PanelQuery:
    """What is asked of a panel. `unit` is one of UNITS; `first` and `last` are days in its first and last period.

    `source` and `target` are codes or names, and restrict one side of a dyad, or the country, to one. `facets` are
    `NAME` or `NAME:VALUE`. `counted`: the statuses that are counted as done. Of the events, not of the values held:
    `min_confidence` is the least that counts, 0 to 1; `unconfirmed`, of CHOICES, what to do with those below the floor.
    """

    unit: str
    first: date | None = None
    last: date | None = None
    source: str | None = None
    target: str | None = None
    directed: bool = True
    facets: Sequence[str] = ()
    counted: frozenset[str] = HAPPENED
    min_confidence: float | None = None
    unconfirmed: str = "include"
    as_of: date | None = None
    known_at: date | datetime | None = None
    published_by: date | None = None


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A unit in a period. Of a dyad: `source`, `target` and the cells of its direction, or of both if undirected.

    Of a country: `source` alone, with the cells of every partner, those in which it is the source first.
    `n_articles`: articles published in the period, of any subject; without any, what did not happen is unknown.
    """

    source: str
    target: str
    period: Period
    n_articles: int
    forth: Sequence[PanelCell]
    back: Sequence[PanelCell]


@dataclass(frozen=True, slots=True)
class _Asked:
    query: PanelQuery
    clocks: ReadClocks
    periods: Sequence[Period]
    facets: Sequence[FacetColumn]
    source: str | None
    target: str | None


class Panels:
    """Balanced panels. Raises UnknownEntity, UnknownFacet, UnknownValue, Invalid and Contradiction."""

    def __init__(self, ledger: Ledger, codebook: Codebook, entities: Entities, clock: Clock) -> None:
        self._ledger = ledger
        self._codebook = codebook
        self._entities = entities
        self._clock = clock

    def facets(self, query: PanelQuery) -> list[FacetColumn]:
        """The facets that a panel has columns of."""
        return [self._facet(name) for name in query.facets]

    def rows(self, query: PanelQuery) -> Iterator[PanelRow]:
        """Yield the rows, by source, target and period, with one dyad (or one country) in memory."""
        asked = self._asked(query)
        return self._countries(asked) if query.unit == "country-year" else self._dyads(asked)

    def _asked(self, query: PanelQuery) -> _Asked:
        clocks = read_clocks(self._clock, query.as_of, query.known_at, query.published_by)
        if query.first is None:
            raise Invalid("from", "a panel needs its first day: give from, such as 2020-01-01")
        last = query.last or clocks.as_of
        if last > clocks.as_of:
            raise Contradiction("to", f"{last} lies after {clocks.as_of}, of which the panel tells: set to or as_of")
        if query.first > last:
            raise Contradiction("to", f"{last} lies before {query.first}: no period is in between")
        source, target = (
            self._entities.resolve(code).key if code is not None else None for code in (query.source, query.target)
        )
        if query.unit == "country-year" and target is not None:
            raise Contradiction("target", "a row of a country-year panel is of one country: name it as source")
        if source is not None and source == target:
            raise Contradiction("target", f"{query.source!r} and {query.target!r} are both {source}")
        asked = _Asked(query, clocks, periods(UNITS[query.unit], query.first, last), self.facets(query), source, target)
        self._check_size(asked, last)
        return asked

    def _check_size(self, asked: _Asked, last: date) -> None:
        units = len(self._keys(asked)) if asked.query.unit == "country-year" else self._n_pairs(asked)
        n = units * len(asked.periods)
        partners = len(self._every_key()) if asked.query.unit == "country-year" else 0
        if partners * len(asked.periods) > MAX_CELLS:
            raise Contradiction(
                "from",
                f"a country may have {partners} partners in each of {len(asked.periods):,} years, more than "
                f"{MAX_CELLS:,} in all: begin on {asked.periods[-(MAX_CELLS // partners)].first} or later",
            )
        if n > MAX_ROWS:
            fitting = asked.periods[-(MAX_ROWS // units)].first if units <= MAX_ROWS else last
            raise Contradiction(
                "from",
                f"the panel would have {n:,} rows ({units:,} units in {len(asked.periods):,} periods), more than "
                f"{MAX_ROWS:,}: begin on {fitting} or later, or name a source or a target",
            )

    def _facet(self, name: str) -> FacetColumn:
        facet, colon, value = name.partition(":")
        values = self._codebook.facet(facet).values
        if colon and value not in values:
            raise UnknownValue(facet, value, values)
        return FacetColumn(name, facet, value if colon else None)

    def _keys(self, asked: _Asked) -> list[str]:
        """The countries of a panel: states and contested entities, and those that were named."""
        named = {key for key in (asked.source, asked.target) if key}
        if asked.query.unit == "country-year" and named:
            return sorted(named)
        return sorted(self._every_key() | named)

    def _every_key(self) -> set[str]:
        return {entity.key for entity in self._entities if entity.kind in _KINDS}

    def _n_pairs(self, asked: _Asked) -> int:
        n = len(self._keys(asked))
        if asked.source and asked.target:
            return 1
        if asked.source or asked.target:
            return n - 1
        return n * (n - 1) // (1 if asked.query.directed else 2)

    def _pairs(self, asked: _Asked) -> Iterator[tuple[str, str]]:
        keys = self._keys(asked)
        if asked.source and asked.target:
            pair = (asked.source, asked.target)
            yield pair if asked.query.directed else min(pair, pair[::-1])
        elif not asked.query.directed:
            one = asked.source or asked.target
            yield from (pair for pair in combinations(keys, 2) if one is None or one in pair)
        else:
            for source in [asked.source] if asked.source else keys:
                for target in [asked.target] if asked.target else keys:
                    if source != target:
                        yield source, target

    def _dyads(self, asked: _Asked) -> Iterator[PanelRow]:
        known, n_articles = self._known(asked)
        nothing = [PanelCell() for _ in asked.periods]
        for source, target in self._pairs(asked):
            forth: Sequence[PanelCell] = nothing
            back: Sequence[PanelCell] = nothing
            if Dyad.of(source, target) in known:
                with self._ledger.read() as unit:
                    forth, back = self._cells(unit, asked, source, target)
            for place, period in enumerate(asked.periods):
                theirs = [] if asked.query.directed else [back[place]]
                yield PanelRow(source, target, period, n_articles.get(period.first, 0), [forth[place]], theirs)

    def _countries(self, asked: _Asked) -> Iterator[PanelRow]:
        known, n_articles = self._known(asked)
        partners: dict[str, list[str]] = {}
        for dyad in sorted(known, key=lambda dyad: (dyad.a, dyad.b)):
            partners.setdefault(dyad.a, []).append(dyad.b)
            partners.setdefault(dyad.b, []).append(dyad.a)
        for key in self._keys(asked):
            forth: list[list[PanelCell]] = [[] for _ in asked.periods]
            back: list[list[PanelCell]] = [[] for _ in asked.periods]
            for partner in partners.get(key, []):
                with self._ledger.read() as unit:
                    own, theirs = self._cells(unit, asked, key, partner)
                for place in range(len(asked.periods)):
                    forth[place].append(own[place])
                    back[place].append(theirs[place])
            for place, period in enumerate(asked.periods):
                yield PanelRow(key, "", period, n_articles.get(period.first, 0), forth[place], back[place])

    def _cells(
        self, unit: UnitOfWork, asked: _Asked, source: str, target: str
    ) -> tuple[Sequence[PanelCell], Sequence[PanelCell]]:
        """The cells of both directions."""
        seen = view(unit, Dyad.of(source, target), self._codebook, asked.clocks.known_at, asked.clocks.published_by)
        facets = {column.facet for column in asked.facets}
        day = asked.clocks.as_of
        own, theirs = (
            cells(
                [event for event in seen.events_of(*way) if self._counts(event, asked.query)],
                seen.intervals_of(*way, day, self._codebook) if facets else [],
                facets,
                asked.periods,
                day,
                self._codebook,
                asked.query.counted,
            )
            for way in ((source, target), (target, source))
        )
        return own, theirs

    def _counts(self, event: Event, query: PanelQuery) -> bool:
        """Whether an event passes the filters by how sure it is."""
        if query.min_confidence is not None and event.confidence < query.min_confidence:
            return False
        wanted = {"include": None, "exclude": False, "only": True}[query.unconfirmed]
        return wanted is None or is_unconfirmed(event, self._codebook) == wanted

    def _known(self, asked: _Asked) -> tuple[set[Dyad], Mapping[date, int]]:
        """The dyads that have or had anything, and the articles by the first day of the period of their publication."""
        clocks = asked.clocks
        with self._ledger.read() as unit:
            # Also those of which everything has been retracted: `known_at` may lie before.
            found = set(unit.dyads.every())
            # What was published after `as_of` makes no zero known of a period that it cuts short.
            last = min(asked.periods[-1].last, clocks.as_of)
            published = unit.articles.published(asked.periods[0].first, last, clocks.known_at, clocks.published_by)
        by_period: dict[date, int] = {}
        monthly = UNITS[asked.query.unit] == "month"
        for day, n in published.items():
            first = day.replace(day=1) if monthly else day.replace(month=1, day=1)
            by_period[first] = by_period.get(first, 0) + n
        return found, by_period
