"""Hooks for schemathesis: how to serialise NDJSON bodies, and an idempotency key for each request."""

import json
import re
import uuid
from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def json_lines(_context: Any, value: Any) -> bytes:
    """A string as it is, anything else as one line of JSON."""
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace")


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Replace a well-formed idempotency key: the schema can't say that one under which another body came is refused."""
    given = case.headers.get("Idempotency-Key")
    if isinstance(given, str) and re.fullmatch(r"[!-~]{1,255}", given):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
