"""What of a new OpenAPI document breaks a client of an old one.

Requests and responses are compared in opposite directions: what a client may send must still be taken, and what it may
have read must still be there. New members of a response's enum are allowed, since the codebook grows.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_METHODS = ("get", "put", "post", "delete", "patch")

#: Members of a schema that limit what is taken; the more, or the less, the narrower.
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_EXACT = ("pattern", "format", "const", "multipleOf", "uniqueItems")

Json = Any


def breaks(old: Json, new: Json) -> list[str]:
    """One sentence for each change that breaks a client of `old`."""
    return list(_Comparison(old, new).found())


class _Comparison:
    def __init__(self, old: Json, new: Json) -> None:
        self._old, self._new = old, new
        # Schemas refer to each other in circles: each pair is compared once a direction.
        self._seen: set[tuple[str, str, bool]] = set()

    def found(self) -> Iterator[str]:
        for path, item in self._old["paths"].items():
            if path not in self._new["paths"]:
                yield f"{path} is gone"
                continue
            for method in (name for name in _METHODS if name in item):
                place = f"{method.upper()} {path}"
                if method not in self._new["paths"][path]:
                    yield f"{place} is gone"
                else:
                    yield from self._operation(item, self._new["paths"][path], method, place)

    def _operation(self, old_item: Json, new_item: Json, method: str, place: str) -> Iterator[str]:
        old, new = old_item[method], new_item[method]
        if old.get("operationId") != new.get("operationId"):
            yield f"{place}: operationId was {old.get('operationId')}, is {new.get('operationId')}"
        if _is_open(old, self._old) and not _is_open(new, self._new):
            yield f"{place} needs a key now"
        yield from self._parameters(
            _parameters(old_item, old, self._old), _parameters(new_item, new, self._new), f"{place} parameter"
        )
        yield from self._body(
            _resolved(old.get("requestBody"), self._old), _resolved(new.get("requestBody"), self._new), place
        )
        for status, response in old.get("responses", {}).items():
            told = f"{place} {status}"
            if status not in new.get("responses", {}):
                yield f"{told} is gone"
            else:
                yield from self._response(
                    _resolved(response, self._old), _resolved(new["responses"][status], self._new), told
                )

    def _parameters(self, old: Mapping[Json, Json], new: Mapping[Json, Json], place: str) -> Iterator[str]:
        for key, parameter in old.items():
            told = f"{place} {key[1]}"
            if key not in new:
                yield f"{told} is gone"
                continue
            if new[key].get("required") and not parameter.get("required"):
                yield f"{told} is required now"
            for member in ("style", "explode", "content"):
                if parameter.get(member) != new[key].get(member):
                    yield f"{told}: {member} was {parameter.get(member)}, is {new[key].get(member)}"
            yield from self._schema(parameter.get("schema", {}), new[key].get("schema", {}), told, sent=True)
        yield from (
            f"{place} {key[1]} is required now" for key, p in new.items() if key not in old and p.get("required")
        )

    def _body(self, old: Json, new: Json, place: str) -> Iterator[str]:
        if (new or {}).get("required") and not (old or {}).get("required"):
            yield f"{place}: a body is required now"
        if old is None:
            return
        if new is None:
            yield f"{place}: the body is gone"
            return
        yield from self._content(old, new, f"{place} body", sent=True)

    def _response(self, old: Json, new: Json, place: str) -> Iterator[str]:
        yield from (
            f"{place}: header {name} is gone" for name in old.get("headers", {}) if name not in new.get("headers", {})
        )
        yield from self._content(old, new, place, sent=False)

    def _content(self, old: Json, new: Json, place: str, *, sent: bool) -> Iterator[str]:
        for media_type, content in old.get("content", {}).items():
            if media_type not in new.get("content", {}):
                yield f"{place}: {media_type} is gone"
                continue
            for member in ("schema", "x-itemSchema"):
                if member in content:
                    other = new["content"][media_type].get(member, {})
                    yield from self._schema(content[member], other, f"{place} {media_type}", sent=sent)

    def _schema(self, old: Json, new: Json, place: str, *, sent: bool) -> Iterator[str]:
        pair = (old.get("$ref", ""), new.get("$ref", ""), sent)
        if all(pair[:2]):
            if pair in self._seen:
                return
            self._seen.add(pair)
        old, new = _flat(old, self._old), _flat(new, self._new)
        narrow, wide = (old, new) if sent else (new, old)
        # Sent: all that `narrow` allowed must pass `wide`. Received: all that comes now must fit what the client knows.
        yield from _types(narrow, wide, place, sent=sent)
        yield from _limits(narrow, wide, place, sent=sent)
        yield from _required(old, new, place, sent=sent)
        yield from self._members(old, new, place, sent=sent)
        yield from self._alternatives(old, new, place, sent=sent)

    def _members(self, old: Json, new: Json, place: str, *, sent: bool) -> Iterator[str]:
        known, given = old.get("properties", {}), new.get("properties", {})
        for name, schema in known.items():
            if name in given:
                yield from self._schema(schema, given[name], f"{place}/{name}", sent=sent)
            elif not sent or new.get("additionalProperties") is False:
                yield f"{place}/{name} is gone"
        if sent and new.get("additionalProperties") is False and old.get("additionalProperties", True) is not False:
            yield f"{place} takes no further members now"
        for member in ("items", "additionalProperties", "contentSchema"):
            if isinstance(old.get(member), dict):
                other = new.get(member)
                yield from self._schema(
                    old[member], other if isinstance(other, dict) else {}, f"{place}/{member}", sent=sent
                )
            elif sent and member == "items" and new.get(member):
                yield f"{place}: its items are limited now"

    def _alternatives(self, old: Json, new: Json, place: str, *, sent: bool) -> Iterator[str]:
        """Each alternative that could be sent must still fit one; each that can come must fit one that was known."""
        if "anyOf" not in old and "anyOf" not in new:
            return
        ours, theirs = (old, new) if sent else (new, old)
        for number, one in enumerate(_alternatives(ours)):
            if not any(self._fits(one, other, sent=sent) for other in _alternatives(theirs)):
                yield f"{place}: alternative {number} {'is refused' if sent else 'is new'}"

    def _fits(self, ours: Json, theirs: Json, *, sent: bool) -> bool:
        before = set(self._seen)
        old, new = (ours, theirs) if sent else (theirs, ours)
        fits = next(self._schema(old, new, "", sent=sent), None) is None
        if not fits:
            self._seen = before
        return fits


def _is_open(operation: Json, document: Json) -> bool:
    security = operation.get("security", document.get("security", []))
    return not security or {} in security


def _parameters(item: Json, operation: Json, document: Json) -> dict[tuple[str, str], Json]:
    given = [_resolved(one, document) for one in (*item.get("parameters", ()), *operation.get("parameters", ()))]
    return {(parameter["in"], parameter["name"]): parameter for parameter in given}


def _resolved(node: Json, document: Json) -> Json:
    while isinstance(node, dict) and "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = {**target, **{name: member for name, member in node.items() if name != "$ref"}}
    return node


def _flat(schema: Json, document: Json) -> Json:
    """A schema without references and `allOf`, and with `oneOf` written as `anyOf`."""
    schema = dict(_resolved(schema, document))
    for part in schema.pop("allOf", ()):
        inner = _flat(part, document)
        properties = dict(schema.get("properties", {}))
        for name, member in inner.get("properties", {}).items():
            properties[name] = {"allOf": [properties[name], member]} if name in properties else member
        required = [*schema.get("required", ()), *inner.get("required", ())]
        schema = {**schema, **inner}
        if properties:
            schema["properties"] = properties
        if required:
            schema["required"] = required
    if "oneOf" in schema:
        schema["anyOf"] = schema.pop("oneOf")
    return schema


def _alternatives(schema: Json) -> list[Json]:
    rest = {name: member for name, member in schema.items() if name != "anyOf"}
    return [{"allOf": [rest, one]} for one in schema["anyOf"]] if "anyOf" in schema else [rest]


def _type_set(schema: Json) -> set[str] | None:
    """The types that a schema allows, None for every type."""
    given = schema.get("type")
    if given is None:
        return None
    types = {given} if isinstance(given, str) else set(given)
    return types | {"integer"} if "number" in types else types


def _types(narrow: Json, wide: Json, place: str, *, sent: bool) -> Iterator[str]:
    ours, theirs = _type_set(narrow), _type_set(wide)
    if theirs is None or (ours is None and "anyOf" in narrow):
        return
    if ours is None:
        yield f"{place}: may now be of any type" if not sent else f"{place}: must now be {' or '.join(sorted(theirs))}"
    elif ours - theirs:
        yield f"{place}: type {' or '.join(sorted(ours - theirs))} is {'refused' if sent else 'new'}"


def _limits(narrow: Json, wide: Json, place: str, *, sent: bool) -> Iterator[str]:
    if sent and "enum" in wide and set(map(str, narrow.get("enum", ("anything",)))) - set(map(str, wide["enum"])):
        yield f"{place}: fewer values are taken"
    if not sent and "enum" in wide and "enum" not in narrow and "const" not in narrow:
        yield f"{place}: may now have any value"
    if not sent:
        # What came within limits, and now may lie beyond, is no matter of a client's code.
        if "format" in wide and narrow.get("format") != wide["format"]:
            yield f"{place}: format was {wide['format']}, is {narrow.get('format')}"
        return
    for name in _LOWER:
        if name in wide and narrow.get(name, float("-inf")) < wide[name]:
            yield f"{place}: {name} is {wide[name]} now"
    for name in _UPPER:
        if name in wide and narrow.get(name, float("inf")) > wide[name]:
            yield f"{place}: {name} is {wide[name]} now"
    for name in _EXACT:
        if name in wide and narrow.get(name) != wide[name]:
            yield f"{place}: {name} is {wide[name]!r} now"


def _required(old: Json, new: Json, place: str, *, sent: bool) -> Iterator[str]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    if sent:
        yield from (f"{place}/{name} is required now" for name in sorted(after - before))
    else:
        yield from (f"{place}/{name} may be missing now" for name in sorted(before - after))
