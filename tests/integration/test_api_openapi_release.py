"""The OpenAPI document differs from that of the last release only by additions."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

#: The last release's document without its prose. On a release: `python -m tests.integration.test_api_openapi_release`.
RELEASED = Path(__file__).with_name("openapi_released.json")

#: Words for people, and patterns that change with the day.
_PROSE = {"description", "summary", "example", "examples", "pattern", "info", "tags"}


def structure(node: Any, inside: str = "") -> Any:
    """A document without its prose. A property may be called `description`: its name is no prose."""
    if isinstance(node, dict):
        return {k: structure(v, k) for k, v in node.items() if inside == "properties" or k not in _PROSE}
    return [structure(member) for member in node] if isinstance(node, list) else node


def taken_away(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """What a client of the old document may miss in the new one, or be refused for."""
    if isinstance(new, dict) and old in new.get("anyOf", []):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if (key, value) == ("additionalProperties", False):
                continue  # what accepts more takes nothing away
            if key not in new:
                yield f"{place}/{key} is gone"
            elif key == "parameters":
                yield from _parameters(value, new[key], f"{place}/{key}")
            else:
                yield from taken_away(value, new[key], f"{place}/{key}")
        yield from (f"{place} is required now" for _ in "x" if new.get("required") is True and not old.get("required"))
    elif isinstance(old, list) and isinstance(new, list):
        yield from (f"{place} lacks {member}" for member in old if member not in new)
        if place.endswith("/required"):
            yield from (f"{place}: {member} is required now" for member in new if member not in old)
    elif old != new:
        yield f"{place} was {old!r}, is {new!r}"


def _parameters(old: Any, new: Any, place: str) -> Iterator[str]:
    if isinstance(old, dict):
        yield from taken_away(old, new, place + "/shared")
        return
    known = {(p.get("in"), p.get("name"), p.get("$ref")): p for p in old}
    given = {(p.get("in"), p.get("name"), p.get("$ref")): p for p in new}
    for key, parameter in known.items():
        if key in given:
            yield from taken_away(parameter, given[key], f"{place}/{key[1]}")
        else:
            yield f"{place}/{key[1]} is gone"
    yield from (f"{place}/{k[1]} is required now" for k, p in given.items() if k not in known and p.get("required"))


def test_the_document_only_adds_to_that_of_the_last_release(client: FlaskClient) -> None:
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    assert list(taken_away(released, structure(client.get("/openapi.json").get_json()))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"paths": {"/a": {}}}, {"paths": {}}),
        ({"type": "string"}, {"type": "integer"}),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}),
        ({"required": ["a"]}, {"required": ["a", "b"]}),
        ({"parameters": [{"in": "query", "name": "a"}]}, {"parameters": []}),
        ({"parameters": []}, {"parameters": [{"in": "query", "name": "a", "required": True}]}),
    ],
)
def test_what_breaks_a_client_is_found(old: Any, new: Any) -> None:
    assert len(list(taken_away(old, new))) == 1


def test_an_addition_breaks_nobody() -> None:
    old = {"paths": {"/a": {"parameters": [{"in": "query", "name": "a"}]}}, "enum": ["a"]}
    new = {"paths": {"/a": {"parameters": [{"in": "query", "name": "b"}, *old["paths"]["/a"]["parameters"]]}, "/b": {}}}  # type: ignore[index]  # plain JSON
    assert list(taken_away(old, new | {"enum": ["b", "a"]})) == []


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
