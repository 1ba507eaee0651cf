"""Files of other projects that Entente writes are read by its own import: the same parties, days, codes and numbers."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from entente.bootstrap.container import Container
from entente.bootstrap.formats import load_formats
from entente.cli.main import main
from entente.relations.events import Actor, CodedEvent
from entente.services.importing.errors import BadRow
from entente.services.importing.events import EventRows
from entente.services.ports.imports import ImportedEvent
from tests.integration.conftest import coded

Export = Callable[[str, Path], Sequence[ImportedEvent]]

#: What `--format` says → the format to import it by.
FORMATS = {"gdelt": "gdelt", "gdelt1": "gdelt", "icews": "icews", "polecat": "polecat"}


@pytest.fixture
def export(container: Container, monkeypatch: pytest.MonkeyPatch) -> Export:
    """Write a file in the layout; the events that its import reads. A row that is refused fails, but for its date."""
    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))

    def read(layout: str, path: Path) -> Sequence[ImportedEvent]:
        result = CliRunner().invoke(main, ["export", "events", "--format", layout, "--output", str(path)])
        assert result.exit_code == 0, result.output
        form = load_formats()[FORMATS[layout]]
        found = []
        with path.open(encoding="utf-8", newline="") as text:
            rows = container.imports.rows(path.name, text, form)
            reader = EventRows(form, rows, container.imports.parties(form))
            for line, cells in rows:
                try:
                    found.append(reader.read(line, cells))
                except BadRow as error:
                    if error.reason != "no date":
                        raise
        return found

    return read


def of(sector: str, event: CodedEvent, text: str = "Words") -> CodedEvent:
    """The event with a source of this sector, and these words for it."""
    return replace(event, source=Actor(event.source.entity, sector, text))


@pytest.mark.parametrize("layout", FORMATS)
def test_what_is_exported_is_imported_as_it_was(
    container: Container, told: Callable[..., str], export: Export, tmp_path: Path, layout: str
) -> None:
    denied = replace(coded("invade", "2025-07-01", target="GEO"), status="denied")
    told([coded("recognise", "2025-07-03"), coded("visit", "2025-07-02"), denied, coded("meet", None)])
    told(
        [coded("recognise", "2025-07-03"), coded("praise", "1990")], text="Others tell it too.", publisher="Other Wire"
    )

    found = {(e.source, e.target, e.day.isoformat(), e.code): e for e in export(layout, tmp_path / "table")}

    codes = container.codebook.codes
    expected = {}
    for target, day, act, status in (
        ("AFG", "2025-07-03", "recognise", "effective"),
        ("AFG", "2025-07-02", "visit", "effective"),
        ("GEO", "2025-07-01", "invade", "denied"),
    ):
        told_of = codes(act, status)
        plover = f"{told_of.root}:{told_of.mode}" if told_of.mode else told_of.root
        key = ("RUS", target, day, plover if layout == "polecat" else told_of.cameo)
        expected[key] = (told_of.quad, told_of.intensity)
    if layout != "polecat":
        # GDELT's quad class is that of the CAMEO code, here 016; ICEWS has none, and its import takes it from the root.
        expected["RUS", "GEO", "2025-07-01", "016"] = (1, expected["RUS", "GEO", "2025-07-01", "016"][1])
    assert {key: (event.quad, event.intensity) for key, event in found.items()} == expected
    assert all(event.between_states for event in found.values())
    if FORMATS[layout] == "gdelt":
        assert next(e for e in found.values() if e.day.day == 3).n_reports == 2


@pytest.mark.parametrize("layout", FORMATS)
def test_who_acts_for_a_state_does_so_after_import(
    told: Callable[..., str], export: Export, tmp_path: Path, layout: str
) -> None:
    sectors = {"": True, "GOV": True, "MIL": True, "LEG": True, "CVL": False, "REB": False, "BUS": False, "MED": False}
    pairs = list(zip(sectors, ["AFG", "CHN", "IND", "IRN", "KAZ", "MNG", "PAK", "TUR"], strict=True))
    told([of(sector, coded("praise", "2025-07-03", target=target)) for sector, target in pairs])

    found = {event.target: event.between_states for event in export(layout, tmp_path / "table")}

    assert found == {target: sectors[sector] for sector, target in pairs}


@pytest.mark.parametrize("layout", FORMATS)
def test_every_party_that_has_a_code_there_is_found_again(
    container: Container, told: Callable[..., str], export: Export, tmp_path: Path, layout: str
) -> None:
    entities = [entity for entity in container.entities if entity.key != "RUS" and entity.kind != "historic"]
    targets = [entity.key for entity in entities if entity.codes.get("cameo") or FORMATS[layout] != "gdelt"]
    assert len(targets) > 200
    told([coded("praise", "2025-07-03", target=target) for target in targets])

    assert {event.target for event in export(layout, tmp_path / "table")} == set(targets)


@pytest.mark.parametrize("layout", FORMATS)
def test_marks_in_a_text_move_no_cell(told: Callable[..., str], export: Export, tmp_path: Path, layout: str) -> None:
    texts = ['"Moscow', 'the "Kremlin"', "a\ttab", "a\nline", '"']
    targets = ["AFG", "CHN", "IND", "IRN", "KAZ"]
    told(
        [of("", coded("praise", "2025-07-03", target=to), text) for to, text in zip(targets, texts, strict=True)],
        publisher='The "Wire',
    )

    assert {event.target for event in export(layout, tmp_path / "table")} == set(targets)


@pytest.mark.parametrize("layout", FORMATS)
def test_the_command_takes_the_file_and_refuses_only_what_has_no_day(
    told: Callable[..., str], export: Export, tmp_path: Path, layout: str
) -> None:
    told([coded("recognise", "2025-07-03"), coded("praise", "1990")])
    export(layout, tmp_path / "table")

    result: Result = CliRunner().invoke(main, ["import", FORMATS[layout], str(tmp_path / "table")])

    assert result.exit_code == 0, result.output
    assert "2 rows, 1 stored, 0 merged as further reports, 1 refused" in result.output
    assert re.findall(r"refused, (.*) \(\d+\)", result.output) == ["no date"]
