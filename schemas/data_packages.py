"""Frictionless data packages (datapackage.json, version 1): the types of the columns of CSV files."""

import json
from pathlib import PurePath
from typing import Any

from schemas.table_columns import Columns

#: Name of the file that describes the tables beside it.
PACKAGE = "datapackage.json"

_TYPES: dict[str, dict[str, str]] = {
    "string": {"type": "string"},
    "code": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "date"},
    "month": {"type": "yearmonth"},
    "instant": {"type": "datetime"},
}


def table_schema(columns: Columns) -> dict[str, Any]:
    """The Frictionless Table Schema of these columns. An empty cell is a missing value, also in a text."""
    return {"fields": [{"name": name, **_TYPES[kind]} for name, kind in columns.items()], "missingValues": [""]}


def packaged(name: str, columns: Columns, before: str = "") -> str:
    """The text of a data package with this CSV file; `before`: that of the package so far, whose other files stay.

    Raises ValueError if `before` is not a data package.
    """
    package: dict[str, Any] = json.loads(before) if before else {"profile": "tabular-data-package", "resources": []}
    if not isinstance(package, dict) or not isinstance(package.get("resources"), list):
        raise ValueError(before)
    others = [resource for resource in package["resources"] if resource.get("path") != name]
    described = {
        "profile": "tabular-data-resource",
        "name": _resource_name(name),
        "path": name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": table_schema(columns),
    }
    package["resources"] = [*others, described]
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource_name(name: str) -> str:
    """A name in the characters that the specification allows."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in PurePath(name).stem.lower())
