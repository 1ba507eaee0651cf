"""The OpenAPI document and the page that shows it. Everything the page loads is served by this app."""
# mypy: allow-untyped-calls

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, redirect, render_template, url_for
from flask_smorest import Api as SmorestApi

from api.http import errors
from api.http.answers import json_answer
from api.http.blueprint import Blueprint
from api.http.context import system
from api.http.openapi_parameters import narrower, together
from entente import __version__
from entente.relations.codebook import Codebook
from schemas import facets
from schemas.articles import ArticleDraftSchema
from schemas.problems import ProblemSchema

_DESCRIPTION = """\
How every country stands with every other, as read in the news, with the evidence.

Every write needs an API key (`Authorization: Bearer KEY`, made by `entente keys add` or `POST /v1/keys`) whose scopes
reach that far; signed webhooks prove themselves. Reading needs none from the machine that the server runs on, unless
it is set otherwise (ENTENTE_OPEN_READING).

Every error is a problem (RFC 9457, `application/problem+json`). Countries are named by ISO 3166-1 alpha-3 keys, and
understood in any other scheme. Days are UTC. Unknown query parameters and unknown fields are refused with 422.
"""

#: The page's own scripts and styles, and the styles that Swagger UI writes into its elements.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Api(SmorestApi):
    """flask-smorest's OpenAPI, with our problems in place of its errors."""

    def _register_responses(self) -> None:
        problem = {"content": {errors.MEDIA_TYPE: {"schema": ProblemSchema}}}
        for status in HTTPStatus:
            content = problem if status >= HTTPStatus.BAD_REQUEST else {}
            self.spec.components.response(status.name, {"description": status.phrase, **content}, lazy=True)
        self.spec.components.response("DEFAULT_ERROR", {"description": "Any other problem", **problem}, lazy=True)

    def _register_pagination_header(self) -> None:
        """None: pages are linked by Link headers."""

    def _register_error_handlers(self) -> None:
        """None of its own: api/http/errors.py answers every error."""

    def _openapi_json(self) -> Response:
        return json_answer(refined(self.spec.to_dict(), system().codebook, system().clock.now().date()))

    def add(self, blueprint: Blueprint) -> None:
        """Register a blueprint with the app, and document it."""
        self.register_blueprint(blueprint)


def register_openapi(app: Flask, codebook: Codebook) -> Api:
    """Serve /openapi.json and /docs; blueprints registered with the result are documented."""
    app.config.update(
        API_TITLE="Entente",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = Api(app, spec_kwargs={"info": {"description": _DESCRIPTION, "license": {"name": "Apache-2.0"}}})
    scheme = {"type": "http", "scheme": "bearer", "description": "An API key: `ent_ID_SECRET`"}
    api.spec.components.security_scheme("key", scheme)
    for name, component in facets.components(codebook).items():
        given = {"component": component} if isinstance(component, dict) else {"schema": component}
        api.spec.components.schema(name, **given)
    api.spec.components.schema("ArticleDraft", schema=ArticleDraftSchema)
    api.spec.components.schemas["ArticleDraft"].update(ArticleDraftSchema.together)
    app.add_url_rule("/docs", "docs", docs)
    # Who only has the address learns what can be asked here.
    app.add_url_rule("/", "home", lambda: redirect(url_for("docs")))
    return api


def refined(document: dict[str, Any], codebook: Codebook, today: date) -> dict[str, Any]:
    """The document with what only this system and this day know: the acts and facets there are, the days so far."""
    everywhere, by_path = narrower(codebook, today)
    for path, operations in document["paths"].items():
        values = everywhere | by_path.get(path, {})
        for parameter in (p for o in operations.values() if isinstance(o, dict) for p in o.get("parameters", ())):
            if parameter.get("in") == "query":
                parameter["schema"].update(values.get(parameter["name"], {}))
    wants = document["components"]["schemas"]["Wants"]["properties"]
    wants["facets"]["items"]["enum"] = list(codebook.facets)
    document["components"]["schemas"]["NewAssertion"]["properties"]["act"]["enum"] = sorted(codebook.acts)
    listing = document["paths"]["/v1/relations"]["get"]
    listing["parameters"] = together(listing["parameters"])
    return document


def docs() -> Response:
    """The OpenAPI document for people."""
    return Response(render_template("docs.html"), headers={"Content-Security-Policy": _PAGE_POLICY})
