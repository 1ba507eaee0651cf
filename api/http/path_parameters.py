"""OpenAPI descriptions of path parameters."""

from typing import Any

_CODE = "Key (ISO 3166-1 alpha-3 for states), a code of any other scheme (`cow:2`, `Q159`), or a name"


def code(name: str, example: str) -> dict[str, Any]:
    """Describe an entity in a path, by key, code or name."""
    return _parameter(name, _CODE, {"type": "string", "minLength": 1, "maxLength": 80}, example)


def identifier(name: str, what: str, example: str) -> dict[str, Any]:
    """Describe an id in a path; `what` is its description."""
    return _parameter(name, what, {"type": "string", "minLength": 1, "maxLength": 200}, example)


def _parameter(name: str, description: str, schema: dict[str, Any], example: str) -> dict[str, Any]:
    return {
        "in": "path",
        "name": name,
        "required": True,
        "description": description,
        "schema": schema,
        "example": example,
    }
