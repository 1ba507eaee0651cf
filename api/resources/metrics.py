"""Metrics of the API for Prometheus. Not part of the versioned API: it answers in Prometheus's text format."""

from flask import Blueprint, Response, request

from api.http.auth import for_this_machine
from api.http.context import system

blp = Blueprint("metrics", __name__)


@blp.route("/metrics", methods=["GET"])
@for_this_machine
def metrics() -> Response:
    """Show what the API's processes counted, and the ledger's figures."""
    system().request_recorder.flush()
    body, content_type = system().api_exposition.render(request.headers.get("Accept", ""))
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response
