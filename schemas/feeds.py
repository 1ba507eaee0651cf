"""Feeds on the wire."""

from marshmallow import Schema, fields

from entente.services.ingesting.feeds import EVERY_SECONDS, USUAL_SECONDS
from entente.services.ports.feeds import Feed
from schemas.fields import Flag, Text, WebAddress, WholeNumber
from schemas.vocabulary import Shape, instant_text, path


class NewFeedSchema(Schema):
    """A new feed: RSS, Atom or JSON Feed."""

    url = WebAddress(
        required=True,
        metadata={"description": "Address of the feed, or of a web page that names it, such as a home page"},
    )
    publisher = Text(
        high=200,
        allow_none=True,
        load_default=None,
        metadata={"description": "Publisher of its articles; the host of each article's URL if left out"},
    )
    every_seconds = WholeNumber(low=EVERY_SECONDS.start, high=EVERY_SECONDS.stop - 1, load_default=USUAL_SECONDS)


class ActiveSchema(Schema):
    """Whether a feed is polled, or changes are sent to a subscription."""

    active = Flag(required=True)


class FeedSchema(Schema):
    """A feed and its last poll."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    found_url = fields.String(
        allow_none=True, metadata={"description": "The feed that the page at `url` names; it is polled"}
    )
    publisher = fields.String(required=True, allow_none=True)
    every_seconds = fields.Integer(required=True)
    active = fields.Boolean(required=True)
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    next_poll_at = fields.String(required=True, metadata={"format": "date-time"})
    last_polled_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    last_success_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    last_new_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    last_error = fields.String(required=True, allow_none=True)
    failures = fields.Integer(required=True, metadata={"description": "Failed polls since the last good one"})
    n_articles = fields.Integer(required=True, metadata={"description": "Items that became articles"})
    n_skipped = fields.Integer(
        metadata={"description": "Items of its last document without an address and without a whole text"},
    )
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class FeedListSchema(Schema):
    """Every feed, oldest first."""

    feeds = fields.List(fields.Nested(FeedSchema), required=True)


def feed_shape(feed: Feed) -> Shape:
    """A feed in the shape of `FeedSchema`."""
    plain = ("id", "url", "found_url", "publisher", "every_seconds", "active", "last_error", "failures", "n_articles")
    times = ("created_at", "next_poll_at", "last_polled_at", "last_success_at", "last_new_at")
    return {
        **{name: getattr(feed, name) for name in (*plain, "n_skipped")},
        **{name: instant_text(getattr(feed, name)) for name in times},
        "links": {"self": path("feeds", feed.id)},
    }
