"""RelationReads: read one relation's record, history, series, reasons, and differences between two days."""

from collections.abc import Sequence
from datetime import date, datetime

from entente.relations.codebook import UNCONFIRMED, Codebook
from entente.relations.dyads import Dyad
from entente.relations.entities import Entities
from entente.relations.errors import RelationsError
from entente.relations.reasons import Reason, differences, ended_before, reason
from entente.relations.record import Relation
from entente.relations.series import MAX_BUCKETS, count, latest_start, series
from entente.relations.states import holding
from entente.services.articles import Article
from entente.services.errors import Contradiction, ServiceError
from entente.services.ports.cache import CachedRelation, CacheUnavailable, StateCache
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.rendering import Renderer
from entente.services.ports.system import Clock
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry
from entente.services.reading.clocks import read_clocks
from entente.services.reading.dyad_views import DyadView, record, view
from entente.services.reading.results import Comparison, Grounds, RelationHistory, RelationSeries, ServedRelation


class RelationReads:
    """Reads of one relation. Codes of any scheme and names are accepted. Current records come from the cache.

    Every method raises UnknownEntity, Contradiction and Invalid; `known_at` is described in services/reading/clocks.py.
    """

    def __init__(
        self,
        ledger: Ledger,
        cache: StateCache,
        renderer: Renderer,
        codebook: Codebook,
        entities: Entities,
        clock: Clock,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self._telemetry = telemetry
        self._ledger = ledger
        self._cache = cache
        self._renderer = renderer
        self._codebook = codebook
        self._entities = entities
        self._clock = clock

    def ready(self, source: str, target: str, at_least: int = 0) -> ServedRelation | None:
        """The current record if the cache has it, else None; also None for invalid codes."""
        try:
            one, other = pair(self._entities, source, target)
        except (RelationsError, ServiceError):
            return None
        return self._ready(one, other, self._clock.now().date(), at_least)

    def rendered(
        self,
        source: str,
        target: str,
        as_of: date | None = None,
        known_at: date | datetime | None = None,
        at_least: int = 0,
    ) -> ServedRelation:
        """The rendered record of source → target; the current one from the cache if possible. Raises Invalid.

        `at_least`: a version that the client has seen; an older cached record is not used.
        """
        one, other = pair(self._entities, source, target)
        asked = read_clocks(self._clock, as_of, known_at)
        if asked.is_now and (ready := self._ready(one, other, asked.as_of, at_least)):
            return ready
        if asked.is_now:
            self._telemetry.cache_read("miss")
        made = self._record(one, other, asked.as_of, asked.known_at)
        entry = CachedRelation(self._renderer.relation(made), made.version)
        if asked.is_now:
            self._keep(one, other, asked.as_of, entry)
        return ServedRelation(one, other, entry.body, entry.version, asked.as_of)

    def rendered_dyad(
        self,
        a: str,
        b: str,
        as_of: date | None = None,
        known_at: date | datetime | None = None,
        at_least: int = 0,
    ) -> tuple[ServedRelation, ServedRelation]:
        """The rendered records of both directions, which are projected together."""
        return self.rendered(a, b, as_of, known_at, at_least), self.rendered(b, a, as_of, known_at, at_least)

    def record(
        self, source: str, target: str, as_of: date | None = None, known_at: date | datetime | None = None
    ) -> Relation:
        """The record as a domain object, always from the ledger."""
        one, other = pair(self._entities, source, target)
        asked = read_clocks(self._clock, as_of, known_at)
        return self._record(one, other, asked.as_of, asked.known_at)

    def history(
        self,
        source: str,
        target: str,
        facet: str | None = None,
        as_of: date | None = None,
        known_at: date | datetime | None = None,
        unconfirmed: str = "include",
    ) -> RelationHistory:
        """Intervals of one direction that began by `as_of`, of one facet or all. Raises UnknownFacet.

        `unconfirmed`: whether to "include" or "exclude" what is not confirmed, or to show it "only".
        """
        one, other = pair(self._entities, source, target)
        if facet is not None:
            self._codebook.facet(facet)
        asked = read_clocks(self._clock, as_of, known_at)
        seen = self._view(one, other, asked.known_at)
        intervals = seen.intervals_of(one, other, asked.as_of, self._codebook)
        begun = [i for i in intervals if i.starts_on <= asked.as_of and facet in (None, i.facet)]
        unsure = [i for i in begun if i.standing == UNCONFIRMED]
        if unconfirmed != "include":
            begun = unsure if unconfirmed == "only" else [i for i in begun if i.standing != UNCONFIRMED]
        return RelationHistory(one, other, asked, begun, unsure, seen.facts)

    def series(
        self,
        source: str,
        target: str,
        interval: str,
        first: date | None = None,
        as_of: date | None = None,
        known_at: date | datetime | None = None,
    ) -> RelationSeries:
        """Aggregates by `interval` (day, week, month or year), from `first` or else the earliest event, to `as_of`.

        Without `first`, a series of more than MAX_BUCKETS begins later. Raises Contradiction if `first` gives more
        than MAX_BUCKETS, or lies after `as_of`.
        """
        one, other = pair(self._entities, source, target)
        asked = read_clocks(self._clock, as_of, known_at)
        events = self._view(one, other, asked.known_at).events_of(one, other)
        dated = [event for event in events if event.period and event.starts_on <= asked.as_of]
        if first is None:
            earliest = min((event.starts_on for event in dated), default=asked.as_of)
            first = max(earliest, latest_start(interval, asked.as_of))
        elif first > asked.as_of:
            raise Contradiction("from", f"{first} lies after {asked.as_of}, where the series ends")
        elif (n := count(interval, first, asked.as_of)) > MAX_BUCKETS:
            raise Contradiction(
                "from", f"a series by {interval} from {first} has {n:,} parts, more than {MAX_BUCKETS:,}"
            )
        made = series(dated, self._codebook, interval, first, asked.as_of)
        begins = made.buckets[0].first
        before = sum(event.starts_on < begins for event in dated)
        return RelationSeries(one, other, asked, interval, begins, made, before)

    def why(
        self,
        source: str,
        target: str,
        facet: str | None = None,
        as_of: date | None = None,
        known_at: date | datetime | None = None,
        unconfirmed: str = "include",
    ) -> Grounds:
        """The rules, events and articles behind each value of one facet or all. Raises UnknownFacet.

        `unconfirmed`: as of `history`.
        """
        one, other = pair(self._entities, source, target)
        if facet is not None:
            self._codebook.facet(facet)
        asked = read_clocks(self._clock, as_of, known_at)
        with self._ledger.read() as unit:
            seen = view(unit, Dyad.of(one, other), self._codebook, asked.known_at)
            intervals = [
                i for i in seen.intervals_of(one, other, asked.as_of, self._codebook) if facet in (None, i.facet)
            ]
            sure = [i for i in intervals if i.standing != UNCONFIRMED] if unconfirmed != "only" else []
            unsure = [i for i in intervals if i.standing == UNCONFIRMED] if unconfirmed != "exclude" else []
            now = [reason(i, seen.events, self._codebook) for i in holding(sure, asked.as_of)]
            past = [reason(i, seen.events, self._codebook) for i in ended_before(sure, asked.as_of)]
            open_ = [reason(i, seen.events, self._codebook) for i in holding(unsure, asked.as_of)]
            articles = _articles(unit, [*now, *past, *open_])
        record = seen.record(one, other, asked.as_of, self._codebook)
        return Grounds(record, facet, now, past, open_, articles, seen.facts)

    def diff(
        self,
        source: str,
        target: str,
        first: date,
        last: date | None = None,
        known_at: date | datetime | None = None,
    ) -> Comparison:
        """Differences between two days (`last` None: today). Raises Contradiction if `first` is later."""
        one, other = pair(self._entities, source, target)
        end = read_clocks(self._clock, last, known_at)
        if first > end.as_of:
            raise Contradiction("to", f"{end.as_of} lies before {first}: nothing is between them")
        seen = self._view(one, other, end.known_at)
        before, after = (seen.record(one, other, day, self._codebook) for day in (first, end.as_of))
        held = [holding(seen.intervals_of(one, other, day, self._codebook), day) for day in (first, end.as_of)]
        moved = differences(*held)
        between = [e for e in seen.events_of(one, other) if first < e.starts_on <= end.as_of]
        return Comparison(before, after, moved, sorted(between, key=lambda e: (e.starts_on, e.id)), seen.facts)

    def _view(self, one: str, other: str, known_at: datetime | None) -> DyadView:
        with self._ledger.read() as unit:
            return view(unit, Dyad.of(one, other), self._codebook, known_at)

    def _record(self, source: str, target: str, day: date, known_at: datetime | None) -> Relation:
        with self._ledger.read() as unit:
            return record(unit, source, target, day, self._codebook, known_at)

    def _ready(self, source: str, target: str, today: date, at_least: int) -> ServedRelation | None:
        cached = self._cached(source, target, today)
        if cached and cached.version >= at_least:
            self._telemetry.cache_read("hit")
            return ServedRelation(source, target, cached.body, cached.version, today)
        return None

    def _cached(self, source: str, target: str, day: date) -> CachedRelation | None:
        try:
            return self._cache.get(source, target, day)
        except CacheUnavailable:
            return None

    def _keep(self, source: str, target: str, day: date, entry: CachedRelation) -> None:
        try:
            self._cache.put(source, target, day, entry)
        except CacheUnavailable:
            return


def pair(entities: Entities, source: str, target: str) -> tuple[str, str]:
    """Resolve two codes or names to keys. Raises UnknownEntity; Contradiction if both name one entity."""
    one, other = entities.resolve(source), entities.resolve(target)
    if one.key == other.key:
        raise Contradiction("target", f"{source!r} and {target!r} are both {one.name}: a relation needs two")
    return one.key, other.key


def _articles(unit: UnitOfWork, reasons: Sequence[Reason]) -> dict[str, Article]:
    """The articles that report the events of these reasons, by id."""
    ids = {m.article_id for r in reasons for cause in r.causes for m in cause.event.mentions}
    return {id: article for id in sorted(ids) if (article := unit.articles.get(id))}
