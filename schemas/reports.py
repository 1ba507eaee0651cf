"""Responses about an article: that it is accepted, and what it reports."""

from marshmallow import Schema, fields

from entente.services.articles import DATE_PROBLEMS, STATUSES, Article, ArticleSummary
from entente.services.ingesting.ingest import Accepted, Received
from entente.services.reading.lookups import ArticleReport
from schemas.changes import ChangeSchema, change_shape
from schemas.events import EventSchema, event_shape
from schemas.vocabulary import Shape, Vocabulary, instant_text, path


class StoredSchema(Schema):
    """An article that is stored. `created` is false if it was stored before: `id` is then the first one's."""

    id = fields.UUID(required=True)
    created = fields.Boolean(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class AcceptedSchema(StoredSchema):
    """What was stored. Of several, `id` is the first one's, and `created` is true if any was stored now."""

    articles = fields.List(fields.Nested(StoredSchema), metadata={"description": "Of a delivery of several: each"})


class ArticleSummarySchema(Schema):
    """An article with its status, without its text and events."""

    id = fields.UUID(required=True)
    status = fields.String(required=True, metadata={"enum": list(STATUSES)})
    reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why nothing was coded (language, notice, no_actors, no_events …) or what went wrong"},
    )
    source = fields.String(required=True, metadata={"description": "Publisher"})
    reprint_of = fields.UUID(allow_none=True, metadata={"description": "Its first print; null if it is that itself"})
    supersedes = fields.UUID(allow_none=True, metadata={"description": "The article that it is a later version of"})
    url = fields.String(required=True, allow_none=True)
    title = fields.String(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)
    published_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    date_problem = fields.String(
        allow_none=True,
        metadata={
            "enum": [*DATE_PROBLEMS, None],
            "description": "unknown: feed and page gave no date that can be read, so undated news in it stays undated; "
            "future: the date given lay after `received_at`, which `published_at` therefore is",
        },
    )
    published_on = fields.String(
        metadata={"format": "date", "description": "Day where it was published; if unknown, UTC day of receipt"},
    )
    dated_by = fields.String(
        metadata={
            "enum": ["publication", "receipt"],
            "description": "Where `published_on` is from: receipt if the day of publication is unknown",
        },
    )
    received_at = fields.String(required=True, metadata={"format": "date-time"})
    coder_version = fields.String(required=True, allow_none=True)
    truncated = fields.Boolean(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class ArticlePageSchema(Schema):
    """A page of articles, newest first. The Link header has the URLs of the next and the previous page."""

    articles = fields.List(fields.Nested(ArticleSummarySchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "URL of the next page"})
    prev = fields.String(required=True, allow_none=True, metadata={"description": "URL of the previous page"})


class ArticleReportSchema(ArticleSummarySchema):
    """An article with its status, the events that it reports, and the changes that it made."""

    superseded_by = fields.UUID(
        allow_none=True,
        metadata={"description": "Its next version, in whose favour it counts no more once that is coded"},
    )
    attempts = fields.Integer(required=True)
    events = fields.List(fields.Nested(EventSchema), required=True)
    changes = fields.List(fields.Nested(ChangeSchema), required=True)


def accepted_shape(answer: Accepted) -> Shape:
    """An accepted article in the shape of `AcceptedSchema`."""
    return {"id": answer.article_id, "created": answer.created, "links": {"self": path("articles", answer.article_id)}}


def received_shape(received: Received) -> Shape:
    """The articles of a delivery in the shape of `AcceptedSchema`."""
    several = [accepted_shape(one) for one in received.articles] if len(received.articles) > 1 else []
    return {**accepted_shape(received.first), **({"articles": several} if several else {})}


def article_shape(article: Article | ArticleSummary) -> Shape:
    """An article in the shape of `ArticleSummarySchema`."""
    return {
        "id": article.id,
        "status": article.status,
        "reason": article.reason,
        "source": article.publisher,
        "reprint_of": article.reprint_of,
        "supersedes": article.supersedes,
        "url": article.url,
        "title": article.title,
        "language": article.language,
        "published_at": instant_text(article.published_at),
        "date_problem": article.date_problem,
        "published_on": article.published_on.isoformat(),
        "dated_by": article.dated_by,
        "received_at": instant_text(article.received_at),
        "coder_version": article.coder_version,
        "truncated": article.truncated,
        "links": {"self": path("articles", article.id), "events": f"/v1/events?article={article.id}"},
    }


def report_shape(report: ArticleReport, vocabulary: Vocabulary) -> Shape:
    """An article with its events, each with this article's own mentions, in the shape of `ArticleReportSchema`."""
    article = report.article
    own = {mention.id for mention in report.mentions}
    return {
        **article_shape(article),
        "superseded_by": report.superseded_by,
        "attempts": article.attempts,
        "events": [event_shape(e, vocabulary, [m for m in e.mentions if m.id in own]) for e in report.events],
        "changes": [change_shape(recorded) for recorded in report.changes],
    }
