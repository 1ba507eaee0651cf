"""Feeds on the wire."""

from marshmallow import Schema, fields, validate

from entente.services.ingesting.feeds import EVERY_SECONDS, USUAL_SECONDS
from entente.services.ports.feeds import Feed
from schemas.fields import Flag, Text, WebAddress
from schemas.vocabulary import Shape, instant_text, path


class NewFeedSchema(Schema):
    """A new feed: RSS, Atom or JSON Feed."""

    url = WebAddress(required=True)
    publisher = Text(
        high=200,
        allow_none=True,
        load_default=None,
        metadata={"description": "Publisher of its articles; the host of each article's URL if left out"},
    )
    every_seconds = fields.Integer(
        strict=True,
        load_default=USUAL_SECONDS,
        validate=validate.Range(EVERY_SECONDS.start, EVERY_SECONDS.stop - 1),
    )


class ActiveSchema(Schema):
    """Whether a feed is polled, or changes are sent to a subscription."""

    active = Flag(required=True)


class FeedSchema(Schema):
    """A feed and its last poll."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    publisher = fields.String(required=True, allow_none=True)
    every_seconds = fields.Integer(required=True)
    active = fields.Boolean(required=True)
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    next_poll_at = fields.String(required=True, metadata={"format": "date-time"})
    last_polled_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    last_new_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    last_error = fields.String(required=True, allow_none=True)
    failures = fields.Integer(required=True)
    n_articles = fields.Integer(required=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class FeedListSchema(Schema):
    """Every feed, oldest first."""

    feeds = fields.List(fields.Nested(FeedSchema), required=True)


def feed_shape(feed: Feed) -> Shape:
    """A feed in the shape of `FeedSchema`."""
    plain = ("id", "url", "publisher", "every_seconds", "active", "last_error", "failures", "n_articles")
    times = ("created_at", "next_poll_at", "last_polled_at", "last_new_at")
    return {
        **{name: getattr(feed, name) for name in plain},
        **{name: instant_text(getattr(feed, name)) for name in times},
        "links": {"self": path("feeds", feed.id)},
    }
