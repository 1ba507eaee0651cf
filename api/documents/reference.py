"""The API reference: operations of the OpenAPI document, grouped by tag, with parameters and shapes resolved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Member:
    """A parameter, or a member of a shape: its name, where it goes, type, whether it must be there, meaning."""

    name: str
    place: str
    type: str
    required: bool
    says: str
    shape: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A status with its description and the name of the shape that comes with it."""

    status: str
    says: str
    type: str
    shape: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    parameters: Sequence[Member]
    body: Answer | None
    answers: Sequence[Answer]
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """The operations of a tag."""

    name: str
    says: str
    operations: Sequence[Operation]


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything that the reference shows."""

    version: str
    description: str
    sections: Sequence[Section]
    shapes: Mapping[str, Sequence[Member]]


def reference(document: Node) -> Reference:
    """The reference of an OpenAPI document."""
    operations: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in (m for m in _METHODS if m in item):
            told = item[method]
            made = _operation(document, method, path, told, item.get("parameters", ()))
            operations.setdefault(told["tags"][0], []).append(made)
    sections = [
        Section(tag["name"], tag.get("description", ""), operations[tag["name"]])
        for tag in document["tags"]
        if tag["name"] in operations
    ]
    shapes = {
        name: list(_members(shape))
        for name, shape in sorted(document["components"]["schemas"].items())
        if shape.get("properties")
    }
    info = document["info"]
    return Reference(info["version"], info["description"], sections, shapes)


def _operation(document: Node, method: str, path: str, told: Node, shared: Sequence[Node]) -> Operation:
    parameters = [_resolved(document, one) for one in (*shared, *told.get("parameters", ()))]
    answers = [(status, _resolved(document, one)) for status, one in told["responses"].items() if status != "default"]
    body = told.get("requestBody")
    return Operation(
        told.get("operationId", f"{method} {path}"),
        method.upper(),
        path,
        told.get("summary", ""),
        told.get("description", ""),
        [_member(one["name"], one["in"], one.get("schema", {}), one) for one in parameters],
        _answer("", _resolved(document, body)) if body else None,
        [_answer(status, one) for status, one in answers if status < "400"],
        [status for status, _ in answers if status >= "400"],
    )


def _resolved(document: Node, node: Node) -> Node:
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def _answer(status: str, told: Node) -> Answer:
    media = next(iter(told.get("content", {}).items()), None)
    if media is None:
        return Answer(status, told.get("description", ""), "", None)
    kinds = ", ".join(told["content"])
    return Answer(status, told.get("description", ""), kinds, _shape(media[1].get("schema", {})))


def _members(shape: Node) -> Iterator[Member]:
    required = set(shape.get("required", ()))
    for name, member in shape["properties"].items():
        yield _member(name, "", member, {"required": name in required})


def _member(name: str, place: str, schema: Node, told: Node) -> Member:
    says = told.get("description") or schema.get("description", "")
    return Member(name, place, _type(schema), bool(told.get("required")), says, _shape(schema))


def _shape(schema: Node) -> str | None:
    """The name of the shape that a schema is, or that its items or alternatives are."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    inner = [
        schema.get("items"),
        schema.get("additionalProperties"),
        *schema.get("anyOf", ()),
        *schema.get("oneOf", ()),
    ]
    return next((found for one in inner if isinstance(one, Mapping) if (found := _shape(one))), None)


def _type(schema: Node) -> str:
    """A type in words: `integer`, `date`, `list of string`, `Event`, `one of a, b`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        values = [str(one) for one in schema["enum"] if one is not None]
        return "one of " + ", ".join(values)
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(dict.fromkeys(_type(one) for one in schema[word]))
    kind = schema.get("type", "any")
    kinds = [kind] if isinstance(kind, str) else list(kind)
    if "array" in kinds:
        kinds[kinds.index("array")] = f"list of {_type(schema.get('items', {}))}"
    elif "object" in kinds and isinstance(schema.get("additionalProperties"), Mapping):
        kinds[kinds.index("object")] = f"object of {_type(schema['additionalProperties'])}"
    elif "string" in kinds and schema.get("format"):
        kinds[kinds.index("string")] = schema["format"]
    return " or ".join(kinds)
