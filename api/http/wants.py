"""Filters of changes, with countries given by any code or name."""

from collections.abc import Mapping
from typing import Any

from api.http.context import system
from entente.services.filtering import checked
from entente.services.ports.wants import Wants


def wants_of(asked: Mapping[str, Any]) -> Wants:
    """The filters, with countries as keys. Raises UnknownEntity, UnknownFacet and Invalid (to_values)."""
    wanted = Wants(
        countries=asked["countries"],
        pairs=[(one, other) for one, other in asked["pairs"]],
        facets=asked["facets"],
        to_values=asked["to_values"],
        historic=asked["historic"],
        unconfirmed=asked["unconfirmed"],
    )
    return checked(wanted, system().entities, system().codebook)
