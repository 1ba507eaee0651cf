"""Entities (countries, historic states, organisations, armed groups): their codes, and look-up by code or name.

The public key of a state is its ISO 3166-1 alpha-3 code; Kosovo's is XKX. Contested entities without an ISO code,
historic states, organisations and groups have keys of their own (seeds/README.md).
"""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from entente.relations.errors import UnknownEntity
from entente.relations.names import Names, folded, variants

#: Schemes that an unqualified code is looked up in, in this order. Where another scheme has the code too ("AU" is
#: Austria in FIPS, 710 is China in COW) it needs the prefix: ``fips:AU``, ``cow:710``.
_UNQUALIFIED = ("iso3", "iso2", "numeric", "cow", "gw", "cameo", "wikidata", "fips")

KINDS = ("state", "contested", "territory", "historic", "organisation", "group")

#: Kinds that are no countries, present or past.
_BODIES = ("organisation", "group")


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


def _written(entity: Entity) -> list[str]:
    return [name for name in (entity.name, entity.official_name, *entity.aliases) if name]


def _numbers(entity: Entity) -> list[str]:
    """Numbers that stand for it if no other country has them: COW's, and M49's with and without their zeros ("4")."""
    return [n for n in (entity.codes.get("cow_number"), entity.codes.get("numeric", "").lstrip("0")) if n]


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


@dataclass(frozen=True, slots=True)
class OtherName:
    """A name that only look-up reads. Two entities may have it, and then it is ambiguous.

    `is_foreign`: of another language; gives way to English names.
    """

    key: str
    name: str
    is_foreign: bool = False


class Entities:
    """All entities, looked up by key, by a code of any scheme, or by name. Immutable once built.

    `other_names` is called when a text is first looked up that is neither a key nor a code.
    """

    def __init__(self, entities: Iterable[Entity], other_names: Callable[[], Iterable[OtherName]] = tuple) -> None:
        self._other_names = other_names
        self._by_key: dict[str, Entity] = {}
        self._by_code: dict[tuple[str, str], Entity] = {}
        self._by_name: dict[str, Entity] = {}
        for entity in entities:
            self._by_key[entity.key] = entity
            for scheme, code in entity.codes.items():
                self._by_code.setdefault((scheme, code.upper()), entity)
            for name in _written(entity):
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
        text = text.strip()
        coded = self._coded(text)
        if coded and not coded.successor:
            return coded
        found = self._present([coded.key] if coded else self._names.keys(text))
        if len(found) == 1:
            return found[0]
        several = [(e.key, e.name) for e in found] or self.called(text)
        raise UnknownEntity(text, several or self.nearest(text), is_ambiguous=len(several) > 1)

    def find(self, text: str) -> Entity | None:
        """The entity that `resolve` finds, historic states as they are; None if there is none, or more than one."""
        coded = self._coded(text)
        if coded:
            return coded
        keys = list(self._names.keys(text))
        return self._by_key[keys[0]] if len(keys) == 1 else None

    def coded(self, scheme: str, code: str) -> Entity | None:
        """The entity with this code of a scheme (`iso3`, `cow_number`, `cameo`, `wikidata`, …), or None."""
        return self._by_code.get((scheme, code.upper()))

    def _coded(self, text: str) -> Entity | None:
        scheme, colon, code = text.partition(":")
        if colon:
            scheme = scheme.lower()
            if scheme == "m49":
                scheme, code = "numeric", code.zfill(3)
            exact = self._by_code.get((scheme, code.upper()))
            return exact or self._by_code.get((f"{scheme}_number", code))
        upper = text.upper()
        if upper in self._by_key:
            return self._by_key[upper]
        for scheme in _UNQUALIFIED:
            entity = self._by_code.get((scheme, upper))
            # "710" is South Africa in M49 and China in COW: which is meant, `_names` asks.
            if entity and not (scheme == "numeric" and self._by_code.get(("cow_number", upper), entity) is not entity):
                return entity
        return None

    def _present(self, keys: Iterable[str]) -> list[Entity]:
        """The entities of these keys, historic states replaced by their successors."""
        present: dict[str, Entity] = {}
        for key in keys:
            found = self._by_key[key]
            while found.successor and found.successor in self._by_key:
                found = self._by_key[found.successor]
            present[found.key] = found
        return list(present.values())

    @cached_property
    def _others(self) -> tuple[OtherName, ...]:
        return tuple(self._other_names())

    @cached_property
    def _english(self) -> Mapping[str, Entity]:
        """Entities by English name in lower case, to compare spellings with."""
        own = {other.name.casefold(): self._by_key[other.key] for other in self._others if not other.is_foreign}
        return own | self._by_name

    @cached_property
    def _names(self) -> Names:
        """Names by precedence: own rows of `other_names`, countries, organisations, their variants, foreign names."""
        names = Names()
        own = [(other.name, other.key) for other in self._others if not other.is_foreign]
        bodies = [(name, e.key) for e in self if e.kind in _BODIES for name in _written(e)]
        countries = [(name, e.key) for e in self if e.kind not in _BODIES for name in _written(e)]
        foreign = [(other.name, other.key) for other in self._others if other.is_foreign]
        for written in (own, countries, bodies):
            names.add((folded(name), key) for name, key in written)
        names.add((name, e.key) for e in self for name in _numbers(e))
        names.add((variant, key) for name, key in own + countries for variant in variants(name))
        names.add((folded(name), key) for name, key in foreign)
        names.add((variant, key) for name, key in foreign for variant in variants(name))
        return names

    def nearest(self, text: str, limit: int = 5) -> list[tuple[str, str]]:
        """Up to `limit` (key, name) pairs whose names resemble `text`, most similar first; empty if none does.

        A name resembles `text` if it, or a word of it ("Korea"), is spelt the same or nearly so. Countries come before
        organisations and groups, of which only whole names are compared.
        """
        wanted = text.strip().casefold()[:80]
        alike, likeness = _Likeness(wanted), dict[str, float]()
        for name, entity in self._english.items():
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
