"""`entente import` on a ledger of its own."""

import gzip
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from entente.cli.main import main

FILES = Path(__file__).parent.parent / "imported"

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(tmp_path / "var"))

    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, ["import", *map(str, arguments)])

    return invoke


def test_a_file_is_imported_and_then_known(run: Run) -> None:
    first = run("gdelt", FILES / "gdelt-2.tab")
    assert first.exit_code == 0
    assert "6 rows, 2 stored, 1 merged as further reports, 3 refused" in first.output
    assert "refused, another number of columns (1): line 6: 2, not 61" in first.output
    assert "known already, 2 stored" in run("gdelt", FILES / "gdelt-2.tab").output
    assert "2 stored" in run("list").output
    assert "1 files and 0 state facts removed" in run("remove", "gdelt").output
    assert run("list").output == ""
    assert run("remove", "gdelt").exit_code == 1


def test_compressed_files_are_read_as_they_are_inside(run: Run, tmp_path: Path) -> None:
    content = (FILES / "gdelt-2.tab").read_bytes()
    (tmp_path / "a.gz").write_bytes(gzip.compress(content))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.export.CSV", content)
    assert "2 stored" in run("gdelt", tmp_path / "a.zip").output
    assert "known already" in run("gdelt", tmp_path / "a.gz").output


@pytest.mark.parametrize("damage", [b"\x1f\x8bnonsense", b"PK\x03\x04nonsense", b""])
def test_damaged_files_are_one_line_and_others_are_imported(run: Run, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(damage)
    found = run("gdelt", tmp_path / "a.csv", FILES / "gdelt-2.tab")
    assert found.exit_code == 1
    assert "2 stored" in found.output
    assert not isinstance(found.exception, Exception)


def test_a_wrong_file_is_named_for_what_it_looks_like(run: Run) -> None:
    found = run("gdelt", FILES / "acled.csv")
    assert found.exit_code == 1
    assert "this looks like ACLED; you said gdelt" in found.output


def test_a_dry_run_reports_and_stores_nothing(run: Run) -> None:
    report = json.loads(run("icews", "--dry-run", "--json", FILES / "icews.tab").stdout)
    assert (report["rows"], report["stored"], report["merged"], report["dry_run"]) == (5, 2, 1, True)
    assert run("list").output == ""
    assert "4 state facts" in run("cow-alliances", "--dry-run", FILES / "cow-alliances.csv").output
    assert run("remove", "cow-alliances").exit_code == 1


def test_states_are_shown_with_their_data_set(run: Run) -> None:
    assert "4 came, 0 went" in run("cow-alliances", FILES / "cow-alliances.csv").output
    assert "known already, 4 state facts" in run("cow-alliances", FILES / "cow-alliances.csv").output
    shown = CliRunner().invoke(main, ["relation", "USA", "GBR"]).output
    assert re.search(r"alliance\[defence\] +in_force", shown)
    assert "Correlates of War Project, Formal Alliances v4.1" in shown
    assert "0 files and 4 state facts removed" in run("remove", "cow-alliances").output


def test_events_are_shown_beside_a_relation(run: Run) -> None:
    run("ucdp", FILES / "ucdp.csv")
    shown = CliRunner().invoke(main, ["relation", "IND", "PAK"]).output
    assert "IND → PAK      UCDP GED: 1 events since 1999, 2 reports; 15 deaths" in shown


def test_a_proposed_mapping_imports_its_table(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("Date;Sender;Receiver;CAMEO;Score\n13.4.2025;2;365;163;-5\n14.4.2025;365;2;042;2\n")
    proposal = run("map", table)
    assert proposal.exit_code == 0
    mapping = tmp_path / "mine.toml"
    mapping.write_text(proposal.stdout)
    assert "2 rows, 2 stored" in run("csv", "--map", mapping, table).output
    listed = json.loads(run("list", "--json").stdout)
    assert (listed["format"], listed["finished"]) == ("mine", True)


def test_a_proposal_says_what_it_could_not_tell(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("Date,Sender,Receiver\n3/4/2025,USA,RUS\n4/4/2025,RUS,USA\n")
    proposal = run("map", table).stdout
    assert "# These dates can be read as %m/%d/%Y or %d/%m/%Y: delete what is wrong." in proposal
    assert '# code = ""' in proposal
    mapping = tmp_path / "mine.toml"
    mapping.write_text(proposal)
    assert "fields: code missing" in run("csv", "--map", mapping, table).output


def test_a_mapping_does_not_take_the_name_of_a_format(run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "gdelt.toml"
    mapping.write_text((Path(__file__).parents[2] / "seeds/formats/icews.toml").read_text())
    assert run("csv", "--map", mapping, FILES / "icews.tab").exit_code == 2
