"""Parties: the codes and names of imported rows as keys of entities, as they were meant in the row's own year."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from entente.relations.entities import Entities, Entity
from entente.services.importing.formats import Format

#: Historic states whose treaties and missions their successor took over as the same member of the state system. The
#: states of others are not their successors' own: an ally of East Germany was none of Germany.
CONTINUED = frozenset({"SUN"})

#: Schemes of codes and names that a format may write parties in.
SCHEMES = ("iso3", "iso2", "cow_number", "cow", "gw_number", "gw", "cameo", "fips", "wikidata", "name", "key")

_WIKIDATA = re.compile(r".*/entity/(Q\d+)>?")


@dataclass(frozen=True, slots=True)
class DatedCode:
    """A code that meant an entity from one year to another (inclusive), where the present code tells otherwise."""

    scheme: str
    code: str
    key: str
    first: int
    last: int


class Parties:
    """Keys of parties as a format writes them. `historic`: those of the past keep keys of their own, or have none."""

    def __init__(self, form: Format, entities: Entities, dated: Iterable[DatedCode]) -> None:
        self._schemes = form.schemes
        self._missing = form.missing
        self._pattern = re.compile(form.party) if form.party else None
        self._strict = form.kind != "events"
        self._entities = entities
        self._dated: dict[tuple[str, str], list[DatedCode]] = {}
        for one in dated:
            self._dated.setdefault((one.scheme, one.code), []).append(one)
        self._known: dict[tuple[str, int], str] = {}

    def key(self, written: str, year: int) -> str:
        """The key of the entity that a row of that year means, "" if it means none."""
        found = self._known.get((written, year))
        if found is None:
            found = self._known[written, year] = self._key(written.strip(), year)
        return found

    def _key(self, written: str, year: int) -> str:
        if written in self._missing:
            return ""
        if self._pattern:
            match = self._pattern.search(written)
            if not match:
                return ""
            written = match[1]
        entity = next(filter(None, (self._of_scheme(scheme, written, year) for scheme in self._schemes)), None)
        return self._present(entity) if entity else ""

    def _of_scheme(self, scheme: str, written: str, year: int) -> Entity | None:
        for one in self._dated.get((scheme, written), ()):
            if one.first <= year <= one.last:
                return self._entities.get(one.key)
        if scheme == "key":
            return self._entities.get(written)
        if scheme == "name":
            return self._entities.find(written)
        if scheme == "wikidata":
            match = _WIKIDATA.fullmatch(written)
            written = match[1] if match else written
        return self._entities.coded(scheme, written)

    def _present(self, entity: Entity) -> str:
        while entity.successor:
            if self._strict and entity.key not in CONTINUED:
                return ""
            successor = self._entities.get(entity.successor)
            if successor is None:
                return ""
            entity = successor
        return entity.key
