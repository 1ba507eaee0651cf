"""JSON Schema constraints on query parameters that depend on the codebook or on the current day."""

import re
from datetime import date, timedelta
from typing import Any

from entente.relations.codebook import Codebook
from entente.services.reading.relation_lists import STANDINGS

#: JSON Schema members, by name of the query parameter.
Narrower = dict[str, dict[str, Any]]


def narrower(codebook: Codebook, today: date) -> tuple[Narrower, dict[str, Narrower]]:
    """Constraints that apply under every path, and further ones by path."""
    past = {"pattern": not_after(today)}
    everywhere: Narrower = {
        "act": {"items": {"type": "string", "enum": sorted(codebook.acts)}},
        "root": {"items": {"type": "string", "enum": list(codebook.roots)}},
        "facet": {"enum": list(codebook.facets)},
        "label": {"enum": list(codebook.label_names)},
        "as_of": past,
        "known_at": {"pattern": recorded_by(today)},
    }
    relation = "/v1/relations/{source}/{target}"
    by_path: dict[str, Narrower] = {
        "/v1/changes.atom": {"facets": {"items": {"type": "string", "enum": list(codebook.facets)}}},
        "/v1/relations": {"facet": {"enum": _facet_filters(codebook)}},
        f"{relation}/diff": {"from": past, "to": past},
        f"{relation}/series": {"from": past},
    }
    return everywhere, by_path


def together(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Merge the parameters that depend on each other into one object: `known_at` needs a source or a target.

    In the query string its members stay separate parameters (style form, explode).
    """
    one = ("source", "target", "known_at")
    members = {p["name"]: p for p in parameters if p["name"] in one}
    between = {
        "in": "query",
        "name": "between",
        "required": False,
        "style": "form",
        "explode": True,
        "description": "Three separate parameters: `source`, `target` and `known_at`, which needs one of the others",
        "schema": {
            "type": "object",
            "properties": {
                name: p["schema"] | ({"description": p["description"]} if "description" in p else {})
                for name, p in members.items()
            },
            "additionalProperties": False,
            "anyOf": [{"required": ["source"]}, {"required": ["target"]}, {"not": {"required": ["known_at"]}}],
        },
    }
    return [between, *(p for p in parameters if p["name"] not in one)]


def _facet_filters(codebook: Codebook) -> list[str]:
    return [
        text
        for name, facet in codebook.facets.items()
        for text in (name, *(f"{name}:{value}" for value in dict.fromkeys((*facet.values, *STANDINGS))))
    ]


def recorded_by(today: date) -> str:
    """Regular expression for values of `known_at` that can't be in the future.

    A time of the last two days may be, depending on its offset from UTC. Of these days only the date alone matches.
    """
    whole = not_after(today)[2:-2]
    sure = not_after(today - timedelta(days=2))[2:-2]
    return f"^(({whole})|({sure})[Tt].*)$"


def not_after(day: date) -> str:
    """Regular expression for ISO dates up to `day`; JSON Schema has no maximum for dates."""
    text = day.isoformat()
    earlier = (
        text[:place] + f"[0-{int(digit) - 1}]" + re.sub(r"\d", "[0-9]", text[place + 1 :])
        for place, digit in enumerate(text)
        if digit in "123456789"
    )
    return f"^({'|'.join([text, *earlier])})$"
