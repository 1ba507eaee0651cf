"""Blueprints with strict argument parsing and documented errors.

flask-smorest documents a view by wrapping it in functions that only call it. Here the documentation is put on the view
itself, which always returns a Response: the wrappers would be much of the cost of a read from memory.
"""
# flask-smorest is not typed.
# mypy: allow-untyped-calls

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import wraps
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar, cast

from flask import Request, request
from flask_smorest.blueprint import Blueprint as SmorestBlueprint
from marshmallow import Schema, ValidationError
from webargs.fields import DelimitedList
from webargs.flaskparser import FlaskParser

from api.http.body import json_body

View = TypeVar("View", bound=Callable[..., Any])

#: OpenAPI `security` of an operation that takes no API key.
PUBLIC: list[dict[str, list[str]]] = []

#: Characters of a parameter's name, or of a member of a list, that an error looks at or repeats.
_MAX_SHOWN = 80


class StrictParser(FlaskParser):
    """Parser of bodies for `Blueprint.json`; unknown fields are errors."""

    # No default per location: each schema decides, and marshmallow's own default is to raise.
    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {}  # noqa: RUF012  # webargs declares it without ClassVar

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002  # webargs' signature
        return json_body(req)

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        # webargs nests the messages under the location, which the client knows.
        (messages,) = error.messages_dict.values()
        raise ValidationError(messages)


class QueryParser:
    """Loader of query strings by one schema; an unknown parameter, or a single value given twice, is an error.

    A list comes with commas, as documented, or as one parameter for each member, which many generated clients send.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._known = sorted(field.data_key or name for name, field in schema.fields.items())
        self._lists = {f.data_key or name for name, f in schema.fields.items() if isinstance(f, DelimitedList)}
        self._of_nothing: dict[str, Any] | None = None

    def load(self, req: Request) -> dict[str, Any]:
        """Return the parameters of a request. Raises ValidationError."""
        if not req.query_string:
            if self._of_nothing is None:
                self._of_nothing = self._schema.load({})
            return dict(self._of_nothing)
        given = {name: values for name, values in req.args.lists() if name not in self._lists}
        twice = {name: ["Given twice."] for name, values in given.items() if len(values) > 1}
        if twice:
            raise ValidationError(twice)
        lists = {name: ",".join(values) for name, values in req.args.lists() if name in self._lists}
        try:
            loaded: dict[str, Any] = self._schema.load(req.args.to_dict() | lists)
        except ValidationError as error:
            told = error.messages_dict | {name: self._unknown(name) for name in req.args if name not in self._known}
            raise ValidationError({name: _of_list(told[name], lists.get(name, "")) for name in told}) from None
        return loaded

    def _unknown(self, name: str) -> list[str]:
        near = get_close_matches(name[:_MAX_SHOWN], self._known, n=1)
        meant = f" {near[0]} may be meant;" if near else ""
        return [f"Unknown parameter;{meant} known: {', '.join(self._known)}."]


def _of_list(messages: Any, given: str) -> Any:
    """The messages of a parameter; those of a list's members, by place, become the list's and name the member."""
    if not isinstance(messages, Mapping):
        return messages
    members = given.split(",")
    return [f"{members[place][:_MAX_SHOWN]!r}: {message}" for place, told in messages.items() for message in told]


class Blueprint(SmorestBlueprint):
    """flask-smorest's Blueprint, typed. A view without `query` takes no query parameters (before_requests.py)."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, description: str, url_prefix: str | None = None) -> None:
        super().__init__(name, __name__, url_prefix=url_prefix, description=description)

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Serve the view under this path and document it, with the function's name as operationId."""
        register = super().route(rule, **options)

        def decorate(view: View) -> View:
            return cast("View", register(self.describes(operationId=view.__name__)(view)))

        return decorate

    def query(self, schema: type[Schema]) -> Callable[[View], View]:
        """Pass the query parameters, loaded by this schema, as the view's first argument."""
        # One instance for all requests: creating one costs more than loading with it.
        loaded_by = schema()
        document, parser = super().arguments(loaded_by, location="query"), QueryParser(loaded_by)

        def decorate(view: View) -> View:
            @wraps(view)
            def asked(*args: Any, **kwargs: Any) -> Any:
                return view(parser.load(request), *args, **kwargs)

            taking: Any = _documented(asked, document)
            taking.takes_query = True
            return cast("View", taking)

        return decorate

    def json(self, schema: type[Schema]) -> Callable[[View], View]:
        """Pass the JSON body, loaded by this schema, as the view's first argument."""
        return cast("Callable[[View], View]", super().arguments(schema(), location="json"))

    def answers(self, status: int, schema: type[Schema] | None = None, **doc: Any) -> Callable[[View], View]:
        """Document the successful response."""
        return _documenting(super().response(status, schema, **doc))

    def also(self, status: int, schema: type[Schema] | None = None, **doc: Any) -> Callable[[View], View]:
        """Document another successful response."""
        return _documenting(super().alt_response(status, schema=schema, success=True, **doc))

    def not_modified(self) -> Callable[[View], View]:
        """Document the 304 response to a matching If-None-Match."""
        return _documenting(super().alt_response(304, HTTPStatus(304).name))

    def fails(self, *statuses: int) -> Callable[[View], View]:
        """Document the problems (RFC 9457) that this view may respond with, by status."""

        def decorate(view: View) -> View:
            for status in statuses:
                view = _documented(view, super(Blueprint, self).alt_response(status, HTTPStatus(status).name))
            return view

        return decorate

    def needs(self, scope: str | None) -> Callable[[View], View]:
        """Require an API key with `scope`; None if the view authenticates by itself. Without this: "read"."""

        def decorate(view: View) -> View:
            if scope is None:
                public: Any = _documented(view, super(Blueprint, self).doc(security=PUBLIC))
                public.needs = None
                return cast("View", public)
            refused = {"401": HTTPStatus.UNAUTHORIZED.name, "403": HTTPStatus.FORBIDDEN.name}
            for status, name in refused.items():
                view = super(Blueprint, self).alt_response(int(status), name)(view)
            view = cast("View", super(Blueprint, self).doc(security=[{"key": []}])(view))
            kept: Any = view
            kept.needs = scope
            return view

        return decorate

    def describes(self, **doc: Any) -> Callable[[View], View]:
        """Add members to the view's OpenAPI operation."""
        return _documenting(super().doc(**doc))


def _documenting(document: Callable[[Any], Any]) -> Callable[[View], View]:
    return lambda view: _documented(view, document)


def _documented(view: View, document: Callable[[Any], Any]) -> View:
    """The view itself, with the documentation that `document` puts on its wrapper."""
    told: Any = view
    told._apidoc = document(view)._apidoc
    return view
