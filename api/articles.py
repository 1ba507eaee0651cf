"""Articles: taking them in, and telling what became of them."""

from uuid import UUID

from flask import Response

from api.answers import ETAG, LOCATION, accepted, validated
from api.blueprint import Blueprint
from api.context import system, vocabulary
from api.parameters import identifier
from entente.services.articles import ArticleDraft
from entente.services.errors import NotFound
from schemas.articles import ArticleDraftSchema
from schemas.reports import AcceptedSchema, ArticleReportSchema, report_shape

blp = Blueprint("articles", "News articles and what was read in them", "/v1/articles")


@blp.route("", methods=["POST"])
@blp.json(ArticleDraftSchema)
@blp.answers(202, AcceptedSchema, description="Stored; it will be coded", headers=LOCATION)
@blp.also(200, AcceptedSchema, description="Stored before: the first one's id", headers=LOCATION)
@blp.fails(400, 413, 415, 503)
def submit(draft: ArticleDraft) -> Response:
    """Take an article in, once: the same content again answers with the first one's id."""
    return accepted(system().ingest.submit(draft))


@blp.route(
    "/<article_id>",
    methods=["GET"],
    parameters=[identifier("article_id", "As the Location header gave it", "01980000-0000-7000-8000-000000000000")],
)
@blp.answers(200, ArticleReportSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 503)
def report(article_id: str) -> Response:
    """Tell how far an article got, which events it reports with their quotes, and what it changed."""
    try:
        canonical = str(UUID(article_id))
    except ValueError:
        raise NotFound("article", article_id) from None
    return validated(report_shape(system().query.article(canonical), vocabulary()))
