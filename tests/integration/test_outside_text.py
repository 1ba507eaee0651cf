"""Titles, quotes and publishers that attack a terminal or a spreadsheet, on a real ledger."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from entente.cli.main import main
from entente.relations.events import CodedEvent, Span
from tests.integration.conftest import coded

PUBLISHER = '=HYPERLINK("https://evil.example","Sample Wire")'
TITLE = "=1+1\x1b]0;owned\x07\x1b[2J\u202eRussia\x9b31m recognises Afghanistan"
SHOWN = r"=1+1\x1b]0;owned\x07\x1b[2J\u202eRussia\x9b31m recognises Afghanistan"


def from_title(event: CodedEvent) -> CodedEvent:
    return replace(event, quote=Span("title", 0, len(TITLE), TITLE))


@pytest.fixture(autouse=True)
def _hostile(told: Callable[..., str]) -> None:
    told([from_title(coded("recognise", "2025-07-03"))], publisher=PUBLISHER)


@pytest.fixture
def run(container: Container, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """A command on the test's ledger; what it printed."""
    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))

    def call(*arguments: str, color: bool = False) -> str:
        done = CliRunner().invoke(main, arguments, color=color)
        assert done.exit_code == 0, done.output
        return done.output

    return call


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_relation_is_shown_with_its_quote_and_publisher_spelt_out(run: Callable[..., str]) -> None:
    shown = run("relation", "RUS", "AFG")

    assert SHOWN in shown
    assert PUBLISHER in shown
    assert [c for c in shown if not c.isprintable() and c != "\n"] == []


def test_the_commands_own_colours_stay(run: Callable[..., str]) -> None:
    shown = run("relation", "RUS", "AFG", color=True)

    assert "\x1b[1mRussia → Afghanistan" in shown
    assert "\x1b[2J" not in shown


def test_the_api_streams_a_csv_in_which_nothing_is_a_formula(client: FlaskClient) -> None:
    (row,) = cells(client.get("/v1/events?format=csv").get_data(as_text=True))
    (accepted,) = cells(client.get("/v1/events", headers={"Accept": "text/csv"}).get_data(as_text=True))

    assert row["quote"] == f"'{TITLE}"
    assert accepted == row
    assert float(row["intensity"]) > 0


def test_the_api_streams_raw_cells_if_asked(client: FlaskClient) -> None:
    answer = client.get("/v1/events?format=csv-raw")

    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="events.csv"'
    assert cells(answer.get_data(as_text=True))[0]["quote"] == TITLE
    assert json.loads(client.get("/v1/events?format=ndjson").data)["quote"] == TITLE


def test_relations_are_streamed_in_both_forms_too(client: FlaskClient) -> None:
    safe, raw = (client.get(f"/v1/relations?source=RUS&format={form}") for form in ("csv", "csv-raw"))

    assert cells(safe.get_data(as_text=True))[0]["recognition"] == "recognised"
    assert safe.data == raw.data


def test_an_export_holds_no_formula_but_with_raw_cells(run: Callable[..., str]) -> None:
    icews = ("export", "events", "--columns", "icews")

    assert cells(run(*icews))[0]["Publisher"] == f"'{PUBLISHER}"
    assert cells(run(*icews, "--raw-cells"))[0]["Publisher"] == PUBLISHER
    assert cells(run("export", "events"))[0]["quote"] == f"'{TITLE}"
    assert json.loads(run(*icews, "--format", "ndjson"))["Publisher"] == PUBLISHER


def test_parquet_keeps_the_text(run: Callable[..., str], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    run("export", "events", "--columns", "icews", "--output", str(tmp_path / "table.parquet"))

    assert parquet.read_table(tmp_path / "table.parquet").to_pylist()[0]["Publisher"] == PUBLISHER


def test_a_bad_file_is_named_on_one_printable_line(
    container: Container, run: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "\x1b[2J.json").write_text('{"text": ""}')
    done = CliRunner().invoke(main, ["ingest", str(tmp_path / "\x1b[2J.json")])

    assert done.exit_code == 1
    assert "\\x1b[2J.json: text: " in done.output
    assert "\x1b" not in done.output
