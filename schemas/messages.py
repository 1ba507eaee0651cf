"""Messages of marshmallow as a flat list of fields and what is wrong with them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any


def field_messages(messages: Any, named: Callable[[str], str] = str, path: str = "") -> Iterator[tuple[str, str]]:
    """(field, message) pairs of nested messages; the field is "" for the whole object.

    `named`: how a key, which may come from a client, is written.
    """
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            name = "" if key == "_schema" else named(str(key))
            yield from field_messages(inner, named, ".".join(part for part in (path, name) if part))
    elif isinstance(messages, list):
        for inner in messages:
            yield from field_messages(inner, named, path)
    else:
        yield path, str(messages)
