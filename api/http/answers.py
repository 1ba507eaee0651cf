"""Answers that several resources give."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from api.http.caching import MEDIA_TYPE, conditional, entity_tag
from entente.services.ingesting.ingest import Accepted
from schemas.renderer import to_json
from schemas.reports import accepted_shape

#: OpenAPI's description of the headers that these answers carry.
LOCATION = {"Location": {"description": "Where the article is", "schema": {"type": "string"}}}
LINK = {"Link": {"description": "The next page and the one before (RFC 8288)", "schema": {"type": "string"}}}
ETAG = {"ETag": {"description": "Names this state; send it as If-None-Match", "schema": {"type": "string"}}}
#: What a page of a list carries.
PAGED = LINK | ETAG


def json_answer(shape: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A shape as JSON."""
    return Response(to_json(shape), status, headers, content_type=MEDIA_TYPE)


def validated(shape: Any, location: str | None = None) -> Response:
    """A shape as JSON under a checksum for its tag, or 304."""
    body = to_json(shape)
    return conditional(request, body, entity_tag(body), location)


def accepted(answer: Accepted) -> Response:
    """202 for an article that is now stored, 200 for one that was before; both say where it is."""
    shape = accepted_shape(answer)
    return json_answer(shape, 202 if answer.created else 200, {"Location": shape["links"]["self"]})


def page(shape: dict[str, Any], neighbours: tuple[str | None, str | None]) -> Response:
    """A page of a list under a checksum for its tag, with links to the next and the one before (RFC 8288)."""
    after, before = neighbours
    response = validated({**shape, "next": after, "prev": before})
    links = [f'<{url}>; rel="{rel}"' for url, rel in ((after, "next"), (before, "prev")) if url]
    if links:
        response.headers["Link"] = ", ".join(links)
    return response
