"""Dyads: unordered pairs of entities."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Dyad:
    """An unordered pair of entity keys, kept in alphabetical order."""

    a: str
    b: str

    @classmethod
    def of(cls, one: str, other: str) -> "Dyad":
        """The dyad of two entity keys in either order."""
        return cls(min(one, other), max(one, other))

    @classmethod
    def of_parties(cls, source: str, target: str) -> "Dyad":
        """The dyad of two parties, whatever their sectors."""
        return cls.of(entity_of(source), entity_of(target))


def entity_of(party: str) -> str:
    """`RUS` of `RUS:CVL`, and of `RUS`."""
    return party.partition(":")[0]
