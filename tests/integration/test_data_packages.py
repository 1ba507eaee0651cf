"""datapackage.json against the specification, and the CSV files against what it says of them.

The rules are those of Data Package, Data Resource, Table Schema and CSV Dialect, versions 1 (specs.frictionlessdata.io)
and 2 (datapackage.org).
"""

import copy
import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from entente.bootstrap.container import Container
from entente.cli.main import main
from schemas.data_packages import packaged
from tests.conftest import ChosenClock
from tests.integration.conftest import coded

TYPES = {
    *("string", "number", "integer", "boolean", "object", "array", "date", "time", "datetime", "year", "yearmonth"),
    *("duration", "geopoint", "geojson", "any", "list"),
}
FORMATS = {
    "string": {"default", "email", "uri", "binary", "uuid"},
    "date": {"default", "any"},
    "datetime": {"default", "any"},
    "time": {"default", "any"},
}
#: Of version 1 and of version 2; a name must be good for both.
NAMES = (r"([-a-z0-9._/])+", r"[^\s].*")
PATHS = (r"(?=^[^./~])(^((?!\.{2}).)*$).*", r"((?=[^./~])(?!file:)((?!/\.\./)(?!\\)(?!://).)*|(http|ftp)s?://.*)")
ENCODINGS = {"utf-8", "iso-8859-1", "windows-1252"}


def faults(package: Any) -> Iterator[str]:
    """What is wrong with a data package."""
    if not isinstance(package, dict):
        yield "a package is an object"
        return
    if package.get("profile") not in ("data-package", "tabular-data-package") and "$schema" not in package:
        yield "profile"
    if not (isinstance(package.get("resources"), list) and package["resources"]):
        yield "resources: a list with at least one"
        return
    names = [resource.get("name") for resource in package["resources"]]
    if len(set(names)) < len(names):
        yield "resources: two have one name"
    for resource in package["resources"]:
        yield from (f"{resource.get('name')}: {fault}" for fault in _faults_of_resource(resource))


def _faults_of_resource(resource: dict[str, Any]) -> Iterator[str]:
    name, path = resource.get("name"), resource.get("path")
    if not isinstance(name, str) or not all(re.fullmatch(pattern, name) for pattern in NAMES):
        yield "name"
    if not isinstance(path, str) or not all(re.fullmatch(pattern, path) for pattern in PATHS):
        yield "path"
    if resource.get("profile") not in ("tabular-data-resource", "data-resource"):
        yield "profile"
    if (resource.get("format"), resource.get("mediatype")) != ("csv", "text/csv"):
        yield "format, mediatype"
    if resource.get("encoding", "utf-8") not in ENCODINGS:
        yield "encoding"
    if "bytes" in resource and not (isinstance(resource["bytes"], int) and resource["bytes"] >= 0):
        yield "bytes"
    if "hash" in resource and not re.fullmatch(r"([^:]+:[a-fA-F0-9]+|[a-fA-F0-9]{32})", str(resource["hash"])):
        yield "hash"
    if not isinstance(resource.get("dialect", {}), dict | str):
        yield "dialect"
    if not isinstance(resource.get("schema"), dict):
        yield "schema"
        return
    yield from _faults_of_schema(resource["schema"])


def _faults_of_schema(schema: dict[str, Any]) -> Iterator[str]:
    fields = schema.get("fields")
    if not isinstance(fields, list) or not fields:
        yield "fields"
        return
    names = [field.get("name") for field in fields]
    if not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names):
        yield "fields: a name for each"
    for field in fields:
        if field.get("type") not in TYPES:
            yield f"{field.get('name')}: type"
        elif field.get("format", "default") not in FORMATS.get(field["type"], {"default"}):
            yield f"{field.get('name')}: format"
    missing = schema.get("missingValues", [""])
    if not isinstance(missing, list) or not all(isinstance(value, str) for value in missing):
        yield "missingValues: a list of texts"
    key = schema.get("primaryKey", [])
    if not {key} <= set(names) if isinstance(key, str) else not set(key) <= set(names):
        yield "primaryKey: a column that there is not"


