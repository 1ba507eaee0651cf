"""Filters of changes by names that people give."""

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from entente.relations.codebook import Codebook, Facet
from entente.relations.entities import Entities
from entente.services.errors import Invalid
from entente.services.ports.wants import Wants


def checked(asked: Wants, entities: Entities, codebook: Codebook) -> Wants:
    """The same filters with countries as keys; they may be given as codes of any scheme, or names.

    Raises UnknownEntity, UnknownFacet, and Invalid (to_values) for a value that none of the facets has.
    """
    facets = [codebook.facet(name) for name in asked.facets] or codebook.facets.values()
    known = values_after_changes(facets)
    for value in asked.to_values:
        if value not in known:
            near = get_close_matches(value, known)
            choices = f"nearest: {', '.join(near)}" if near else f"known: {', '.join(known)}"
            raise Invalid("to_values", f"no value {value!r} of {_named(asked)}; {choices}")
    return replace(
        asked,
        countries=[entities.resolve(code).key for code in asked.countries],
        pairs=[(entities.resolve(one).key, entities.resolve(other).key) for one, other in asked.pairs],
    )


def values_after_changes(facets: Iterable[Facet]) -> list[str]:
    """The values that a change of one of these facets may lead to: to `unknown`, where nothing is known any more."""
    return list(dict.fromkeys(["unknown", *(value for facet in facets for value in facet.values)]))


def _named(asked: Wants) -> str:
    return ", ".join(asked.facets) or "any facet"
