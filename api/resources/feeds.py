"""Feeds: register, list, show, stop and resume."""

from typing import Any

from flask import Response

from api.http.answers import ETAG, json_answer, validated
from api.http.blueprint import Blueprint
from api.http.context import system
from api.http.path_parameters import identifier
from schemas.feeds import ActiveSchema, FeedListSchema, FeedSchema, NewFeedSchema, feed_shape

blp = Blueprint("feeds", "Feeds that are polled for articles", "/v1/feeds")

_FEED = [identifier("feed_id", "Id of a feed", "01980000-0000-7000-8000-000000000000")]


@blp.route("", methods=["POST"])
@blp.needs("admin")
@blp.json(NewFeedSchema)
@blp.answers(201, FeedSchema, description="Registered; it is polled at once")
@blp.fails(400, 409, 413, 415, 422, 503)
def add_feed(asked: dict[str, Any]) -> Response:
    """Register a feed, whose new items become articles."""
    return json_answer(feed_shape(system().feeds.add(**asked)), 201)


@blp.route("", methods=["GET"])
@blp.needs("admin")
@blp.answers(200, FeedListSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(422, 503)
def feeds() -> Response:
    """List every feed and its last poll."""
    return validated({"feeds": [feed_shape(feed) for feed in system().feeds.list()]})


@blp.route("/<feed_id>", methods=["GET"], parameters=_FEED)
@blp.needs("admin")
@blp.answers(200, FeedSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 422, 503)
def feed(feed_id: str) -> Response:
    """Show a feed and its last poll."""
    return validated(feed_shape(system().feeds.get(feed_id)))


@blp.route("/<feed_id>", methods=["PATCH"], parameters=_FEED)
@blp.needs("admin")
@blp.json(ActiveSchema)
@blp.answers(200, FeedSchema)
@blp.fails(400, 404, 413, 415, 422, 503)
def change_feed(asked: dict[str, bool], feed_id: str) -> Response:
    """Stop or resume polling a feed; its articles stay."""
    return json_answer(feed_shape(system().feeds.set_active(feed_id, asked["active"])))
