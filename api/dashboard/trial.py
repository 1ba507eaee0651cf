"""Try it: what a pasted text reports and would change. Nothing is stored."""

import json
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from api.dashboard.pages import own_form, page, parameters, rendered
from api.http.code_limits import code_limits, rate_limited
from api.http.context import system, vocabulary
from entente.bootstrap.seeds import seed_files
from schemas.articles import TrialSchema
from schemas.corrections import outcome_shape

#: Sample articles, by name of their file in seeds/articles/.
SAMPLES = ("recognition", "sanctions", "ceasefire")

_FIELDS = ("text", "title", "published_at", "source")


class SampleSchema(Schema):
    """The sample to fill in."""

    sample = fields.String(validate=validate.OneOf(SAMPLES))


@page("/try")
def trial() -> Response:
    """Show the form, filled with a sample if one was chosen."""
    asked = parameters(SampleSchema())
    given = sample(asked["sample"]) if asked else {}
    return _shown(given, None)


@page("/try", methods=("POST",))
@rate_limited
def try_text() -> Response:
    """Code the text of the form, and show what it would change."""
    # An article has 1 MB; a form may write three characters for one byte.
    request.max_form_memory_size = request.max_content_length
    given = {name: value for name, value in own_form().items() if name in _FIELDS}
    draft = TrialSchema().load(given)
    limits = code_limits()
    with limits.places.place(limits.client()):
        outcome = system().previews.of_text(draft)
    return _shown(given, outcome_shape(outcome, vocabulary()))


def _shown(given: dict[str, Any], outcome: dict[str, Any] | None) -> Response:
    samples = [(name, str(sample(name)["title"])) for name in SAMPLES]
    return rendered("try.html", given=given, outcome=outcome, samples=samples)


def sample(name: str) -> dict[str, Any]:
    """The fields of a sample article: text, title, day and publisher."""
    found = json.loads(seed_files().joinpath("articles", f"{name}.json").read_text(encoding="utf-8"))
    return {field: found[field] for field in _FIELDS if field in found}