def read(written: str, field: dict[str, Any]) -> object:
    """A cell by the type of its field. Raises ValueError if it is of another."""
    kind = field["type"]
    if kind == "string":
        return written
    if kind == "integer" and re.fullmatch(r"[+-]?\d+", written):
        return int(written)
    if kind == "number" and re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", written):
        return float(written)
    if kind == "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        return date.fromisoformat(written)
    if kind == "yearmonth" and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", written):
        return written
    if kind == "datetime" and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", written):
        if "." in written and field.get("format") != "any":
            raise ValueError(f"{written}: the default format has whole seconds")
        return datetime.fromisoformat(written)
    raise ValueError(f"{field['name']}: {written!r} is no {kind}")


def rows_of(folder: Path, resource: dict[str, Any]) -> list[dict[str, object]]:
    """The rows of a resource, read by its schema alone."""
    fields, missing = resource["schema"]["fields"], set(resource["schema"].get("missingValues", [""]))
    with (folder / resource["path"]).open(encoding=resource["encoding"], newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    assert header == [field["name"] for field in fields]
    assert all(len(row) == len(header) for row in rows)
    return [
        {f["name"]: None if cell in missing else read(cell, f) for f, cell in zip(fields, row, strict=True)}
        for row in rows
    ]


Run = Callable[..., Result]


@pytest.fixture
def run(container: Container, clock: ChosenClock, told: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command on a ledger of dates of every precision, a sanction, a denial, and texts that look like formulas."""
    clock.advance(seconds=0.25)
    told([coded("recognise", "2025-07-03"), coded("visit", "2025-07-01"), coded("close_embassy", "1992-08")])
    told([coded("praise", "1990"), coded("meet", None)], text="Another text.", publisher="=Wire()")
    denied = replace(coded("invade", "2025-07-02", target="GEO"), status="denied")
    told([denied, coded("impose_sanctions", "2024")], text="A third text.", publisher='The "Quoted", Wire')
    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(main, ["export", *arguments])
        assert result.exit_code == 0, result.output
        return result

    return invoke


FIRST = ("--from", "2025-06-01")
TABLES = {
    "events": ("events",),
    "gdelt": ("events", "--columns", "gdelt"),
    "icews": ("events", "--columns", "icews"),
    "polecat": ("events", "--columns", "polecat"),
    "months": ("dyad-months",),
    "states": ("states",),
    "panel": ("panel", *FIRST, "--source", "RUS", "--facet", "sanctions", "--facet", "recognition:recognised"),
    "undirected": ("panel", *FIRST, "--source", "RUS", "--undirected", "--facet", "recognition"),
    "years": ("panel", *FIRST, "--source", "RUS", "--unit", "dyad-year"),
    "countries": ("panel", *FIRST, "--unit", "country-year", "--facet", "sanctions"),
}


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    """A folder with a CSV file of every table, and their data package."""
    for name, arguments in TABLES.items():
        run(*arguments, "--raw-cells", "--output", str(tmp_path / f"{name}.csv"))
    return tmp_path


def package_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


def test_the_package_of_every_table_is_by_the_specification(folder: Path) -> None:
    package = package_of(folder)

    assert [resource["name"] for resource in package["resources"]] == list(TABLES)
    assert list(faults(package)) == []


def test_every_table_read_by_its_schema_is_what_ndjson_holds(folder: Path, run: Run) -> None:
    for resource in package_of(folder)["resources"]:
        found = rows_of(folder, resource)
        lines = run(*TABLES[resource["name"]], "--format", "ndjson").stdout.splitlines()
        assert found, resource["name"]
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        for row, line in zip(found, lines, strict=True):
            expected = {
                name: None if cell in (None, "") else read(cell, fields[name]) if isinstance(cell, str) else cell
                for name, cell in json.loads(line).items()
            }
            assert row == expected, resource["name"]


def test_a_column_of_numbers_or_days_is_not_called_a_text(folder: Path) -> None:
    codes = {"cameo", "EventCode", "EventBaseCode", "EventRootCode", "CAMEO Code", "date", "Story ID"}
    codes |= {"Actor COW", "Recipient COW", "source_cow", "target_cow", "country_cow", "scale_version", "valid_from"}
    for resource in package_of(folder)["resources"]:
        rows = rows_of(folder, resource)
        for field in resource["schema"]["fields"]:
            cells = [row[field["name"]] for row in rows if row[field["name"]] is not None]
            plain = [re.fullmatch(r"-?\d+(\.\d+)?|\d{4}-\d\d-\d\d", str(cell)) for cell in cells]
            if field["type"] == "string" and cells and field["name"] not in codes | {"valid_to"}:
                assert not all(plain), (resource["name"], field["name"])


def test_cells_that_are_made_inert_keep_the_types_of_the_others(run: Run, tmp_path: Path) -> None:
    run("events", "--columns", "icews", "--output", str(tmp_path / "events.csv"))

    (resource,) = package_of(tmp_path)["resources"]
    assert {row["Publisher"] for row in rows_of(tmp_path, resource)} >= {"'=Wire()", 'The "Quoted", Wire'}


def test_files_whose_names_differ_little_have_names_of_their_own(run: Run, tmp_path: Path) -> None:
    paths = ["a b.csv", "a-b.csv", "A B.csv", "a b.txt", "événements.csv"]
    for path in [*paths, paths[0]]:
        run("events", "--format", "csv", "--output", str(tmp_path / path))

    package = package_of(tmp_path)
    assert list(faults(package)) == []
    assert sorted(resource["path"] for resource in package["resources"]) == sorted(paths)


@pytest.mark.parametrize("name", [".hidden.csv", "~draft.csv", "a..b.csv", "a\\b.csv", "a:b.csv"])
def test_a_file_that_a_package_may_not_name_is_written_and_left_out_with_a_word(
    run: Run, tmp_path: Path, name: str
) -> None:
    result = run("events", "--format", "csv", "--output", str(tmp_path / name))

    assert (tmp_path / name).read_text().startswith("id,")
    assert not (tmp_path / "datapackage.json").exists()
    assert f"{name} is not in datapackage.json" in result.stderr


@pytest.mark.parametrize("before", ["[]", "{}", '{"resources": {}}', '{"resources": ["events.csv"]}', "no JSON"])
def test_what_is_no_package_is_not_added_to(before: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        packaged("events.csv", {"id": "string"}, before)


def test_a_package_of_others_keeps_what_it_says(run: Run, tmp_path: Path) -> None:
    own = {"name": "mine", "$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "licenses": []}
    theirs = {"name": "events", "path": "theirs.csv", "type": "table"}
    (tmp_path / "datapackage.json").write_text(json.dumps({**own, "resources": [theirs]}))

    run("events", "--output", str(tmp_path / "events.csv"))

    package = package_of(tmp_path)
    assert {name: package[name] for name in own} == own
    assert package["resources"][0] == theirs
    assert package["resources"][1]["name"] == "events-2"


def _broken(package: dict[str, Any], *path: str | int, to: object) -> dict[str, Any]:
    found: Any = copy.deepcopy(package)
    node = found
    for step in path[:-1]:
        node = node[step]
    if to is None:
        del node[path[-1]]
    else:
        node[path[-1]] = to
    return found


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("profile",), None),
        (("resources",), []),
        (("resources", 0, "name"), "Events of all"),
        (("resources", 0, "name"), None),
        (("resources", 0, "path"), "../events.csv"),
        (("resources", 0, "path"), "/events.csv"),
        (("resources", 0, "mediatype"), "text/plain"),
        (("resources", 0, "encoding"), "utf8mb4"),
        (("resources", 0, "bytes"), "12"),
        (("resources", 0, "hash"), "sha256"),
        (("resources", 0, "dialect"), []),
        (("resources", 0, "schema"), None),
        (("resources", 0, "schema", "fields"), []),
        (("resources", 0, "schema", "fields", 0, "name"), "date"),
        (("resources", 0, "schema", "fields", 0, "type"), "text"),
        (("resources", 0, "schema", "fields", 0, "format"), "any"),
        (("resources", 0, "schema", "missingValues"), ""),
        (("resources", 0, "schema", "primaryKey"), ["no such"]),
    ],
)
def test_the_check_finds_what_is_against_the_specification(path: tuple[str | int, ...], to: object) -> None:
    package = json.loads(packaged("events.csv", {"id": "string", "date": "date"}))

    assert list(faults(package)) == []
    assert list(faults(_broken(package, *path, to=to))) != []
