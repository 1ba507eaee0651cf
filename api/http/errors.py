"""Errors as problems (RFC 9457). The table PROBLEMS maps each exception to its problem; nothing else makes one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import islice
from typing import Any
from urllib.parse import quote

import structlog
from flask import Flask, Response, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from api.http.middleware import REQUEST_ID
from api.http.paging import BadCursor
from entente.relations.errors import MalformedEventId, UnknownAct, UnknownEntity, UnknownFacet, UnknownValue
from entente.services.errors import (
    Conflict,
    Contradiction,
    Denied,
    Forbidden,
    ForeignPublisher,
    Invalid,
    Malformed,
    NotFound,
    Unauthenticated,
    Unavailable,
)
from schemas.articles import TextTooLarge
from schemas.renderer import to_json
from schemas.strict_json import BadJson

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

#: Retry-After, in seconds, when the ledger can't be reached.
RETRY_AFTER = 5

#: Errors of one request that are listed; the rest are only counted.
_MAX_ERRORS = 20

#: Characters of a detail, which may repeat what a client sent.
_MAX_DETAIL = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem to send: `kind` is the last part of the stable type URI, `extra` has further members."""

    status: int
    kind: str
    title: str
    detail: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The problem as a response."""
        return Response(to_json(self.shape()), self.status, self.headers, content_type=MEDIA_TYPE)

    def shape(self) -> dict[str, Any]:
        """The problem's members, with the path and the id of the current request."""
        return {
            "type": f"/problems/{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": _printable(self.detail),
            "instance": quote(request.path, safe="/:@!$&'()*+,;=~-._"),
            "request_id": request.environ.get(REQUEST_ID, ""),
            **self.extra,
        }


def _invalid(errors: list[dict[str, str]], detail: str) -> Problem:
    return Problem(422, "invalid-request", "The request can't be understood", detail, {"errors": errors})


def _validation_error(error: ValidationError) -> Problem:
    found = _flatten(error.messages)
    errors = [{"field": path, "detail": message} for path, message in islice(found, _MAX_ERRORS)]
    more = sum(1 for _ in found)
    told = [f"{e['field']}: {e['detail']}" for e in errors]
    return _invalid(errors, " ".join([f"{more:,} more errors; the first:", *told] if more else told))


