"""JSON Schema constraints on query parameters that depend on the codebook."""

from typing import Any

from entente.relations.codebook import Codebook
from entente.services.filtering import values_after_changes
from entente.services.reading.relation_lists import STANDINGS

#: JSON Schema members, by name of the query parameter.
Narrower = dict[str, dict[str, Any]]


def narrower(codebook: Codebook) -> tuple[Narrower, dict[str, Narrower]]:
    """Constraints that apply under every path, and further ones by path."""
    everywhere: Narrower = {
        "act": {"items": {"type": "string", "enum": sorted(codebook.acts)}},
        "root": {"items": {"type": "string", "enum": list(codebook.roots)}},
        "facet": {"enum": list(codebook.facets)},
        "label": {"enum": list(codebook.label_names)},
    }
    by_path: dict[str, Narrower] = {
        "/v1/changes.atom": {
            "facets": {"items": {"type": "string", "enum": list(codebook.facets)}},
            "to_values": {"items": {"type": "string", "enum": values_after_changes(codebook.facets.values())}},
        },
        "/v1/panels": {"facets": {"items": {"type": "string", "enum": list(codebook.facets)}}},
        "/v1/relations": {"facet": {"enum": _facet_filters(codebook)}},
    }
    return everywhere, by_path


def _facet_filters(codebook: Codebook) -> list[str]:
    return [
        text
        for name, facet in codebook.facets.items()
        for text in (name, *(f"{name}:{value}" for value in dict.fromkeys((*facet.values, *STANDINGS))))
    ]
