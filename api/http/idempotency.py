"""The Idempotency-Key header (IETF draft-ietf-httpapi-idempotency-key-header): read and described."""

import re
from typing import Any

from flask import Request

from entente.services.errors import Malformed

_NAME = "Idempotency-Key"

#: Most characters of a key. It is opaque: quotation marks, which the draft asks for, are part of it.
_LENGTH = 255

_VISIBLE = re.compile(rf"[!-~]{{1,{_LENGTH}}}")

#: OpenAPI description of the header.
IDEMPOTENCY_KEY: dict[str, Any] = {
    "in": "header",
    "name": _NAME,
    "required": False,
    "description": (
        "An id of the client's own for this request, e.g. a UUID. The same request again under the same id and API key "
        "gets the same answer; another one under it is refused with 422"
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": _LENGTH, "pattern": "^[!-~]+$"},
    "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}


def idempotency_key(request: Request) -> str | None:
    """The request's idempotency key, None if it has none. Raises Malformed."""
    given = request.headers.get(_NAME)
    if given is not None and not _VISIBLE.fullmatch(given):
        told = f"must be 1 to {_LENGTH} visible ASCII characters without spaces, e.g. a UUID"
        raise Malformed(_NAME, f"{_NAME} {told}")
    return given
