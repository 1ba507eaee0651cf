"""`entente export states` and `panel`, and the files of other projects, read back by pandas."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import pandas
import pytest
from click.testing import CliRunner, Result

from entente.bootstrap.container import Container
from entente.cli.main import main
from entente.relations.state_facts import StateFact
from entente.services.reading.panels import MAX_ROWS
from tests.integration.conftest import ReadsAsTold, coded
from tests.unit.builders import state_fact

Run = Callable[..., Result]


@pytest.fixture
def run(container: Container, told: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command on a ledger of a recognition, a visit, an embassy closed in some month, and an undated meeting."""
    told([coded("recognise", "2025-07-03"), coded("visit", "2025-07-01"), coded("close_embassy", "1992-08")])
    told([coded("praise", "1990"), coded("meet", None)], text="Another text.")
    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_BASELINE", "off")
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["export", *arguments])

    return invoke


def table(run: Run, path: Path, *arguments: str) -> pandas.DataFrame:
    result = run(*arguments, "--output", str(path))
    assert result.exit_code == 0, result.output
    return pandas.read_csv(path, dtype=str, keep_default_na=False)


def columns_of(layout: str) -> list[str]:
    return (files("seeds") / "layouts" / f"{layout}.txt").read_text(encoding="utf-8").split()


def test_a_state_is_a_row_with_its_dates_rule_and_evidence(run: Run, tmp_path: Path) -> None:
    found = table(run, tmp_path / "states.csv", "states", "--facet", "recognition")

    (row,) = found.to_dict("records")
    assert (row["source"], row["target"], row["value"], row["standing"]) == ("RUS", "AFG", "recognised", "held")
    assert (row["valid_from"], row["valid_from_precision"], row["valid_to"]) == ("2025-07-03", "day", "")
    assert (row["n_evidence"], row["n_owners"], row["confidence"], row["origin"]) == ("1", "1", "0.9", "events")
    assert row["first_evidence"] == row["last_evidence"] == "RUS.AFG.recognise.effective.2025-07-03"
    assert row["rule"].startswith("recognise→recognition@")


def test_a_partial_date_has_a_first_and_a_last_day(run: Run, tmp_path: Path) -> None:
    found = table(run, tmp_path / "states.csv", "states", "--facet", "mission").to_dict("records")[0]

    assert (found["valid_from"], found["valid_from_precision"]) == ("1992-08", "month")
    assert (found["valid_from_first"], found["valid_from_last"]) == ("1992-08-01", "1992-08-31")


