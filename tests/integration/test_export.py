"""`entente export`, on a real ledger."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from entente.bootstrap.container import Container
from entente.cli.main import main
from entente.relations.events import Actor
from schemas.dyad_month_tables import dyad_month_columns
from schemas.tables import SHAPES
from schemas.vocabulary import Vocabulary
from tests.integration.conftest import coded

DOCS = Path(__file__).parents[2] / "docs" / "export.md"


@pytest.fixture
def run(container: Container, told: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command on a ledger of a recognition, a visit, and an embassy closed in some month and year."""
    told([coded("recognise", "2025-07-03"), coded("visit", "2025-07-01"), coded("close_embassy", "1992-08")])
    told([coded("praise", "1990"), coded("meet", None)], text="Another text.")
    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))
    return lambda *arguments: CliRunner().invoke(main, ["export", *arguments])


def test_events_are_the_rows_of_a_csv(run: Callable[..., Result]) -> None:
    result = run("events")

    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["act"] for row in rows] == ["meet", "recognise", "visit", "close_embassy", "praise"]
    assert (rows[1]["date"], rows[3]["date"], rows[0]["date"]) == ("2025-07-03", "1992-08", "")
    assert (rows[1]["source"], rows[1]["target"], rows[1]["cameo"], rows[1]["root"]) == ("RUS", "AFG", "054", "SUPPORT")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("gdelt", {"Actor1Code": "RUSGOV", "EventRootCode": "05", "QuadClass": 1, "SQLDATE": 20250703}),
        ("icews", {"Source Country": "Russia", "CAMEO Code": "054", "Event Date": "2025-07-03"}),
        ("polecat", {"Event Type": "SUPPORT", "Actor COW": "365", "Recipient Country": "AFG"}),
    ],
)
def test_events_come_in_the_columns_that_others_know(
    run: Callable[..., Result], columns: str, expected: dict[str, object]
) -> None:
    result = run("events", "--format", "ndjson", "--columns", columns, "--from", "2025-07-03", "--to", "2025-07-03")

    row = json.loads(result.stdout)
    assert expected.items() <= row.items()


@pytest.mark.parametrize(
    ("act", "gdelt", "plover"),
    [
        ("request", 1, 3),
        ("concede", 2, 1),
        ("investigate", 2, 3),
        ("demand", 3, 3),
        ("protest", 3, 4),
        ("occupy", 4, 4),
    ],
)
def test_the_quad_class_of_gdelt_is_that_of_the_cameo_root(
    run: Callable[..., Result], told: Callable[..., str], act: str, gdelt: int, plover: int
) -> None:
    told([coded(act, "2025-07-02", target="IRN")], text="A third text.")
    asked = ("events", "--format", "ndjson", "--target", "IRN", "--columns")

    (theirs,) = map(json.loads, run(*asked, "gdelt").stdout.splitlines())
    (ours,) = map(json.loads, run(*asked, "entente").stdout.splitlines())

    assert (theirs["QuadClass"], ours["quad"]) == (gdelt, plover)
    file = run("events", "--format", "gdelt", "--target", "IRN").stdout.split("\t")
    assert file[29] == str(gdelt)


def test_dyad_months_count_what_was_done_in_each(run: Callable[..., Result]) -> None:
    july, august = csv.DictReader(io.StringIO(run("dyad-months", "--source", "RU").stdout))

    assert (july["month"], july["n_events"], july["quad_1"], july["SUPPORT"], july["CONSULT"]) == (
        "2025-07",
        "2",
        "2",
        "1",
        "1",
    )
    assert float(july["intensity_mean"]) * 2 == pytest.approx(float(july["intensity_sum"]), abs=0.01)
    assert (august["month"], august["quad_4"], august["source_cow"]) == ("1992-08", "1", "365")


def test_dyad_months_are_whole_whatever_day_of_them_is_asked_for(run: Callable[..., Result]) -> None:
    def months(*options: str) -> list[tuple[str, str]]:
        rows = csv.DictReader(io.StringIO(run("dyad-months", *options).stdout))
        return [(row["month"], row["n_events"]) for row in rows]

    july, august = ("2025-07", "2"), ("1992-08", "1")
    assert months("--from", "2025-07-02") == months("--from", "2025-07-31") == [july]
    assert months("--to", "2025-07-01") == months() == [july, august]
    assert months("--from", "1992-08-20", "--to", "1992-08-21") == [august]
    assert months("--from", "2025-08-01") == []


def test_organisations_count_in_tables_of_periods_and_private_parties_do_not(
    run: Callable[..., Result], told: Callable[..., str]
) -> None:
    private = replace(coded("praise", "2025-07-02", target="BLR"), source=Actor("RUS", "CVL", "Russians"))
    told([coded("impose_sanctions", "2025-07-02", source="EU", target="BLR"), private], text="A third text.")

    def rows(*arguments: str) -> list[dict[str, str]]:
        result = run(*arguments, "--target", "BLR")
        assert result.exit_code == 0, result.output
        return list(csv.DictReader(io.StringIO(result.stdout)))

    (month,) = rows("dyad-months")
    (panel,) = rows("panel", "--from", "2025-07-01", "--to", "2025-07-31", "--source", "EU")
    assert (month["source"], month["n_events"]) == (panel["source"], panel["n_events"]) == ("EU", "1")
    (none,) = rows("panel", "--from", "2025-07-01", "--to", "2025-07-31", "--source", "RUS")
    assert none["n_events"] == "0"


