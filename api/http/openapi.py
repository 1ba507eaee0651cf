"""The OpenAPI document and the page that shows it. Everything the page loads is served by this app."""
# flask-smorest is not typed.
# mypy: allow-untyped-calls

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, render_template
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
from schemas.assertions import DecisionsSchema
from schemas.problems import ProblemSchema

_DESCRIPTION = """\
Directed relations between countries, derived from news, with the evidence for every value.

Every write needs an API key (`Authorization: Bearer KEY`) with the scope of the operation; `entente keys add` or
`POST /v1/keys` makes one. A webhook is authenticated by its signature instead. Reads from the server's own machine need
no key, unless ENTENTE_OPEN_READING says otherwise. Keys, senders, feeds and subscriptions need the scope `admin` even
to read.

Every error is a problem (RFC 9457, `application/problem+json`). Countries have ISO 3166-1 alpha-3 keys; codes of other
schemes and names are accepted too. Days are UTC. Unknown query parameters and fields are refused with 422.
"""

#: Allows the page its own scripts and styles, and the inline styles that Swagger UI sets.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Api(SmorestApi):
    """flask-smorest's OpenAPI, with problems (RFC 9457) in place of its errors."""

    def _register_responses(self) -> None:
        problem = {"content": {errors.MEDIA_TYPE: {"schema": ProblemSchema}}}
        for status in HTTPStatus:
            content = problem if status >= HTTPStatus.BAD_REQUEST else {}
            self.spec.components.response(status.name, {"description": status.phrase, **content}, lazy=True)
        self.spec.components.response("DEFAULT_ERROR", {"description": "Any other problem", **problem}, lazy=True)

    def _register_pagination_header(self) -> None:
        """Register nothing: pages are linked by Link headers."""

    def _register_error_handlers(self) -> None:
        """Register nothing: api/http/errors.py handles every error."""

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
    return api


def refined(document: dict[str, Any], codebook: Codebook, today: date) -> dict[str, Any]:
    """The document, narrowed to the codebook's acts and facets and to the days up to `today`."""
    everywhere, by_path = narrower(codebook, today)
    for path, operations in document["paths"].items():
        values = everywhere | by_path.get(path, {})
        for parameter in (p for o in operations.values() if isinstance(o, dict) for p in o.get("parameters", ())):
            if parameter.get("in") == "query":
                parameter["schema"].update(values.get(parameter["name"], {}))
    wants = document["components"]["schemas"]["Wants"]["properties"]
    wants["facets"]["items"]["enum"] = list(codebook.facets)
    document["components"]["schemas"]["NewAssertion"]["properties"]["act"]["enum"] = sorted(codebook.acts)
    document["components"]["schemas"]["Decisions"].update(DecisionsSchema.together)
    listing = document["paths"]["/v1/relations"]["get"]
    listing["parameters"] = together(listing["parameters"])
    return document


def docs() -> Response:
    """Show the OpenAPI document as an HTML page (Swagger UI)."""
    return Response(render_template("docs.html"), headers={"Content-Security-Policy": _PAGE_POLICY})
