"""Hot path: serve the current record of a relation, the most frequent read, without going through Flask.

The record is cached as bytes ready to send; Flask's routing, contexts and response were most of the cost of a read.
The view in api/resources/relations.py serves the rest: `as_of` or `known_at`, a key, an unknown country, a record that
is not cached, an Accept-Encoding with weights. A test checks that both give the same answers.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from api.http.auth import reads_freely
from api.http.caching import described, entity_tag, is_known, validators, version_seen
from api.http.compression import WORTHWHILE, packed
from api.http.middleware import ROUTE, TOO_SOON
from entente.bootstrap.container import Container
from schemas.vocabulary import path

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from entente.services.reading.results import ServedRelation

_PREFIX = "/v1/relations/"
_ROUTE = f"{_PREFIX}<source>/<target>"
_OK = "200 OK"
_NOT_MODIFIED = "304 NOT MODIFIED"


def with_hot_reads(serve: "WSGIApplication", container: Container) -> "WSGIApplication":
    """Wrap an application: serve hot reads here, and pass every other request on."""
    relations, open_reading = container.relations, container.settings.open_reading

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        pair = _pair(environ)
        coding = _coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if pair is None or coding is None or not reads_freely(open_reading, environ):
            return serve(environ, start_response)
        found = relations.ready(*pair, at_least=version_seen(environ))
        if found is None:
            return serve(environ, start_response)
        environ[ROUTE] = _ROUTE
        return _send(found, coding, environ, start_response)

    return answer


def _pair(environ: "WSGIEnvironment") -> tuple[str, str] | None:
    """The (source, target) in the path of a hot read; None for any other request."""
    asked: str = environ["PATH_INFO"]
    if not asked.startswith(_PREFIX) or environ["REQUEST_METHOD"] != "GET":
        return None
    if environ.get("QUERY_STRING") or environ.get("SCRIPT_NAME") or TOO_SOON in environ:
        return None
    if "HTTP_AUTHORIZATION" in environ or not asked.isascii():
        return None
    source, slash, target = asked[len(_PREFIX) :].partition("/")
    return (source, target) if slash and source and target and "/" not in target else None


@lru_cache(maxsize=256)
def _coding(accepted: str) -> str | None:
    """`gzip`, "" for no compression, or None for an Accept-Encoding with weights or `*`."""
    named = {part.strip().lower() for part in accepted.split(",")}
    if ";" in accepted or "*" in named:
        return None
    return "gzip" if "gzip" in named else ""


def _send(
    found: "ServedRelation", coding: str, environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    body = found.body
    tag = plain = entity_tag(body, found.version, found.as_of)
    location = path("relations", found.source, found.target)
    if coding and len(body) >= WORTHWHILE:
        body, tag = packed(body), f"{plain}:{coding}"
    for known in dict.fromkeys((plain, tag)):
        if is_known(environ, known):
            start_response(_NOT_MODIFIED, validators(known, location))
            return ()
    headers = [*validators(tag, location), *described(body)]
    if tag is not plain:
        headers.append(("Content-Encoding", coding))
    start_response(_OK, headers)
    return (body,)
