"""The OpenAPI document breaks no client of the last release's."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from schemas.facets import reference
from tests.integration.openapi_breaks import breaks

#: The last release's document without its prose. On a release: `python -m tests.integration.test_api_openapi_release`.
RELEASED = Path(__file__).with_name("openapi_released.json")

#: Words for people.
_PROSE = {"description", "summary", "example", "examples", "info", "tags"}


def structure(node: Any, inside: str = "") -> Any:
    """A document without its prose. A property may be called `description`: its name is no prose."""
    if isinstance(node, dict):
        return {k: structure(v, k) for k, v in node.items() if inside == "properties" or k not in _PROSE}
    return [structure(member) for member in node] if isinstance(node, list) else node


def test_the_document_breaks_no_client_of_the_last_release(client: FlaskClient) -> None:
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    assert breaks(released, structure(client.get("/openapi.json").get_json())) == []


TEXT, ACTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}


@pytest.fixture
def document() -> Any:
    """A small document with a request and a response."""
    draft = {
        "type": "object",
        "required": ["text"],
        "additionalProperties": False,
        "properties": {"text": {"type": "string", "maxLength": 10}, "kind": {"type": "string", "enum": ["a", "b"]}},
    }
    party = {"type": "object", "required": ["key"], "properties": {"key": TEXT, "other": reference("Party")}}
    answer = {"anyOf": [reference("Party"), {"type": "null"}]}
    things = {
        "operationId": "things",
        "security": [{"key": []}, {}],
        "parameters": [
            {"in": "query", "name": "after", "schema": {"type": "integer", "minimum": 0}},
            {"in": "query", "name": "act", "style": "form", "explode": False, "schema": ACTS},
        ],
        "requestBody": {"content": {"application/json": {"schema": reference("Draft")}}},
        "responses": {
            "200": {"headers": {"ETag": {"schema": TEXT}}, "content": {"application/json": {"schema": answer}}},
            "404": {"description": "None"},
        },
    }
    document = {"paths": {"/things": {"post": things}}, "components": {"schemas": {"Draft": draft, "Party": party}}}
    return deepcopy(document)


OPERATION = ("paths", "/things", "post")
DRAFT, PARTY = ("components", "schemas", "Draft"), ("components", "schemas", "Party")
SCHEMA = (*OPERATION, "responses", "200", "content", "application/json", "schema")


def changed(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The document with this value at this place; None removes what is there."""
    new = deepcopy(document)
    place = new
    for part in path[:-1]:
        place = place[part]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return new


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("paths", "/things"), None, "/things is gone"),
        (OPERATION, None, "POST /things is gone"),
        ((*OPERATION, "operationId"), "stuff", "operationId was things, is stuff"),
        ((*OPERATION, "security"), [{"key": []}], "needs a key now"),
        ((*OPERATION, "parameters", 0), None, "parameter after is gone"),
        ((*OPERATION, "parameters", 0, "required"), True, "parameter after is required now"),
        ((*OPERATION, "parameters", 0, "schema", "type"), "boolean", "type integer is refused"),
        ((*OPERATION, "parameters", 0, "schema", "minimum"), 1, "minimum is 1 now"),
        ((*OPERATION, "parameters", 0, "schema", "maximum"), 9, "maximum is 9 now"),
        ((*OPERATION, "parameters", 1, "explode"), True, "explode was False, is True"),
        ((*OPERATION, "parameters", 1, "schema", "items", "enum"), ["a"], "fewer values are taken"),
        ((*OPERATION, "parameters", 1, "in"), "header", "parameter act is gone"),
        ((*OPERATION, "requestBody", "required"), True, "a body is required now"),
        ((*OPERATION, "requestBody"), None, "the body is gone"),
        ((*DRAFT, "required"), ["text", "kind"], "/kind is required now"),
        ((*DRAFT, "properties", "kind"), None, "/kind is gone"),
        ((*DRAFT, "properties", "kind", "enum"), ["a"], "fewer values are taken"),
        ((*DRAFT, "properties", "text", "maxLength"), 5, "maxLength is 5 now"),
        ((*DRAFT, "properties", "text", "pattern"), "^a", "pattern is '^a' now"),
        ((*OPERATION, "responses", "404"), None, "404 is gone"),
        ((*OPERATION, "responses", "200", "headers", "ETag"), None, "header ETag is gone"),
        ((*OPERATION, "responses", "200", "content", "application/json"), None, "application/json is gone"),
        ((*SCHEMA, "anyOf", 1, "type"), "string", "alternative 1 is new"),
        ((*PARTY, "required"), [], "alternative 0 is new"),
        ((*PARTY, "properties", "key", "type"), ["string", "null"], "alternative 0 is new"),
        ((*PARTY, "properties", "other"), None, "alternative 0 is new"),
    ],
)
def test_what_breaks_a_client_is_found(document: Any, path: tuple[str | int, ...], value: Any, told: str) -> None:
    found = breaks(document, changed(document, path, value))

    assert len(found) == 1, found
    assert told in found[0]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("required",), [], "/key may be missing now"),
        (("properties", "key", "type"), ["string", "null"], "type null is new"),
        (("properties", "key", "format"), "date", "format was date-time, is date"),
        (("properties", "key"), None, "/key is gone"),
    ],
)
def test_what_a_client_reads_is_compared_by_its_fields(
    document: Any, path: tuple[str | int, ...], value: Any, told: str
) -> None:
    plain = changed(document, SCHEMA, reference("Party"))
    plain["components"]["schemas"]["Party"]["properties"]["key"]["format"] = "date-time"

    found = breaks(plain, changed(plain, (*PARTY, *path), value))

    assert len(found) == 1, found
    assert told in found[0]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("paths", "/others"), {"get": {}}),
        ((*OPERATION, "parameters", 0, "schema", "minimum"), -1),
        ((*OPERATION, "parameters", 0, "schema", "type"), ["integer", "string"]),
        ((*OPERATION, "responses", "200", "headers", "Link"), {"schema": {"type": "string"}}),
        ((*OPERATION, "responses", "409"), {"description": "Conflict"}),
        ((*DRAFT, "required"), []),
        ((*DRAFT, "properties", "kind", "enum"), ["a", "b", "c"]),
        ((*DRAFT, "properties", "more"), {"type": "string"}),
        ((*PARTY, "required"), ["key", "other"]),
        ((*PARTY, "properties", "more"), {"type": "integer"}),
        ((*PARTY, "properties", "key", "enum"), ["a"]),
    ],
)
def test_an_addition_breaks_nobody(document: Any, path: tuple[str | int, ...], value: Any) -> None:
    assert breaks(document, changed(document, path, value)) == []


def main() -> None:
    """Write the document of this release."""
    from api.app import create_app
    from entente.bootstrap.container import Container
    from entente.bootstrap.settings import Settings

    settings = Settings(data_dir=Path("unused"), database_url="sqlite:///unused.db")
    document = create_app(Container(settings)).test_client().get("/openapi.json").get_json()
    RELEASED.write_text(json.dumps(structure(document), indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
