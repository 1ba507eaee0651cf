"""RelationLists: list relation records by filters, or all of one country's."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from entente.relations.codebook import UNCONFIRMED, Codebook
from entente.relations.entities import Entities
from entente.relations.errors import UnknownValue
from entente.relations.record import Relation
from entente.relations.states import unconfirmed_change
from entente.services.errors import Contradiction, Invalid
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.paging import Page
from entente.services.ports.relations import DirectionQuery
from entente.services.ports.system import Clock
from entente.services.reading.clocks import ReadClocks, read_clocks
from entente.services.reading.dyad_views import record, records
from entente.services.reading.paging import page_of

#: Most relations examined for one page. Label and score are not columns, so a rare one may need several short pages.
MAX_EXAMINED = 1000

#: Standings that a facet filter may give instead of a value.
STANDINGS = ("pending", "threatened", UNCONFIRMED)

#: What a list may do with what is unconfirmed.
CHOICES = ("include", "exclude", "only")

#: Relations read in one transaction by `every`.
_BATCH = 100

_Direction = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RelationQuery:
    """Filters of the list of relations; None doesn't filter. `source` and `target` are codes or names.

    `facet` is `NAME` (any held value), `NAME:VALUE` or `NAME:STANDING`; scores are of `net`; `changed_since` compares
    with `last_change`. `change_unconfirmed`, of CHOICES: what to do with relations that have a value, of `facet` if
    given, whose end is reported but not confirmed.
    """

    source: str | None = None
    target: str | None = None
    facet: str | None = None
    label: str | None = None
    min_score: float | None = None
    max_score: float | None = None
    changed_since: date | None = None
    change_unconfirmed: str = "include"
    as_of: date | None = None
    known_at: date | datetime | None = None
    published_by: date | None = None


@dataclass(frozen=True, slots=True)
class Stance:
    """Records of a country with a partner: `own` towards the partner, `theirs` from it."""

    partner: str
    own: Relation
    theirs: Relation


@dataclass(frozen=True, slots=True)
class _Asked:
    """A checked query: keys for codes, the clocks, and the facet filter as (name, value)."""

    clocks: ReadClocks
    source: str | None
    target: str | None
    facet: tuple[str, str | None] | None
    query: RelationQuery

    def fits(self, record: Relation) -> bool:
        """True if a record passes every filter."""
        asked = self.query
        return (
            self._has_facet(record)
            and asked.label in (None, record.label)
            and (asked.min_score is None or record.score.net >= asked.min_score)
            and (asked.max_score is None or record.score.net <= asked.max_score)
            and (asked.changed_since is None or bool(record.last_change and record.last_change >= asked.changed_since))
            and (
                asked.change_unconfirmed == "include"
                or (asked.change_unconfirmed == "only") == self._is_doubted(record)
            )
        )

    def _is_doubted(self, record: Relation) -> bool:
        """True if the end of a value that was asked for is reported but not confirmed."""
        name, value = self.facet or (None, None)
        asked = (held for facet, held in record.facets.items() if name in (None, facet))
        return any(
            unconfirmed_change(interval, intervals)
            for intervals in asked
            for interval in intervals
            if interval.standing == "held" and value in (None, interval.value)
        )

    def _has_facet(self, record: Relation) -> bool:
        if self.facet is None:
            return True
        name, value = self.facet
        shown = {i.value if i.standing == "held" else i.standing: i.standing for i in record.facets[name]}
        return "held" in shown.values() if value is None else value in shown


class RelationLists:
    """Lists of relation records. Raises UnknownEntity, UnknownFacet, UnknownValue, Invalid and Contradiction."""

    def __init__(self, ledger: Ledger, codebook: Codebook, entities: Entities, clock: Clock) -> None:
        self._ledger = ledger
        self._codebook = codebook
        self._entities = entities
        self._clock = clock

    def relations(
        self, query: RelationQuery, after: _Direction | None = None, limit: int = 50, backwards: bool = False
    ) -> Page[Relation]:
        """A page of matching relations, by (source, target). A short page may still have a next (MAX_EXAMINED)."""
        asked = self._asked(query)
        found: list[Relation] = []
        reached: _Direction | None = None
        with self._ledger.read() as unit:
            candidates = self._candidates(unit, asked, after, limit, backwards)
            for examined, made in enumerate(self._records(unit, candidates, asked.clocks, limit + 1), start=1):
                if _is_known(made) and asked.fits(made):
                    found.append(made)
                if len(found) > limit:
                    break
                if examined == MAX_EXAMINED:
                    reached = made.source, made.target
                    break
        page = page_of(found, limit, after, backwards, lambda made: (made.source, made.target))
        if reached is None:
            return page
        return Page(page.items, page.next, reached) if backwards else Page(page.items, reached, page.previous)

    def every(
        self, query: RelationQuery, limit: int | None = None, after: _Direction | None = None
    ) -> Iterator[Relation]:
        """Yield matching relations, at most `limit`, in constant memory."""
        left = limit
        while left is None or left > 0:
            page = self.relations(query, after, _BATCH if left is None else min(_BATCH, left))
            yield from page.items
            if page.next is None:
                return
            after = (page.next[0], page.next[1])
            left = None if left is None else left - len(page.items)

    def stances(
        self,
        code: str,
        as_of: date | None = None,
        known_at: date | datetime | None = None,
        published_by: date | None = None,
    ) -> tuple[str, ReadClocks, list[Stance]]:
        """A country's key, the clocks, and its relations with every partner that has a known event or value, by key."""
        key = self._entities.resolve(code).key
        asked = read_clocks(self._clock, as_of, known_at, published_by)
        found = []
        with self._ledger.read() as unit:
            partners = unit.relations.partners(key, asked.known_at)
            pairs = (pair for partner in partners for pair in ((key, partner), (partner, key)))
            made = self._records(unit, pairs, asked, _BATCH)
            for partner, own, theirs in zip(partners, made, made, strict=True):
                if _is_known(own) or _is_known(theirs):
                    found.append(Stance(partner, own, theirs))
        return key, asked, found

    def _asked(self, query: RelationQuery) -> _Asked:
        if query.known_at is not None and query.source is None and query.target is None:
            raise Invalid("known_at", "a list takes known_at only with a source or a target: add one of them")
        if query.label is not None and query.label not in self._codebook.label_names:
            raise UnknownValue("label", query.label, self._codebook.label_names)
        low, high = query.min_score, query.max_score
        if low is not None and high is not None and low > high:
            raise Contradiction("max_score", f"{high} is less than min_score, {low}: no score is between them")
        source, target = (
            self._entities.resolve(c).key if c is not None else None for c in (query.source, query.target)
        )
        clocks = read_clocks(self._clock, query.as_of, query.known_at, query.published_by)
        return _Asked(clocks, source, target, self._facet(query.facet), query)

    def _facet(self, text: str | None) -> tuple[str, str | None] | None:
        if text is None:
            return None
        name, colon, value = text.partition(":")
        values = (*self._codebook.facet(name).values, *STANDINGS)
        if colon and value not in values:
            raise UnknownValue(name, value, tuple(dict.fromkeys(values)))
        return name, value if colon else None

    def _candidates(
        self, unit: UnitOfWork, asked: _Asked, after: _Direction | None, limit: int, backwards: bool
    ) -> Iterator[_Direction]:
        """Yield directions that may match, in order, reversed if `backwards`."""
        if asked.clocks.known_at is not None:
            yield from self._known(unit, asked, after, backwards)
            return
        if asked.clocks.published_by is not None:
            # What is stored is derived from all mentions: it may not tell what fewer of them make.
            wanted = DirectionQuery(date.max, asked.source, asked.target)
        else:
            known = asked.facet, asked.query.changed_since
            wanted = DirectionQuery(asked.clocks.as_of, asked.source, asked.target, *known)
        while some := unit.relations.directions(wanted, after, limit + 1, backwards):
            yield from some
            after = some[-1]

    def _known(
        self, unit: UnitOfWork, asked: _Asked, after: _Direction | None, backwards: bool
    ) -> Sequence[_Direction]:
        """Directions between the given source or target and its partners as of `known_at`."""
        one = asked.source or asked.target or ""
        partners = unit.relations.partners(one, asked.clocks.known_at)
        pairs = [(one, partner) if asked.source else (partner, one) for partner in partners]
        pairs = sorted(pair for pair in pairs if asked.target in (None, pair[1]))
        if backwards:
            return [pair for pair in reversed(pairs) if after is None or pair < after]
        return [pair for pair in pairs if after is None or pair > after]

    def _records(
        self, unit: UnitOfWork, directions: Iterable[_Direction], asked: ReadClocks, at_once: int
    ) -> Iterator[Relation]:
        """Yield the record of each direction, in order; of what is known now they are read `at_once` at a time."""
        if asked.known_at is not None or asked.published_by is not None:
            for direction in directions:
                yield record(unit, *direction, asked.as_of, self._codebook, asked.known_at, asked.published_by)
            return
        rest = iter(directions)
        while some := list(islice(rest, at_once)):
            yield from records(unit, some, asked.as_of, self._codebook)


def _is_known(record: Relation) -> bool:
    """True if the record has any event or value."""
    return bool(record.n_events or record.n_unfulfilled or record.last_change)