@pytest.mark.parametrize("what", ["events", "dyad-months", "states"])
def test_parquet_holds_the_same_rows(run: Callable[..., Result], tmp_path: Path, what: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")

    assert run(what, "--output", str(tmp_path / "table.parquet")).exit_code == 0

    rows = parquet.read_table(tmp_path / "table.parquet").to_pylist()
    plain = list(csv.DictReader(io.StringIO(run(what).stdout)))
    assert [{name: _written(cell) for name, cell in row.items()} for row in rows] == plain


def _written(cell: object) -> str:
    """A cell of Parquet as CSV writes it."""
    if isinstance(cell, datetime):
        return cell.isoformat().replace("+00:00", "Z")
    return "" if cell is None else str(cell)


def test_an_empty_table_has_a_header_in_every_format(run: Callable[..., Result], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    nothing = ("events", "--source", "FRA")

    assert run(*nothing).stdout.startswith("id,date,")
    assert run(*nothing, "--output", str(tmp_path / "t.parquet")).exit_code == 0
    assert parquet.read_table(tmp_path / "t.parquet").column_names[:2] == ["id", "date"]


@pytest.mark.parametrize(
    "arguments",
    [("events", "--format", "parquet"), ("events", "--from", "2025-02-02", "--to", "2025-02-01"), ("articles",)],
)
def test_what_can_not_be_exported_is_wrong_usage(run: Callable[..., Result], arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [("events",), ("dyad-months",), ("states",), ("panel", "--from", "2025-07-01"), ("events", "--format", "gdelt")],
)
@pytest.mark.parametrize("suffix", [".csv", ".ndjson", ".parquet"])
def test_a_directory_that_is_missing_is_named_with_the_option(
    run: Callable[..., Result], tmp_path: Path, arguments: tuple[str, ...], suffix: str
) -> None:
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    path = tmp_path / "nodir" / f"x{suffix}"
    result = run(*arguments, "--output", str(path))

    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: --output {path}: there is no directory {path.parent}; create it, or name another\n"
    )


def test_a_file_that_cannot_be_written_is_told_in_one_line(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "x.csv"
    result = run("events", "--output", str(path))

    assert result.exit_code == 1
    assert result.stderr == f"Error: --output {path}: can't write {path}: Not a directory\n"


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("x.CSV", b"id,date,"),
        ("x", b"id,date,"),
        ("x.jsonl", b'{"id":'),
        ("x.NDJSON", b'{"id":'),
        ("x.PARQUET", b"PAR1"),
    ],
)
def test_the_suffix_of_the_output_names_its_format_in_either_case(
    run: Callable[..., Result], tmp_path: Path, name: str, begins: bytes
) -> None:
    if begins == b"PAR1":
        pytest.importorskip("pyarrow")
    path = tmp_path / name
    assert run("events", "--output", str(path)).exit_code == 0

    assert path.read_bytes().startswith(begins)


@pytest.mark.parametrize("name", ["x.tsv", "x.xlsx", "x.csv.gz"])
def test_a_suffix_that_names_no_format_is_refused_unless_one_is_given(
    run: Callable[..., Result], tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    refused = run("events", "--output", str(path))

    assert refused.exit_code == 2
    assert ".csv, .ndjson, .jsonl, .parquet, or give --format" in " ".join(refused.stderr.split())
    assert not path.exists()
    assert run("events", "--format", "ndjson", "--output", str(path)).exit_code == 0
    assert path.read_bytes().startswith(b'{"id":')


@pytest.mark.parametrize("option", [("--columns", "polecat"), ("--raw-cells",)])
@pytest.mark.parametrize("layout", ["gdelt", "gdelt1", "icews", "polecat"])
def test_an_option_that_a_layout_leaves_without_effect_is_refused(
    run: Callable[..., Result], layout: str, option: tuple[str, ...]
) -> None:
    result = run("events", "--format", layout, *option)

    assert result.exit_code == 2
    assert f"{option[0]} is of csv, ndjson and parquet" in " ".join(result.stderr.split())


def test_the_document_names_every_column(container: Container) -> None:
    sections = dict(re.findall(r"## `?([\w-]+)`?\n(.*?)(?=\n## |\Z)", DOCS.read_text(), re.DOTALL))

    for name, columns in SHAPES.items():
        told = re.findall(r"`([A-Za-z][\w ]*)`", sections[name])
        assert set(columns) - set(told) == set(), name
    fixed = [
        c
        for c in dyad_month_columns(Vocabulary(container.codebook, container.entities))
        if c not in container.codebook.roots
    ]
    for column in fixed:
        assert f"`{column}`" in sections["Dyad-months"] or column in ("quad_2", "quad_3"), column
