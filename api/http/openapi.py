"""The OpenAPI document and the page that shows it. Everything the page loads is served by this app."""
# flask-smorest is not typed.
# mypy: allow-untyped-calls

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, render_template, request
from flask_smorest import Api as SmorestApi

from api.http import errors
from api.http.blueprint import PUBLIC, Blueprint
from api.http.caching import conditional, entity_tag
from api.http.context import vocabulary
from api.http.openapi_parameters import narrower
from api.http.table_streams import ITEM_SCHEMA, MEDIA_TYPES, item_schema
from entente import __version__
from entente.relations.codebook import Codebook
from entente.services.filtering import values_after_changes
from schemas import facets
from schemas.articles import ArticleDraftSchema
from schemas.assertions import DecisionsSchema
from schemas.panel_tables import ALWAYS
from schemas.problems import ProblemSchema
from schemas.relation_tables import relation_columns
from schemas.renderer import to_json
from schemas.series import SERIES
from schemas.state_tables import STATES
from schemas.tables import ENTENTE

_DESCRIPTION = """\
Directed relations between countries, derived from news, with the evidence for every value.

Every write needs an API key (`Authorization: Bearer KEY`) with the scope of the operation; `entente keys add` or
`POST /v1/keys` makes one. A webhook is authenticated by its signature instead. Reads from the server's own machine need
no key, unless ENTENTE_OPEN_READING says otherwise. Keys, senders, feeds and subscriptions need the scope `admin` even
to read.

Every error is a problem (RFC 9457, `application/problem+json`); its `type` is the address of a page with meaning and
remedy. Countries have ISO 3166-1 alpha-3 keys; codes of other schemes and names are accepted too. Days are UTC. Unknown
query parameters and fields are refused with 422. Lists in a query have commas, or are repeated.
"""

#: Allows the page its own scripts and styles, and the inline styles that Swagger UI sets.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


#: Responses that any operation with a key may have. An operation's own ones go first.
_REFUSALS = {
    str(status.value): {"$ref": f"#/components/responses/{status.name}"}
    for status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)
}


class Api(SmorestApi):
    """flask-smorest's OpenAPI, with problems (RFC 9457) in place of its errors.

    The document is made when it is first asked for: that takes longer than the rest of the app.
    """

    def __init__(self, app: Flask, codebook: Codebook, spec_kwargs: Mapping[str, Any]) -> None:
        self._codebook = codebook
        self._blueprints: list[Blueprint] = []
        self._making = threading.Lock()
        super().__init__(app, spec_kwargs=spec_kwargs)

    def _init_spec(self, **_options: Any) -> None:
        """Do nothing yet; see `_document`."""

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
        return conditional(request, self._document, entity_tag(self._document))

    @property
    def _document(self) -> bytes:
        """The document as JSON."""
        with self._making:
            return self._made

    @cached_property
    def _made(self) -> bytes:
        super()._init_spec(**self._spec_kwargs)
        components = self.spec.components
        components.security_scheme(
            "key", {"type": "http", "scheme": "bearer", "description": "An API key: `ent_ID_SECRET`"}
        )
        for name, component in facets.components(self._codebook).items():
            described = {"component": component} if isinstance(component, dict) else {"schema": component}
            components.schema(name, **described)
        components.schema("ArticleDraft", schema=ArticleDraftSchema)
        for blueprint in self._blueprints:
            blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
            self.spec.tag({"name": blueprint.name, "description": blueprint.description})
        relation = "/v1/relations/{source}/{target}"
        tables = {
            "/v1/events": list(ENTENTE),
            "/v1/relations": list(relation_columns(vocabulary())),
            "/v1/states": list(STATES),
            f"{relation}/history": list(STATES),
            f"{relation}/series": list(SERIES),
            # The others depend on what is asked for.
            "/v1/panels": ALWAYS,
        }
        return to_json(refined(self.spec.to_dict(), self._codebook, tables))

    def add(self, blueprint: Blueprint) -> None:
        """Register a blueprint with the app, and document it."""
        self._app.register_blueprint(blueprint)
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._blueprints.append(blueprint)


def register_openapi(app: Flask, codebook: Codebook) -> Api:
    """Serve /openapi.json and /docs; blueprints registered with the result are documented."""
    app.config.update(
        API_TITLE="Entente",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    license = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
    given = {
        "info": {"description": _DESCRIPTION, "license": license},
        # Relative to the document's own address, as a server does not know its public name.
        "servers": [{"url": "/", "description": "The server that this document came from"}],
        # A read may need no key (ENTENTE_OPEN_READING); an operation that always needs one says so itself.
        "security": [{"key": []}, {}],
    }
    api = Api(app, codebook, given)
    app.add_url_rule("/docs", "docs", docs)
    return api


def refined(document: dict[str, Any], codebook: Codebook, tables: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The document, narrowed to the codebook's acts and facets, with the refusals that every guarded operation shares.

    `tables` has the columns of each list that also comes as a table, by path.
    It is the same on every day: a client that validates by it accepts tomorrow what it accepts today.
    """
    everywhere, by_path = narrower(codebook)
    for path, operations in document["paths"].items():
        values = everywhere | by_path.get(path, {})
        of_operations = [one for one in operations.values() if isinstance(one, dict)]
        for shared in (operations, *of_operations):
            for parameter in shared.get("parameters", ()):
                if parameter.get("in") in ("query", "path"):
                    parameter["schema"].update(values.get(parameter["name"], {}))
        for operation in of_operations:
            if operation.get("security") != PUBLIC:
                operation["responses"] = _REFUSALS | operation["responses"]
    for path, columns in tables.items():
        lines = document["paths"][path]["get"]["responses"]["200"]["content"][MEDIA_TYPES["ndjson"]]
        lines[ITEM_SCHEMA] = item_schema(columns)
    schemas = document["components"]["schemas"]
    schemas["Wants"]["properties"]["facets"]["items"]["enum"] = list(codebook.facets)
    schemas["Wants"]["properties"]["to_values"]["items"]["enum"] = values_after_changes(codebook.facets.values())
    schemas["NewAssertion"]["properties"]["act"]["enum"] = sorted(codebook.acts)
    schemas["Decisions"].update(DecisionsSchema.together)
    plain: dict[str, Any] = _without_lone_all_of(document)
    return plain


def _without_lone_all_of(node: Any) -> Any:
    """The document with each `allOf` of one schema replaced by that schema; apispec writes such ones."""
    if isinstance(node, list):
        return [_without_lone_all_of(member) for member in node]
    if not isinstance(node, dict):
        return node
    inner = {name: _without_lone_all_of(member) for name, member in node.items()}
    if isinstance(inner.get("allOf"), list) and len(inner["allOf"]) == 1:
        (only,) = inner.pop("allOf")
        return {**inner, **only}
    return inner


def docs() -> Response:
    """Show the OpenAPI document as an HTML page (Swagger UI)."""
    return Response(render_template("docs.html"), headers={"Content-Security-Policy": _PAGE_POLICY})
