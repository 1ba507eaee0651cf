"""Articles: submit, list, show, retract and recode."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, g, request

from api.http import paging
from api.http.answers import ETAG, LOCATION, PAGED, accepted, json_answer, page, validated
from api.http.blueprint import Blueprint
from api.http.context import system, vocabulary
from api.http.idempotency import IDEMPOTENCY_KEY, idempotency_key
from api.http.path_parameters import identifier
from entente.services.articles import ArticleDraft
from entente.services.errors import NotFound
from entente.services.ingesting.ingest import Accepted
from schemas.article_filters import ArticleFilterSchema, article_filter
from schemas.articles import ArticleDraftSchema
from schemas.corrections import OutcomeSchema, PreviewSchema, ReasonSchema, outcome_shape
from schemas.reports import (
    AcceptedSchema,
    ArticlePageSchema,
    ArticleReportSchema,
    accepted_shape,
    article_shape,
    report_shape,
)
from schemas.vocabulary import spelt

blp = Blueprint("articles", "News articles and the events coded from them", "/v1/articles")

_PATH = "/v1/articles"

#: Readers of the parts of a cursor's position: the day of publication and the id of an article.
_POSITION = (date.fromisoformat, str)


@blp.route("", methods=["POST"])
@blp.describes(parameters=[IDEMPOTENCY_KEY])
@blp.needs("ingest")
@blp.json(ArticleDraftSchema)
@blp.answers(202, AcceptedSchema, description="Stored; it will be coded", headers=LOCATION)
@blp.also(200, AcceptedSchema, description="Stored before; `id` is the first one's", headers=LOCATION)
@blp.fails(400, 413, 415, 503)
def submit(draft: ArticleDraft) -> Response:
    """Submit an article.

    The same content is stored once: submitting it again returns the first article's id. With an `Idempotency-Key` a
    repeat of the request is answered as the first one was, status included.
    """
    key = idempotency_key(request)
    ingest = system().ingest
    return accepted(ingest.submit(draft) if key is None else ingest.submit_under(g.key.id, key, draft))


@blp.route("", methods=["GET"])
@blp.query(ArticleFilterSchema)
@blp.answers(200, ArticlePageSchema, headers=PAGED)
@blp.not_modified()
@blp.fails(404, 409, 422, 503)
def articles(asked: dict[str, Any]) -> Response:
    """List articles that pass every filter, newest first by day of publication."""
    cursor = asked.pop("cursor", None)
    filters = spelt(asked)
    start = paging.decode(cursor, _PATH, filters, _POSITION) if cursor else None
    position, backwards = (start.position, start.backwards) if start else (None, False)
    found = system().articles.page(article_filter(asked), position, asked["limit"], backwards)
    shape = {"articles": [article_shape(article) for article in found.items]}
    return page(shape, paging.neighbours(_PATH, found, filters))


_ARTICLE = [identifier("article_id", "Id of an article", "01980000-0000-7000-8000-000000000000")]


@blp.route("/<article_id>", methods=["GET"], parameters=_ARTICLE)
@blp.answers(200, ArticleReportSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 503)
def report(article_id: str) -> Response:
    """Show an article's status, the events it reports with quotes, and the changes it made."""
    return validated(report_shape(system().lookups.article(_canonical(article_id)), vocabulary()))


@blp.route("/<article_id>", methods=["DELETE"], parameters=_ARTICLE)
@blp.needs("curate")
@blp.query(ReasonSchema)
@blp.answers(200, OutcomeSchema, description="Retracted: the reports removed, and the facets changed")
@blp.fails(404, 422, 503)
def retract(asked: dict[str, str], article_id: str) -> Response:
    """Retract an article and all that it reports.

    Nothing is deleted: its mentions are retired, and the changes feed gets a row of kind `retraction`. Retracting it
    again changes nothing.
    """
    effect = system().corrections.retract(_canonical(article_id), asked["reason"])
    return json_answer(outcome_shape(effect, vocabulary()))


@blp.route("/<article_id>/recode", methods=["POST"], parameters=_ARTICLE)
@blp.needs("curate")
@blp.query(PreviewSchema)
@blp.answers(202, AcceptedSchema, description="It will be coded again", headers=LOCATION)
@blp.also(200, OutcomeSchema, description="With preview=true: what a recode would change; nothing is stored")
@blp.fails(404, 409, 422, 503)
def recode(asked: dict[str, bool], article_id: str) -> Response:
    """Recode an article with the current coder, or preview what that would change."""
    canonical = _canonical(article_id)
    if asked["preview"]:
        return json_answer(outcome_shape(system().previews.recode(canonical), vocabulary()))
    system().corrections.recode(canonical)
    shape = accepted_shape(Accepted(canonical, created=False))
    return json_answer(shape, 202, {"Location": shape["links"]["self"]})


def _canonical(article_id: str) -> str:
    try:
        return str(UUID(article_id))
    except ValueError:
        raise NotFound("article", article_id) from None