def _flatten(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(field, message) pairs of marshmallow's nested messages; `_schema` is the whole object."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            # Names come from the client: a long one is truncated.
            name = "" if key == "_schema" else _printable(str(key))[:100]
            yield from _flatten(inner, ".".join(part for part in (path, name) if part))
    elif isinstance(messages, list):
        for inner in messages:
            yield from _flatten(inner, path)
    else:
        yield path or "body", str(messages)


def _bad_json(error: BadJson) -> Problem:
    errors = [{"field": error.field or "body", "detail": error.detail}]
    if error.is_syntax:
        return Problem(400, "malformed-json", "The body is not JSON", error.detail, {"errors": errors})
    return _invalid(errors, f"{error.field or 'body'}: {error.detail}")


def _unknown_entity(error: UnknownEntity) -> Problem:
    nearest = [{"key": key, "name": name} for key, name in error.nearest]
    title = "More than one country may be meant" if error.is_ambiguous else "No such country or organisation"
    return Problem(404, "unknown-country", title, f"{error}; /v1/countries lists all", {"nearest": nearest})


def _unknown_facet(error: UnknownFacet) -> Problem:
    extra = {"errors": [{"field": "facet", "detail": "no facet of the codebook"}], "known": list(error.known)}
    return Problem(422, "unknown-facet", "No such facet", str(error), extra)


def _unknown_value(error: UnknownValue) -> Problem:
    extra = {
        "errors": [{"field": error.field, "detail": f"no value of that {error.field}"}],
        "known": list(error.known),
    }
    return Problem(422, "unknown-value", "No such value", str(error), extra)


def _unknown_act(error: UnknownAct) -> Problem:
    extra = {"errors": [{"field": "act", "detail": "no act of the codebook; /v1/codebook lists them"}]}
    return Problem(422, "unknown-act", "No such act", f"{error}; /v1/codebook lists them", extra)


def _contradiction(error: Contradiction) -> Problem:
    extra = {"errors": [{"field": error.field, "detail": str(error)}]}
    return Problem(409, "contradiction", "The parameters contradict each other", str(error), extra)


def _bad_cursor(error: BadCursor) -> Problem:
    told = f"{error}: follow the `next` and `prev` of an answer, with the filters that it was asked with"
    return Problem(404, "unknown-page", "No such page", told, {"errors": [{"field": "cursor", "detail": told}]})


def _not_found(error: NotFound) -> Problem:
    extra = {"errors": [{"field": error.field, "detail": str(error)}]} if error.field else {}
    return Problem(404, f"unknown-{error.kind}", f"No such {error.kind}", str(error), extra)


def _malformed(error: Malformed) -> Problem:
    extra = {"errors": [{"field": error.field, "detail": str(error)}]}
    return Problem(400, "malformed-header", "A header can't be read", str(error), extra)


def _forbidden(error: Forbidden) -> Problem:
    headers = {"WWW-Authenticate": "StandardWebhooks"}
    return Problem(401, "not-authentic", "The signature is not valid", str(error), headers=headers)


def _foreign_publisher(error: ForeignPublisher) -> Problem:
    extra = {"errors": [{"field": error.field, "detail": str(error)}]}
    return Problem(403, "foreign-publisher", "Not a publisher of this source", str(error), extra)


def _unauthenticated(error: Unauthenticated) -> Problem:
    headers = {"WWW-Authenticate": 'Bearer realm="entente"'}
    return Problem(401, "unauthenticated", "A key is needed", str(error), headers=headers)


def _unavailable(error: Unavailable) -> Problem:
    log.error("ledger unavailable", error=str(error))
    detail = "The ledger can't be reached. Nothing was stored; try again."
    return Problem(503, "unavailable", "Out of service", detail, headers={"Retry-After": str(RETRY_AFTER)})


def _text_too_large(error: TextTooLarge) -> Problem:
    extra = {"errors": [{"field": error.field, "detail": str(error)}]}
    return Problem(413, "too-large", "Too large", f"{error.field}: {error}", extra)


def _http_error(error: HTTPException) -> Problem:
    status = HTTPStatus(error.code or 500)
    kind = status.phrase.lower().replace(" ", "-").replace("'", "")
    headers = {k: v for k, v in error.get_headers() if k not in ("Content-Type", "Content-Length")}
    extra = {}
    if status in (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE):
        kind = "too-large" if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else "unsupported-media-type"
        extra = {"errors": [{"field": "body", "detail": error.description or status.phrase}]}
    return Problem(status, kind, status.phrase, error.description or status.phrase, extra, headers)


def _unexpected(error: Exception) -> Problem:
    log.exception("unhandled error", exc_info=error)
    return Problem(500, "internal", "Internal error", "Internal error; the server's log has it under this request id.")


#: Problem by exception class. The first class in the exception's MRO that is listed applies.
PROBLEMS: Mapping[type[Exception], Callable[[Any], Problem]] = {
    ValidationError: _validation_error,
    BadJson: _bad_json,
    TextTooLarge: _text_too_large,
    Invalid: lambda error: _invalid([{"field": error.field, "detail": str(error)}], str(error)),
    Contradiction: _contradiction,
    UnknownEntity: _unknown_entity,
    UnknownFacet: _unknown_facet,
    UnknownValue: _unknown_value,
    UnknownAct: _unknown_act,
    MalformedEventId: lambda error: Problem(404, "unknown-event", "No such event", str(error)),
    BadCursor: _bad_cursor,
    NotFound: _not_found,
    Forbidden: _forbidden,
    ForeignPublisher: _foreign_publisher,
    Malformed: _malformed,
    Unauthenticated: _unauthenticated,
    Denied: lambda error: Problem(403, "denied", "The key lacks the scope", str(error)),
    Conflict: lambda error: Problem(409, "conflict", "Not possible in this state", str(error)),
    Unavailable: _unavailable,
    HTTPException: _http_error,
    Exception: _unexpected,
}


def problem_of(error: Exception) -> Problem:
    """The problem for an exception."""
    return next(PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS)(error)


def register_errors(app: Flask) -> None:
    """Respond to every exception of this app with its problem."""
    app.register_error_handler(Exception, lambda error: problem_of(error).response())


def _printable(text: str) -> str:
    """Text that JSON in UTF-8 can hold, of bounded length."""
    return text[:_MAX_DETAIL].encode("utf-8", "replace").decode()
