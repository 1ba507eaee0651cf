"""Words for facets, values and labels, from wording.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from entente.relations.reliability import ALL

_FILE = Path(__file__).with_name("wording.toml")

#: Words that are no values of the codebook, but stand where one does.
_OTHERS = {"unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class ValueWords:
    """A value of a facet: a sentence with {a}, {b} and {item}, a short name, and its tone from -3 to 3."""

    says: str
    short: str
    tone: int


@dataclass(frozen=True, slots=True)
class FacetWords:
    """A facet: its title, what it asks, its titles on the map, and its values."""

    name: str
    title: str
    asks: str
    heads: tuple[str, str, str]
    values: Mapping[str, ValueWords]

    def value(self, name: str) -> ValueWords:
        """Words of a value; of one that the file lacks, its name."""
        plain = _OTHERS.get(name) or plainly(name)
        return self.values.get(name) or ValueWords(f"{self.title} of {{a}} and {{b}}: {plain}", plain, 0)


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything that wording.toml says."""

    facets: Mapping[str, FacetWords]
    labels: Mapping[str, ValueWords]
    statuses: Mapping[str, str]
    lead: Sequence[str]

    def facet(self, name: str) -> FacetWords:
        """Words of a facet; of one that the file lacks, its name."""
        return self.facets.get(name) or self._plain(name)

    def head(self, facet: str, way: str, country: str | None) -> str:
        """The title of a map: of a facet for everyone, or of a country's relations one `way` ("to", "from")."""
        found = self.facet(facet).heads[0 if country is None else 1 if way == "to" else 2]
        return found.replace("{c}", country or "")

    def sentence(self, facet: str, item: str, value: str, a: str, b: str) -> str:
        """A value in a sentence about the countries named `a` and `b`."""
        said = self.facet(facet).value(value).says
        told = said.replace("{a}", "\0a").replace("{b}", "\0b").replace("{item}", plainly(item))
        # The names last: a name with braces is no field.
        return told.replace("\0a", a).replace("\0b", b).replace(" ()", "")

    @staticmethod
    def _plain(name: str) -> FacetWords:
        title = plainly(name).capitalize()
        return FacetWords(
            name, title, "", (title, f"{title}: others towards {{c}}", f"{title}: {{c}} towards others"), {}
        )

    def scope(self, name: str) -> str:
        """What a rate was measured of: a facet, a family of facets, or ALL."""
        if name == ALL:
            return "values of all facets"
        told = self.facets[name].title.lower() if name in self.facets else plainly(name)
        return f"values of {told}" if name in self.facets else f"{told} values"

    def tone(self, facet: str, value: str) -> int:
        """The place of a value on the colour scale."""
        return self.facet(facet).value(value).tone


def plainly(name: str) -> str:
    """A name of the codebook as words: `asset_freeze` → `asset freeze`."""
    return name.replace("_", " ")


@lru_cache(maxsize=1)
def wording() -> Wording:
    """The wording, read once."""
    told: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    facets = {
        name: FacetWords(
            name,
            facet["title"],
            facet["asks"],
            (facet["heads"][0], facet["heads"][1], facet["heads"][2]),
            {v: ValueWords(**words) for v, words in facet["value"].items()},
        )
        for name, facet in told["facet"].items()
    }
    labels = {name: ValueWords(words["says"], name, words["tone"]) for name, words in told["label"].items()}
    return Wording(facets, labels, told["status"], told["lead"])
