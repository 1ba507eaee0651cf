"""Frictionless data packages (datapackage.json): the types of the columns of CSV files.

Written so that versions 1 and 2 of the specification agree on what is said.
"""

import json
import re
from collections.abc import Collection
from itertools import chain, count
from pathlib import PurePath
from typing import Any

from schemas.table_columns import Columns

#: Name of the file that describes the tables beside it.
PACKAGE = "datapackage.json"

#: Names of files that a package may name: relative, with nothing that may lead out of its folder.
_NAMEABLE = re.compile(r"(?![./~])(?!.*\.\.)[^\\:]+", re.DOTALL)

_TYPES: dict[str, dict[str, str]] = {
    "string": {"type": "string"},
    "code": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "date"},
    "month": {"type": "yearmonth"},
    # Version 1 knows only whole seconds by default, and ours may have a fraction.
    "instant": {"type": "datetime", "format": "any"},
}


def table_schema(columns: Columns) -> dict[str, Any]:
    """The Frictionless Table Schema of these columns. An empty cell is a missing value, also in a text."""
    return {"fields": [{"name": name, **_TYPES[kind]} for name, kind in columns.items()], "missingValues": [""]}


def is_nameable(name: str) -> bool:
    """True if a data package may name a file of this name."""
    return bool(_NAMEABLE.fullmatch(name))


def packaged(name: str, columns: Columns, before: str = "") -> str:
    """The text of a data package with this CSV file; `before`: that of the package so far, whose other files stay.

    Raises ValueError if `before` is not a data package.
    """
    package: dict[str, Any] = json.loads(before) if before else {"profile": "tabular-data-package", "resources": []}
    listed = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(listed, list) or not all(isinstance(resource, dict) for resource in listed):
        raise ValueError(before)
    others = [resource for resource in listed if resource.get("path") != name]
    described = {
        "profile": "tabular-data-resource",
        "name": _resource_name(name, {str(resource.get("name")) for resource in others}),
        "path": name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": table_schema(columns),
    }
    package["resources"] = [*others, described]
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource_name(name: str, taken: Collection[str]) -> str:
    """A name in the characters that the specification allows, and of no other resource."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in PurePath(name).stem.lower())
    numbered = (f"{plain}-{number}" for number in count(2))
    return next(one for one in chain([plain], numbered) if one not in taken)