def test_states_can_be_asked_for_as_of_an_earlier_day(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "states.csv"

    assert "recognition" not in set(table(run, path, "states", "--as-of", "2025-07-02")["facet"])
    assert "recognition" in set(table(run, path, "states", "--as-of", "2025-07-03")["facet"])
    assert len(table(run, path, "states", "--published-by", "2025-07-03")) == 0


def test_a_value_of_a_document_has_no_confidence(run: Run, container: Container, tmp_path: Path) -> None:
    facts: list[StateFact] = [state_fact(source="FRA", target="DEU", begins="1990", origin="own")]
    container.state_fact_sets.load("own", "a test's", facts)

    (row,) = table(run, tmp_path / "s.csv", "states", "--source", "FRA").to_dict("records")

    assert (row["origin"], row["confidence"]) == ("own", "")


def test_a_panel_has_every_month_and_tells_zero_from_unknown(run: Run, tmp_path: Path) -> None:
    asked = (
        "panel",
        "--from",
        "2025-05-01",
        "--to",
        "2025-07-31",
        "--source",
        "RUS",
        "--target",
        "AFG",
        "--facet",
        "recognition",
    )

    found = table(run, tmp_path / "panel.csv", *asked).to_dict("records")

    assert [row["month"] for row in found] == ["2025-05", "2025-06", "2025-07"]
    assert [row["n_events"] for row in found] == ["", "", "2"]
    assert [row["recognition"] for row in found] == ["unknown", "unknown", "recognised"]
    assert [row["n_articles"] for row in found] == ["0", "0", "2"]
    back = table(
        run,
        tmp_path / "panel.csv",
        "panel",
        "--from",
        "2025-07-01",
        "--to",
        "2025-07-31",
        "--source",
        "AFG",
        "--target",
        "RUS",
    )
    assert list(back["n_events"]) == ["0"]


def test_a_panel_of_all_pairs_is_balanced(run: Run, tmp_path: Path) -> None:
    asked = ("panel", "--unit", "dyad-year", "--from", "2025-01-01", "--to", "2025-12-31")
    directed = table(run, tmp_path / "d.csv", *asked)
    undirected = table(run, tmp_path / "u.csv", *asked, "--undirected")

    assert len(directed) == 2 * len(undirected)
    assert not directed.duplicated(["source", "target", "year"]).any()
    assert directed["n_events"].astype(int).sum() == undirected["n_events"].astype(int).sum() == 2


def test_a_country_year_has_what_was_sent_and_received_and_partners_by_value(run: Run, tmp_path: Path) -> None:
    asked = (
        "panel",
        "--unit",
        "country-year",
        "--from",
        "2024-01-01",
        "--to",
        "2025-12-31",
        "--facet",
        "recognition:recognised",
    )

    found = table(run, tmp_path / "c.csv", *asked).set_index(["country", "year"])

    assert found.loc[("RUS", "2025"), "sent_n_events"] == "2"
    assert found.loc[("AFG", "2025"), "received_n_events"] == "2"
    assert found.loc[("RUS", "2025"), "n_recognition_recognised_own"] == "1"
    assert found.loc[("AFG", "2025"), "n_recognition_recognised_theirs"] == "1"
    assert found.loc[("FRA", "2025"), "sent_n_events"] == "0"
    assert found.loc[("FRA", "2024"), "sent_n_events"] == ""


def test_a_panel_leaves_out_events_that_are_not_sure_enough(
    run: Run, container: Container, told: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Floors apply to what calibrated coders report.
    monkeypatch.setattr(ReadsAsTold, "version", max(container.codebook.calibrated))
    shaky = replace(coded("recall_ambassador", "2025-07-02"), confidence=0.3)
    told([shaky], text="Russia may have recalled its ambassador.", publisher="Herald")
    asked = ("panel", "--from", "2025-07-01", "--to", "2025-07-31", "--source", "RUS", "--target", "AFG")

    def july(*options: str) -> list[str]:
        return list(table(run, tmp_path / "panel.csv", *asked, *options)["n_events"])

    assert july() == ["3"]
    assert july("--unconfirmed", "exclude") == july("--min-confidence", "0.5") == ["2"]
    assert july("--unconfirmed", "only") == ["1"]
    assert "--unconfirmed is of dyad-months, events and panel" in run("states", "--unconfirmed", "only").output


@pytest.mark.parametrize(("facet", "known"), [("recognition:withdrawn", "0"), ("recognition", "1")])
def test_a_number_of_partners_is_empty_where_nothing_is_known_of_any(
    run: Run, tmp_path: Path, facet: str, known: str
) -> None:
    asked = ("panel", "--unit", "country-year", "--from", "2024-01-01", "--facet", facet)

    found = table(run, tmp_path / "c.csv", *asked).set_index(["country", "year"])

    own, theirs = (f"n_{facet.replace(':', '_')}_{side}" for side in ("own", "theirs"))
    assert (found.loc[("RUS", "2025"), own], found.loc[("RUS", "2025"), theirs]) == (known, "")
    assert (found.loc[("RUS", "2024"), own], found.loc[("FRA", "2025"), own]) == ("", "")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("panel",), "from"),
        (("panel", "--from", "1900-01-01"), "begin on "),
        (("panel", "--from", "2025-01-01", "--facet", "recognitoin"), "recognition"),
        (("panel", "--from", "2025-01-01", "--facet", "recognition:recognized"), "recognised"),
        (("panel", "--from", "2025-07-01", "--to", "2025-06-01"), "lies before"),
        (("states", "--columns", "gdelt"), "--columns is of events"),
        (("states", "--format", "gdelt"), "is of events"),
        (("events", "--as-of", "2025-07-01"), "--as-of is of panel and states"),
        (("events", "--columns", "gdelt3"), "gdelt"),
    ],
)
def test_a_wrong_question_is_told_what_to_ask(run: Run, arguments: tuple[str, ...], expected: str) -> None:
    result = run(*arguments)

    assert result.exit_code != 0
    assert expected in " ".join((result.output + str(result.exception)).split())


def test_a_panel_that_is_too_large_begins_where_it_fits(run: Run) -> None:
    result = run("panel", "--from", "1900-01-01")
    message = " ".join((result.output + str(result.exception)).split())

    fitting = date.fromisoformat(message.partition("begin on ")[2][:10])
    assert f"{MAX_ROWS:,}" in message
    assert 1900 < fitting.year < 2025


