"""Filters of changes, with countries given by any code or name."""

from collections.abc import Mapping
from typing import Any

from api.http.context import system
from entente.services.ports.wants import Wants


def wants_of(asked: Mapping[str, Any]) -> Wants:
    """The filters, with countries as keys. Raises UnknownEntity and UnknownFacet."""
    named = [*asked["countries"], *(code for pair in asked["pairs"] for code in pair)]
    key = {code: system().lookups.country(code).key for code in named}
    for facet in asked["facets"]:
        system().codebook.facet(facet)
    return Wants(
        countries=[key[code] for code in asked["countries"]],
        pairs=[(key[one], key[other]) for one, other in asked["pairs"]],
        facets=asked["facets"],
        to_values=asked["to_values"],
        historic=asked["historic"],
        unconfirmed=asked["unconfirmed"],
    )
