"""Responses shared by several resources."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response, request
from werkzeug.http import http_date

from api.http.caching import MEDIA_TYPE, conditional, entity_tag
from entente.services.ingesting.ingest import Accepted
from schemas.renderer import to_json
from schemas.reports import accepted_shape

#: OpenAPI descriptions of response headers.
LOCATION = {"Location": {"description": "URL of the article", "schema": {"type": "string"}}}
LINK = {"Link": {"description": "Links to the next and the previous page (RFC 8288)", "schema": {"type": "string"}}}
ETAG = {"ETag": {"description": "Entity tag of this state; send it as If-None-Match", "schema": {"type": "string"}}}
MODIFIED = {
    "Last-Modified": {
        "description": "When the last row was recorded; absent without rows. The ETag tells more exactly",
        "schema": {"type": "string"},
    }
}
#: Headers of a page of a list; of one that is only added to.
PAGED = LINK | ETAG
LOGGED = ETAG | MODIFIED


def json_answer(shape: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Respond with a shape as JSON."""
    return Response(to_json(shape), status, headers, content_type=MEDIA_TYPE)


def validated(shape: Any, location: str | None = None) -> Response:
    """Respond with a shape as JSON and a checksum as its entity tag, or with 304."""
    body = to_json(shape)
    return conditional(request, body, entity_tag(body), location)


def logged(shape: Any, recorded: Sequence[datetime]) -> Response:
    """Respond with a page of a list that is only added to, recorded at these times, as `validated` does."""
    response = validated(shape)
    if recorded:
        response.headers["Last-Modified"] = http_date(recorded[-1])
    return response


def accepted(answer: Accepted) -> Response:
    """Respond 202 for an article stored now, 200 for one stored before, each with its Location."""
    shape = accepted_shape(answer)
    return json_answer(shape, 202 if answer.created else 200, {"Location": shape["links"]["self"]})


def page(shape: dict[str, Any], neighbours: tuple[str | None, str | None]) -> Response:
    """Respond with a page of a list; `neighbours` are the URLs of the next and the previous page (RFC 8288)."""
    after, before = neighbours
    response = validated({**shape, "next": after, "prev": before})
    links = [f'<{url}>; rel="{rel}"' for url, rel in ((after, "next"), (before, "prev")) if url]
    if links:
        response.headers["Link"] = ", ".join(links)
    return response