@pytest.mark.parametrize(("layout", "n"), [("gdelt", 61), ("gdelt1", 58)])
def test_gdelt_has_its_columns_without_a_header(run: Run, tmp_path: Path, layout: str, n: int) -> None:
    path = tmp_path / "export.CSV"
    assert run("events", "--format", layout, "--output", str(path)).exit_code == 0

    names = columns_of(layout)
    found = pandas.read_csv(path, sep="\t", header=None, names=names, dtype={"EventCode": str}, index_col=False)

    assert len(names) == n == len(path.read_text().splitlines()[0].split("\t"))
    recognition = found[found["EventCode"] == "054"].iloc[0]
    assert (recognition["SQLDATE"], recognition["Year"], recognition["FractionDate"]) == (20250703, 2025, 2025.5836)
    assert (recognition["Actor1Code"], recognition["Actor2CountryCode"]) == ("RUSGOV", "AFG")
    assert recognition["SOURCEURL"] == "Sample Wire"
    assert str(recognition["DATEADDED"]).startswith("20250704")
    assert found["GLOBALEVENTID"].is_unique
    assert found["GLOBALEVENTID"].max() < 2**53


def test_an_undated_event_has_no_day_in_other_layouts(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "export.CSV"
    assert run("events", "--format", "gdelt", "--output", str(path)).exit_code == 0

    found = pandas.read_csv(path, sep="\t", header=None, names=columns_of("gdelt"), dtype=str, keep_default_na=False)
    dates = {tuple(row) for row in found[["SQLDATE", "MonthYear", "Year"]].itertuples(index=False)}

    assert dates == {
        ("20250703", "202507", "2025"),
        ("20250701", "202507", "2025"),
        ("", "199208", "1992"),
        ("", "", "1990"),
        ("", "", ""),
    }


@pytest.mark.parametrize(("layout", "n"), [("icews", 20), ("polecat", 39)])
def test_icews_and_polecat_have_their_header(run: Run, tmp_path: Path, layout: str, n: int) -> None:
    path = tmp_path / "table.tab"
    assert run("events", "--format", layout, "--output", str(path)).exit_code == 0

    found = pandas.read_csv(path, sep="\t", dtype={"CAMEO Code": str})

    names = (files("seeds") / "layouts" / f"{layout}.txt").read_text(encoding="utf-8").splitlines()
    assert list(found.columns) == names
    assert len(names) == n
    assert len(found) == 5
    if layout == "icews":
        assert "054" in set(found["CAMEO Code"])
    else:
        assert set(found["Quad Code"]) <= {"VERBAL COOPERATION", "MATERIAL CONFLICT"}


def test_what_is_only_alleged_is_not_in_other_layouts(run: Run, told: Callable[..., str]) -> None:
    said = [replace(coded("invade", "2025-07-02", target="GEO"), status=status) for status in ("alleged", "denied")]
    told(said, text="Russia denied that it had invaded Georgia, as was alleged.")

    lines = run("events", "--format", "gdelt", "--target", "GEO").stdout.splitlines()

    (line,) = lines
    assert line.split("\t")[columns_of("gdelt").index("EventCode")] == "016"
    assert len(run("events", "--target", "GEO", "--format", "ndjson").stdout.splitlines()) == 2


@pytest.mark.parametrize("layout", ["gdelt", "gdelt1", "icews", "polecat"])
def test_what_is_only_requested_is_not_in_other_layouts(run: Run, told: Callable[..., str], layout: str) -> None:
    asked = replace(coded("withdraw_forces", "2025-07-02", source="CHL", target="PER"), status="requested")
    told([asked, coded("demand", "2025-07-02", source="PER", target="CHL")], text="Peru demanded that Chile withdraw.")

    def n_rows(*options: str) -> int:
        lines = run("events", "--source", "CHL", "--format", layout, *options).stdout.splitlines()
        return len(lines) - (layout in ("icews", "polecat"))

    assert (n_rows(), n_rows("--status", "requested")) == (0, 1)
    assert len(run("events", "--source", "PER", "--format", "ndjson").stdout.splitlines()) == 1
    shape = "gdelt" if layout == "gdelt1" else layout
    others = run("events", "--source", "CHL", "--format", "ndjson", "--columns", shape)
    assert others.stdout.splitlines() == []


def test_a_csv_comes_with_the_types_of_its_columns(run: Run, tmp_path: Path) -> None:
    table(run, tmp_path / "events.csv", "events")
    table(run, tmp_path / "States of all.csv", "states")

    package = json.loads((tmp_path / "datapackage.json").read_text())
    events, states = package["resources"]
    types = {field["name"]: field["type"] for field in events["schema"]["fields"]}

    assert (types["cameo"], types["date_first"], types["intensity"], types["n_mentions"]) == (
        "string",
        "date",
        "number",
        "integer",
    )
    assert (states["path"], states["name"]) == ("States of all.csv", "states-of-all")
    table(run, tmp_path / "events.csv", "events", "--columns", "icews")
    again = json.loads((tmp_path / "datapackage.json").read_text())
    assert [resource["path"] for resource in again["resources"]] == ["States of all.csv", "events.csv"]


def test_a_file_that_is_no_data_package_is_not_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text("[]")

    assert run("events", "--output", str(tmp_path / "events.csv")).exit_code != 0
    assert (tmp_path / "datapackage.json").read_text() == "[]"


def test_parquet_has_dates_as_dates_and_codes_as_dictionaries(run: Run, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "states.parquet"
    assert run("states", "--output", str(path)).exit_code == 0

    schema = parquet.read_schema(path)
    assert schema.field("valid_from_first").type == pyarrow.date32()
    assert pyarrow.types.is_dictionary(schema.field("facet").type)
    assert parquet.read_table(path).column("known_by").to_pylist()[0] == date(2025, 7, 4)


def read_by_readr(folder: Path, script: str) -> str:
    if not shutil.which("Rscript"):
        pytest.skip("not installed: Rscript")
    has = "q(status = !requireNamespace('readr', quietly = TRUE))"
    if subprocess.run(["Rscript", "-e", has], capture_output=True, check=False, timeout=60).returncode:
        pytest.skip("not installed: R's readr")
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    command = ["Rscript", "--vanilla", "-e", "options(warn = 2); suppressMessages(library(readr))\n" + script]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_readr_reads_the_files_of_other_projects_in_their_order(run: Run, tmp_path: Path) -> None:
    for layout in ("gdelt", "gdelt1", "icews", "polecat"):
        assert run("events", "--format", layout, "--output", str(tmp_path / f"{layout}.tab")).exit_code == 0
        names = (files("seeds") / "layouts" / f"{layout}.txt").read_text(encoding="utf-8")
        (tmp_path / f"{layout}.txt").write_text(names, encoding="utf-8")

    told = read_by_readr(
        tmp_path,
        """
        for (layout in c("gdelt", "gdelt1", "icews", "polecat")) {
          names <- read_lines(paste0(layout, ".txt"))
          headless <- startsWith(layout, "gdelt")
          code <- intersect(c("EventCode", "CAMEO Code", "Event Type"), names)
          types <- cols(.default = col_character())
          found <- read_tsv(paste0(layout, ".tab"), col_names = if (headless) names else TRUE, col_types = types,
                            quote = "", progress = FALSE)
          stopifnot(identical(names(found), names), nrow(problems(found)) == 0)
          cat(layout, dim(found), sort(unique(found[[code]]))[1], "\\n")
        }
        """,
    )

    assert told.splitlines() == [
        "gdelt 5 61 042 ",
        "gdelt1 5 58 042 ",
        "icews 5 20 042 ",
        "polecat 5 39 CONSULT ",
    ]


def test_readr_reads_states_and_events_with_dates_and_codes_as_text(run: Run, tmp_path: Path) -> None:
    table(run, tmp_path / "events.csv", "events")
    table(run, tmp_path / "states.csv", "states", "--facet", "recognition")

    told = read_by_readr(
        tmp_path,
        """
        events <- read_csv("events.csv", col_types = cols(cameo = col_character()), progress = FALSE)
        states <- read_csv("states.csv", progress = FALSE, show_col_types = FALSE)
        stopifnot(nrow(problems(events)) == 0, nrow(problems(states)) == 0)
        cat(class(events$date_first), events$cameo[events$act == "recognise"], sum(is.na(events$date_first)), "\\n")
        cat(format(states$valid_from_first), states$n_evidence, class(states$confidence), "\\n")
        """,
    )

    assert told.splitlines() == ["Date 054 1 ", "2025-07-03 1 numeric "]
