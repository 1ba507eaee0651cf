"""Opaque keyset cursors: where a page ended, and of which list. Not secret, but nothing is taken from one unchecked."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from entente.services.errors import NotFound


def encode(position: tuple[str, ...], path: str, filters: Mapping[str, Any]) -> str:
    """A cursor for the page after `position` of the list at `path` under these filters."""
    text = json.dumps([_checksum(position, path, filters), *position], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, path: str, filters: Mapping[str, Any]) -> tuple[str, ...]:
    """The position in a cursor of the same list under the same filters. Raises NotFound."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise NotFound("page", cursor) from None
    if not isinstance(parts, list) or len(parts) < 2 or not all(isinstance(part, str) for part in parts):
        raise NotFound("page", cursor)
    checksum, *position = parts
    if checksum != _checksum(tuple(position), path, filters):
        raise NotFound("page", cursor)
    return tuple(position)


def next_url(path: str, position: tuple[str, ...] | None, filters: Mapping[str, Any]) -> str | None:
    """The URL of the page after `position` of the list at `path` under these filters; None without a position."""
    if position is None:
        return None
    asked = {name: value for name, value in filters.items() if value is not None}
    return f"{path}?{urlencode({**asked, 'cursor': encode(position, path, filters)}, safe=',:')}"


def _checksum(position: tuple[str, ...], path: str, filters: Mapping[str, Any]) -> str:
    # The page size may change from page to page; everything else makes another list.
    named = sorted((name, str(value)) for name, value in filters.items() if name != "limit" and value is not None)
    return hashlib.sha256(json.dumps([path, list(position), named]).encode()).hexdigest()[:16]
