"""The feed of changes."""

from flask import Response

from api.answers import LINK, json_answer
from api.blueprint import Blueprint
from api.context import system
from schemas.changes import ChangeFilterSchema, ChangePageSchema, change_shape

blp = Blueprint("changes", "Which facets moved, and why", "/v1/changes")


@blp.route("", methods=["GET"])
@blp.query(ChangeFilterSchema)
@blp.answers(200, ChangePageSchema, headers=LINK)
@blp.fails(422, 503)
def changes(asked: dict[str, int]) -> Response:
    """List the changes after a number, in order and without gaps; ask again after `next` to miss nothing."""
    found = system().query.changes(asked["after"], asked["limit"])
    last = found[-1].seq if found else asked["after"]
    full = len(found) == asked["limit"]
    headers = {"Link": f'</v1/changes?after={last}&limit={asked["limit"]}>; rel="next"'} if full else {}
    return json_answer({"changes": [change_shape(recorded) for recorded in found], "next": last}, headers=headers)
