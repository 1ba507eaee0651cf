"""Pages of the types of problems, at the addresses that problems give as `type`. For people: not in OpenAPI."""

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from api.http.problem_types import PROBLEM_TYPES

blp = Blueprint("problems", __name__)


@blp.get("/problems")
def problem_types() -> Response:
    """List every type of problem."""
    return Response(render_template("problems.html", types=PROBLEM_TYPES))


@blp.get("/problems/<name>")
def problem_type(name: str) -> Response:
    """Show what a type of problem means and what to do about it."""
    if name not in PROBLEM_TYPES:
        raise NotFound("There is no such type of problem; /problems lists all.")
    return Response(render_template("problem.html", name=name, type=PROBLEM_TYPES[name]))
