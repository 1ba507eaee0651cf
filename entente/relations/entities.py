"""Entities (countries, historic states, organisations, armed groups): their codes, and look-up by code or name.

The public key of a state is its ISO 3166-1 alpha-3 code; Kosovo's is XKX. Contested entities without an ISO code,
historic states, organisations and groups have keys of their own (seeds/README.md).
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from entente.relations.errors import UnknownEntity

#: Coding schemes under which a state can be looked up, in the order in which an ambiguous code is read.

#: Schemes that an unqualified code is looked up in. FIPS and numeric COW/GW codes collide with ISO's
#: ("AU" is Austria in FIPS; 2 is the USA in COW) and need the prefix: ``fips:AU``, ``cow:2``.
_UNQUALIFIED = ("iso3", "iso2", "numeric", "cow", "gw", "cameo", "wikidata", "fips")

KINDS = ("state", "contested", "territory", "historic", "organisation", "group")


@dataclass(frozen=True, slots=True)
class Entity:
    """An actor of international relations. Dates are ISO strings (YYYY to YYYY-MM-DD); None is open or unknown."""

    key: str
    name: str
    kind: str
    official_name: str | None = None
    codes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    capital: str | None = None
    demonyms: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    claimed_by: str | None = None
    successor: str | None = None
    home: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None

    @property
    def is_country(self) -> bool:
        """True for states, contested entities and territories: those that facets between states apply to."""
        return self.kind in ("state", "contested", "territory")


#: Least similarity, 0 to 1, at which one spelling is taken for a misspelling of another.
_ALIKE = 0.75

#: Most countries listed for an ambiguous word.
_MANY = 10

#: Least letters of a word of a name that is compared alone; shorter ones ("the", "of", "al") are too common.
_TELLING = 4


def _words(name: str) -> list[str]:
    return name.replace("-", " ").split()


class _Likeness:
    """Similarity of spelling of a text and a name, 0 to 1; 0 where it can't reach `_ALIKE`."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        # SequenceMatcher caches its analysis of the second text, so the text that stays the same goes there.
        self._matcher = difflib.SequenceMatcher(None, "", wanted, autojunk=False)

    def of_name(self, name: str) -> float:
        """Similarity to the whole name."""
        return 0.0 if abs(len(name) - len(self._wanted)) > 3 else self._ratio(name)

    def of_words(self, name: str) -> float:
        """Similarity to the most similar word of a name, lowered so that an equal name ranks above an equal word."""
        if len(self._wanted) < _TELLING:
            return 0.0
        words = [word for word in _words(name) if len(word) >= _TELLING and word != name]
        return max((0.99 if word == self._wanted else 0.9 * self._ratio(word) for word in words), default=0.0)

    def _ratio(self, other: str) -> float:
        shorter, longer = sorted((len(other), len(self._wanted)))
        if 2 * shorter < _ALIKE * (shorter + longer):
            return 0.0
        self._matcher.set_seq1(other)
        return self._matcher.ratio() if self._matcher.quick_ratio() >= _ALIKE else 0.0


class Entities:
    """All entities, looked up by key, by a code of any scheme, or by name. Immutable once built."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._by_key: dict[str, Entity] = {}
        self._by_code: dict[tuple[str, str], Entity] = {}
        self._by_name: dict[str, Entity] = {}
        for entity in entities:
            self._by_key[entity.key] = entity
            for scheme, code in entity.codes.items():
                self._by_code.setdefault((scheme, code.upper()), entity)
            for name in (entity.name, entity.official_name, *entity.aliases):
                if name:
                    self._by_name.setdefault(name.casefold(), entity)

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def get(self, key: str) -> Entity | None:
        """The entity with exactly this key, or None."""
        return self._by_key.get(key)

    def name(self, key: str) -> str:
        """The English short name of an entity, or the key itself if it is unknown."""
        entity = self._by_key.get(key)
        return entity.name if entity else key

    def resolve(self, text: str) -> Entity:
        """Resolve a key, a code of any scheme (``scheme:code`` to name the scheme), or a name to an entity.

        Historic states resolve to the entity that succeeded them. Raises UnknownEntity with the nearest names.
        """
        found = self._find(text.strip())
        if found is None:
            several = self.called(text)
            raise UnknownEntity(text, several or self.nearest(text), is_ambiguous=len(several) > 1)
        while found.successor and found.successor in self._by_key:
            found = self._by_key[found.successor]
        return found

    def _find(self, text: str) -> Entity | None:
        scheme, colon, code = text.partition(":")
        if colon:
            scheme = scheme.lower()
            exact = self._by_code.get((scheme, code.upper()))
            return exact or self._by_code.get((f"{scheme}_number", code))
        upper = text.upper()
        if upper in self._by_key:
            return self._by_key[upper]
        for scheme in _UNQUALIFIED:
            entity = self._by_code.get((scheme, upper))
            if entity:
                return entity
        return self._by_name.get(text.casefold())

    def nearest(self, text: str, limit: int = 5) -> list[tuple[str, str]]:
        """Up to `limit` (key, name) pairs whose names resemble `text`, most similar first; empty if none does.

        A name resembles `text` if it, or a word of it ("Korea"), is spelt the same or nearly so. Countries come before
        organisations and groups, of which only whole names are compared.
        """
        wanted = text.strip().casefold()[:80]
        alike, likeness = _Likeness(wanted), dict[str, float]()
        for name, entity in self._by_name.items():
            found = alike.of_name(name)
            if entity.is_country:
                found = max(found, alike.of_words(name))
            if found >= _ALIKE:
                likeness[entity.key] = max(found, likeness.get(entity.key, 0.0))
        entities = sorted(
            (self._by_key[key] for key in likeness), key=lambda e: (not e.is_country, -likeness[e.key], e.name)
        )
        return [(entity.key, entity.name) for entity in entities[:limit]]

    def called(self, text: str) -> list[tuple[str, str]]:
        """(key, name) of the present countries whose short name contains `text` as whole words, at most `_MANY`."""
        wanted = f" {' '.join(_words(text.casefold()))} "
        held = (e for e in self if e.is_country and wanted in f" {' '.join(_words(e.name.casefold()))} ")
        return [(e.key, e.name) for e in held if wanted.strip()][:_MANY]
