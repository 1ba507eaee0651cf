"""Opaque keyset cursors: where a page ended, and a checksum of its list. Not secret; every part is checked."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from entente.services.errors import NotFound
from entente.services.ports.paging import Page

_FORWARDS, _BACKWARDS = "next", "prev"


class BadCursor(NotFound):
    """A cursor that does not belong to this list."""

    def __init__(self, cursor: str) -> None:
        super().__init__("page", cursor)


@dataclass(frozen=True, slots=True)
class Continuation:
    """Where a list continues: after a position, or before it if `backwards`."""

    position: tuple[str, ...]
    backwards: bool = False


def encode(to: Continuation, path: str, filters: Mapping[str, Any]) -> str:
    """Encode where the list at `path` under these filters continues, as a cursor."""
    parts = [_BACKWARDS if to.backwards else _FORWARDS, *to.position]
    text = json.dumps([_checksum(parts, path, filters), *parts], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(
    cursor: str, path: str, filters: Mapping[str, Any], parts_read_by: Sequence[Callable[[str], object]]
) -> Continuation:
    """Decode a cursor of the list at `path` under the same filters. Raises BadCursor.

    The checksum has no secret, so anyone can make one. Therefore each part of the position is checked by its reader in
    `parts_read_by`, which raises ValueError for a part that it refuses.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise BadCursor(cursor) from None
    if not isinstance(parts, list) or len(parts) < 3 or not all(isinstance(part, str) for part in parts):
        raise BadCursor(cursor)
    checksum, way, *position = parts
    if checksum != _checksum([way, *position], path, filters):
        raise BadCursor(cursor)
    if way not in (_FORWARDS, _BACKWARDS) or not _is_position(position, parts_read_by):
        raise BadCursor(cursor)
    return Continuation(tuple(position), way == _BACKWARDS)


def _linked(path: str, to: Continuation | None, filters: Mapping[str, Any]) -> str | None:
    """The URL of the page that `to` leads to in the list at `path` under these filters; None if that is None."""
    if to is None:
        return None
    return addressed(path, {**filters, "cursor": encode(to, path, filters)})


def addressed(path: str, filters: Mapping[str, Any]) -> str:
    """A path with its query string; filters that are None are left out."""
    asked = {name: value for name, value in filters.items() if value is not None}
    return f"{path}?{urlencode(asked, safe=',:')}" if asked else path


def neighbours(path: str, page: Page[Any], filters: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The URLs of the next and the previous page, None where there is none."""
    after = Continuation(page.next) if page.next else None
    before = Continuation(page.previous, backwards=True) if page.previous else None
    return _linked(path, after, filters), _linked(path, before, filters)


def _is_position(parts: list[str], read_by: Sequence[Callable[[str], object]]) -> bool:
    try:
        for part, read in zip(parts, read_by, strict=True):
            part.encode()  # raises on half of a surrogate pair, which no database stores
            read(part)
    except ValueError:
        return False
    return not any("\0" in part for part in parts)


def _checksum(parts: list[str], path: str, filters: Mapping[str, Any]) -> str:
    # The page size may change from page to page; any other filter makes it another list.
    named = sorted((name, str(value)) for name, value in filters.items() if name != "limit" and value is not None)
    return hashlib.sha256(json.dumps([path, parts, named]).encode()).hexdigest()[:16]
