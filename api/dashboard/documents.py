"""The documents as pages: a list, each document, and the API reference."""

import json
from functools import lru_cache
from typing import Any

from flask import Response, current_app, redirect, send_from_directory
from werkzeug.exceptions import NotFound

from api.dashboard.pages import blp, page, rendered
from api.documents.catalogue import PICTURES, REFERENCE, Catalogue, catalogue
from api.documents.markdown import Page, inline
from api.documents.markdown import rendered as html_of
from api.documents.reference import Reference, reference

_AT = "/documents/"


@page("/documents", needs=None)
def documents_moved() -> Response:
    """Lead to the list: links of the pages are relative to its address."""
    return redirect(_AT)  # type: ignore[return-value]  # werkzeug's Response


@page(_AT, needs=None)
def documents() -> Response:
    """List the documents, by who reads them and by subject."""
    return rendered("documents.html", catalogue=_catalogue(), at=_address)


@page("/documents/<name>", needs=None)
def document(name: str) -> Response:
    """Show a document, or the API reference."""
    if name == REFERENCE:
        return rendered("reference.html", told=_reference(), inline=inline, catalogue=_catalogue(), at=_address)
    if name not in _catalogue().files:
        raise NotFound(f"There is no document {name[:100]!r}.")
    return rendered("document.html", document=_document(name), name=name, catalogue=_catalogue(), at=_address)


@blp.route("/documents/pictures/<name>")
def picture(name: str) -> Response:
    """Serve a picture of a document."""
    return send_from_directory(PICTURES, name, max_age=3600)


def _address(name: str) -> str:
    return _AT + name


def _catalogue() -> Catalogue:
    return catalogue()


@lru_cache(maxsize=128)
def _document(name: str) -> Page:
    return html_of(catalogue().files[name], catalogue(), _address, lambda picture: f"{_AT}pictures/{picture}")


@lru_cache(maxsize=1)
def _reference() -> Reference:
    told: Any = current_app.view_functions["api-docs.openapi_json"]()
    return reference(json.loads(told.get_data()))
