"""The ImportBook port and imports of whole files, on SQLite and PostgreSQL."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from entente.bootstrap.absent import AbsentCache
from entente.bootstrap.formats import load_dated_codes, load_formats
from entente.bootstrap.seeds import load_codebook, load_entities
from entente.services.errors import Conflict, Unavailable
from entente.services.importing import importer
from entente.services.importing.importer import ImportReport, Imports
from entente.services.importing.state_sets import StateImports, StateReport
from entente.services.ports.imports import DaySums, ImportedEvent, ImportedFile, ImportedScore
from entente.services.projecting.projector import Projector
from entente.services.projecting.state_facts import StateFactSets
from entente.services.reading.dyad_views import record
from entente.storage.ledger import SqlLedger
from schemas.renderer import JsonRenderer
from tests.conftest import ChosenClock
from tests.contract.helpers import NOON, at_once, committed

FILES = Path(__file__).parent.parent / "imported"
FORMATS = load_formats()
CODEBOOK = load_codebook()
ENTITIES = load_entities()
DAY = date(2013, 3, 1)


def event(day: date = DAY, code: str = "163", **other: object) -> ImportedEvent:
    return ImportedEvent("USA", "IRN", day, code, True, 4, -8.0, 3, None, "41", 1)._replace(**other)  # type: ignore[arg-type]


def begun(ledger: SqlLedger, origin: str = "gdelt", digest: str = "1") -> ImportedFile:
    with ledger.write() as unit:
        made = unit.imports.begin(origin, "a.tab", digest, NOON)
        unit.commit()
    return made


def sums(ledger: SqlLedger, source: str = "USA", target: str = "IRN") -> list[DaySums]:
    with ledger.read() as unit:
        return list(unit.imports.day_sums(source, target, date(1800, 1, 1), date(2100, 1, 1)))


def imports(ledger: SqlLedger) -> Imports:
    return Imports(ledger, ENTITIES, load_dated_codes(), FORMATS, ChosenClock(NOON))


def run(
    ledger: SqlLedger,
    name: str,
    file: str,
    dry_run: bool = False,
    progressed: Callable[[int], bool] = lambda _rows: True,
) -> ImportReport:
    with (FILES / file).open(newline="") as text:
        return imports(ledger).run(FORMATS[name], file, file, text, dry_run, progressed)


def run_states(ledger: SqlLedger, name: str, *files: str) -> StateReport:
    clock = ChosenClock(NOON)
    projector = Projector(ledger, AbsentCache(), JsonRenderer(CODEBOOK, ENTITIES), CODEBOOK, clock)
    made = StateImports(imports(ledger), StateFactSets(ledger, projector, CODEBOOK, clock), CODEBOOK, ENTITIES, clock)
    form = FORMATS[name]
    if made.is_known(form, files):
        return made.known(form)
    reader = made.reader(form)
    for file in files:
        with (FILES / file).open(newline="") as text:
            made.read(reader, form, file, text)
    return made.load(form, reader, files, dry_run=False)


def test_events_are_summed_by_origin_day_and_quad_class(ledger):
    gdelt, icews = begun(ledger), begun(ledger, "icews")
    some = [event(), event(code="164", intensity=-7.0), event(code="043", quad=1, intensity=2.0, deaths=5)]
    other = [event(intensity=None), event(code="1", between_states=False), event(date(2013, 3, 2))]
    committed(ledger, lambda unit: unit.imports.add_events(gdelt, some, False))
    committed(ledger, lambda unit: unit.imports.add_events(icews, other, False))
    assert sums(ledger) == [
        DaySums("gdelt", DAY, 1, 1, 3, 1, 2.0, 0.0, 4.0, 5),
        DaySums("gdelt", DAY, 4, 2, 6, 2, 0.0, 15.0, 113.0, 0),
        DaySums("icews", DAY, 4, 1, 3, 0, 0.0, 0.0, 0.0, 0),
        DaySums("icews", date(2013, 3, 2), 4, 1, 3, 1, 0.0, 8.0, 64.0, 0),
    ]
    assert sums(ledger, "IRN", "USA") == []


def test_an_event_that_is_stored_already_gets_more_reports(ledger):
    file, another = begun(ledger), begun(ledger, digest="2")
    committed(ledger, lambda unit: unit.imports.add_events(file, [event()], False))
    with ledger.write() as unit:
        assert unit.imports.add_events(file, [event(n_reports=4, deaths=2), event(code="1")], True) == 1
        assert unit.imports.add_events(file, [event(n_reports=0, deaths=3)], True) == 1
        assert unit.imports.add_events(another, [event()], True) == 0
        unit.commit()
    assert [(found.n_events, found.n_reports, found.deaths) for found in sums(ledger)] == [(3, 13, 5)]


def test_reports_go_to_the_events_of_their_number_and_data_set(ledger):
    file, other = begun(ledger), begun(ledger, "other")
    committed(ledger, lambda unit: unit.imports.add_events(file, [event(), event(code="1", number="")], False))
    committed(ledger, lambda unit: unit.imports.add_events(other, [event(number="7")], False))
    with ledger.write() as unit:
        assert set(unit.imports.add_reports("gdelt", {"41": 5, "7": 1, "99": 2})) == {"7", "99"}
        unit.commit()
    assert {(found.origin, found.n_reports) for found in sums(ledger)} == {("gdelt", 11), ("other", 3)}


def test_the_later_edition_of_a_score_is_read(ledger):
    old, new = begun(ledger, "unga"), begun(ledger, "unga", "2")
    score = ImportedScore("IRN", "USA", 2020, "agree", 0.2, 2)
    committed(ledger, lambda unit: unit.imports.add_scores(new, [score._replace(value=0.3)]))
    committed(ledger, lambda unit: unit.imports.add_scores(old, [score, score._replace(year=2019)]))
    with ledger.read() as unit:
        found = unit.imports.scores("USA", "IRN")
    assert [(origin, each.year, each.value) for origin, each in found] == [("unga", 2019, 0.2), ("unga", 2020, 0.3)]


def test_a_removed_file_leaves_nothing(ledger):
    file, other = begun(ledger), begun(ledger, digest="2")
    committed(ledger, lambda unit: unit.imports.add_events(file, [event()], False))
    committed(ledger, lambda unit: unit.imports.add_scores(file, [ImportedScore("IRN", "USA", 2020, "agree", 0.2, 2)]))
    committed(ledger, lambda unit: unit.imports.remove(file))
    assert sums(ledger) == []
    with ledger.read() as unit:
        assert unit.imports.scores("USA", "IRN") == []
        assert unit.imports.files() == [other]


def test_a_file_is_imported_once_however_it_is_named(ledger):
    first = run(ledger, "gdelt", "gdelt-2.tab")
    assert (first.file.n_rows, first.file.n_stored, first.file.n_merged) == (6, 2, 1)
    assert first.file.refused == {
        "both parties are of one country": 1,
        "a party that is no country": 1,
        "another number of columns": 1,
    }
    assert first.examples["another number of columns"] == ["line 6: 2, not 61"]
    before = sums(ledger)
    again = run(ledger, "gdelt", "gdelt-2.tab")
    assert again.was_known
    assert again.file.n_stored == 2
    assert sums(ledger) == before
    assert [(found.n_events, found.n_reports) for found in before] == [(1, 5)]


@pytest.mark.parametrize("stop_at", [1, 2, 3, 5])
def test_an_interrupted_import_goes_on_where_it_stopped(ledger, monkeypatch, stop_at):
    monkeypatch.setattr(importer, "CHUNK", 1)
    stopped = run(ledger, "gdelt", "gdelt-2.tab", progressed=lambda rows: rows < stop_at)
    assert stopped.file.finished_at is None
    assert stopped.file.n_rows == stop_at
    rest = run(ledger, "gdelt", "gdelt-2.tab")
    assert rest.resumed_at == stop_at
    assert (rest.file.n_rows, rest.file.n_stored, rest.file.n_merged) == (6, 2, 1)
    assert [(found.n_events, found.n_reports) for found in sums(ledger)] == [(1, 5)]


def test_a_chunk_that_fails_is_not_counted_as_read(ledger, monkeypatch):
    monkeypatch.setattr(importer, "CHUNK", 2)

    def fail(rows: int) -> bool:
        raise Unavailable("the ledger can't be reached")

    with pytest.raises(Unavailable):
        run(ledger, "gdelt", "gdelt-2.tab", progressed=fail)
    assert run(ledger, "gdelt", "gdelt-2.tab").resumed_at == 2
    assert [(found.n_events, found.n_reports) for found in sums(ledger)] == [(1, 5)]


def test_a_dry_run_counts_and_stores_nothing(ledger):
    report = run(ledger, "gdelt", "gdelt-2.tab", dry_run=True)
    assert (report.file.n_stored, report.file.n_merged) == (2, 1)
    with ledger.read() as unit:
        assert unit.imports.files() == []
    assert sums(ledger) == []


def test_two_processes_begin_a_file_once(ledger):
    def import_it(_i: int) -> None:
        with suppress(Conflict):
            run(ledger, "gdelt", "gdelt-2.tab")

    at_once(import_it, 4)
    assert run(ledger, "gdelt", "gdelt-2.tab").file.n_rows == 6
    with ledger.read() as unit:
        assert len(unit.imports.files("gdelt")) == 1
    assert [(found.n_events, found.n_reports) for found in sums(ledger)] == [(1, 5)]


def test_mentions_after_the_first_update_are_further_reports(ledger):
    run(ledger, "gdelt", "gdelt-2.tab")
    report = run(ledger, "gdelt-mentions", "gdelt-mentions.tab")
    assert report.file.n_merged == 2
    assert report.file.refused == {"counted with its event already": 1, "no event of this number": 1}
    assert [found.n_reports for found in sums(ledger)] == [6]


def test_deaths_of_rows_of_one_day_are_added(ledger):
    run(ledger, "ucdp", "ucdp.csv")
    assert [(found.n_events, found.n_reports, found.deaths) for found in sums(ledger, "IND", "PAK")] == [(1, 2, 15)]


def test_event_data_moves_no_facet(ledger):
    run(ledger, "gdelt", "gdelt-2.tab")
    with ledger.read() as unit:
        assert record(unit, "USA", "IRN", date(2025, 7, 4), CODEBOOK, None).last_change is None


def test_state_data_moves_facets_and_replaces_what_it_gave_before(ledger):
    report = run_states(ledger, "cow-alliances", "cow-alliances.csv")
    assert report.loaded is not None
    assert (report.n_rows, report.n_facts, report.loaded.came) == (4, 4, 4)
    assert run_states(ledger, "cow-alliances", "cow-alliances.csv").was_known
    with ledger.read() as unit:
        held = record(unit, "USA", "GBR", date(2025, 7, 4), CODEBOOK, None).facets["alliance"]
    assert {(interval.item, interval.value, interval.origin) for interval in held} == {
        ("defence", "in_force", "cow-alliances"),
        ("entente", "in_force", "cow-alliances"),
    }


def test_the_icews_sample_is_imported_whole(ledger):
    sample = next((p for p in Path(__file__).parents if (p / "shared/data/samples/icews.sample.tab").exists()), None)
    if sample is None:
        pytest.skip("the shared sample is not here")
    with (sample / "shared/data/samples/icews.sample.tab").open(newline="") as text:
        report = imports(ledger).run(FORMATS["icews"], "icews.sample.tab", "1", text)
    file = report.file
    assert (file.n_rows, file.n_stored, file.n_merged) == (3705, 902, 837)
    assert file.refused == {"both parties are of one country": 1595, "a party that is no country": 371}
