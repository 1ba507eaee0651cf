"""Errors as problems (RFC 9457). The table PROBLEMS maps each exception to its problem; nothing else makes one."""

from collections.abc import Callable, Mapping
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
from api.http.problem_types import PROBLEM_TYPES
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
from schemas.messages import field_messages
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
    """A problem to send: `kind` is a name in PROBLEM_TYPES, `extra` has further members.

    `title` is the type's, unless given: titles are for people, and may be more precise. `kind` "" is for an error of
    which no more can be said than its HTTP `status`.
    """

    kind: str
    detail: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    status: int = 0

    def response(self) -> Response:
        """The problem as a response."""
        shape = self.shape()
        return Response(to_json(shape), shape["status"], self.headers, content_type=MEDIA_TYPE)

    def shape(self) -> dict[str, Any]:
        """The problem's members, with the path and the id of the current request."""
        of_type = PROBLEM_TYPES[self.kind] if self.kind else None
        return {
            "type": f"/problems/{self.kind}" if self.kind else "about:blank",
            "title": self.title or (of_type.title if of_type else HTTPStatus(self.status).phrase),
            "status": of_type.status if of_type else self.status,
            "detail": _printable(self.detail),
            "instance": quote(request.path, safe="/:@!$&'()*+,;=~-._"),
            "request_id": request.environ.get(REQUEST_ID, ""),
            **self.extra,
        }


def _invalid(errors: list[dict[str, str]], detail: str) -> Problem:
    return Problem("invalid-request", detail, {"errors": errors})


def _validation_error(error: ValidationError) -> Problem:
    # Names come from the client: a long one is truncated.
    found = field_messages(error.messages, lambda key: _printable(key)[:100])
    errors = [{"field": path or "body", "detail": message} for path, message in islice(found, _MAX_ERRORS)]
    more = sum(1 for _ in found)
    told = [f"{e['field']}: {e['detail']}" for e in errors]
    return _invalid(errors, " ".join([f"{more:,} more errors; the first:", *told] if more else told))


def _bad_json(error: BadJson) -> Problem:
    errors = [{"field": error.field or "body", "detail": error.detail}]
    if error.is_syntax:
        return Problem("malformed-json", error.detail, {"errors": errors})
    return _invalid(errors, f"{error.field or 'body'}: {error.detail}")


def _unknown_entity(error: UnknownEntity) -> Problem:
    nearest = [{"key": key, "name": name} for key, name in error.nearest]
    title = "More than one country may be meant" if error.is_ambiguous else ""
    told = f"{error}; /v1/countries lists all"
    return Problem("unknown-country", told, {"nearest": nearest}, title=title)


def _unknown_facet(error: UnknownFacet) -> Problem:
    extra = {"errors": [{"field": _facet_field(), "detail": "no facet of the codebook"}], "known": list(error.known)}
    return Problem("unknown-facet", str(error), extra)


def _facet_field() -> str:
    """The query parameter that named a facet: one of several facets, or of one."""
    return "facets" if "facets" in request.args else "facet"


def _unknown_value(error: UnknownValue) -> Problem:
    extra = {
        "errors": [
            {
                "field": _facet_field() if error.field == "facet" else error.field,
                "detail": f"no value of that {error.field}",
            }
        ],
        "known": list(error.known),
    }
    return Problem("unknown-value", str(error), extra)


def _unknown_act(error: UnknownAct) -> Problem:
    extra = {"errors": [{"field": "act", "detail": "no act of the codebook; /v1/codebook lists them"}]}
    return Problem("unknown-act", f"{error}; /v1/codebook lists them", extra)


def _contradiction(error: Contradiction) -> Problem:
    extra = {"errors": [{"field": error.field, "detail": str(error)}]}
    return Problem("contradiction", str(error), extra)


def _bad_cursor(error: BadCursor) -> Problem:
    told = f"{error}: follow the `next` and `prev` of an answer, with the filters that it was asked with"
    return Problem("unknown-page", told, {"errors": [{"field": "cursor", "detail": told}]})


def _not_found(error: NotFound) -> Problem:
    extra = {"errors": [{"field": error.field, "detail": str(error)}]} if error.field else {}
    return Problem(f"unknown-{error.kind}", str(error), extra)


def _malformed(error: Malformed) -> Problem:
    extra = {"errors": [{"field": error.field, "detail": str(error)}]}
    return Problem("malformed-header", str(error), extra)


def _forbidden(error: Forbidden) -> Problem:
    headers = {"WWW-Authenticate": "StandardWebhooks"}
    return Problem("not-authentic", str(error), headers=headers)


def _foreign_publisher(error: ForeignPublisher) -> Problem:
    extra = {"errors": [{"field": error.field, "detail": str(error)}]}
    return Problem("foreign-publisher", str(error), extra)


def _unauthenticated(error: Unauthenticated) -> Problem:
    headers = {"WWW-Authenticate": 'Bearer realm="entente"'}
    return Problem("unauthenticated", str(error), headers=headers)


def _unavailable(error: Unavailable) -> Problem:
    log.error("ledger unavailable", error=str(error))
    detail = "The ledger can't be reached. Nothing was stored; try again."
    return Problem("unavailable", detail, headers={"Retry-After": str(RETRY_AFTER)})


def _text_too_large(error: TextTooLarge) -> Problem:
    extra = {"errors": [{"field": error.field, "detail": str(error)}]}
    return Problem("too-large", f"{error.field}: {error}", extra)


def _http_error(error: HTTPException) -> Problem:
    status = HTTPStatus(error.code or 500)
    kind = "too-large" if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else status.phrase.lower().replace(" ", "-")
    headers = {k: v for k, v in error.get_headers() if k not in ("Content-Type", "Content-Length")}
    told = error.description or status.phrase
    if kind not in PROBLEM_TYPES:
        return Problem("", told, headers=headers, status=status)
    about_body = kind in ("too-large", "unsupported-media-type")
    return Problem(kind, told, {"errors": [{"field": "body", "detail": told}]} if about_body else {}, headers)


def _unexpected(error: Exception) -> Problem:
    log.exception("unhandled error", exc_info=error)
    return Problem("internal", "Internal error; the server's log has it under this request id.")


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
    MalformedEventId: lambda error: Problem("unknown-event", str(error)),
    BadCursor: _bad_cursor,
    NotFound: _not_found,
    Forbidden: _forbidden,
    ForeignPublisher: _foreign_publisher,
    Malformed: _malformed,
    Unauthenticated: _unauthenticated,
    Denied: lambda error: Problem("denied", str(error)),
    Conflict: lambda error: Problem("conflict", str(error)),
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
