"""What documents say, over HTTP and in the terminal: marked in every view, in every list, and in no score."""

import csv
import io
import json
from collections.abc import Callable, Iterable

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from entente.bootstrap.baseline import BASELINE, baseline_digest, load_baseline
from entente.bootstrap.container import Container
from entente.cli.main import main
from entente.relations.state_facts import StateFact
from tests.conftest import ChosenClock
from tests.integration.conftest import coded
from tests.unit.builders import state_fact

PAIR = "/v1/relations/RUS/AFG"
FACT = "baseline/RUS.AFG.recognition.recognised.1990"

Load = Callable[[Iterable[StateFact]], None]


@pytest.fixture
def load(container: Container) -> Load:
    """`load(facts)`: make the baseline these facts."""

    def load_facts(facts: Iterable[StateFact]) -> None:
        container.state_fact_sets.load(BASELINE, "a test's", facts)

    return load_facts


@pytest.fixture
def recognised(load: Load) -> None:
    load([state_fact(begins="1990", publisher="Government of Russia")])


def test_a_record_names_the_document_behind_a_value(client: FlaskClient, recognised: None) -> None:
    found = client.get(PAIR).get_json()

    shown = found["facets"]["recognition"]
    assert (shown["value"], shown["since"], shown["origin"], shown["evidence"]) == (
        "recognised",
        "1990",
        "baseline",
        [FACT],
    )
    assert shown["documents"] == [
        {
            "id": FACT,
            "origin": "baseline",
            "place": "recognition.csv",
            "publisher": "Government of Russia",
            "document": "note",
            "date": "1990",
            "citation": "No. 1",
            "note": "",
        }
    ]
    assert (found["score"]["net"], found["score"]["n_events"], found["counts"]["events"]) == (0.0, 0, 0)


def test_a_later_event_ends_the_value_and_the_history_has_both(
    client: FlaskClient, recognised: None, told: Callable[..., str]
) -> None:
    told([coded("withdraw_recognition", "2025-07-03")])

    shown = client.get(PAIR).get_json()["facets"]["recognition"]
    assert (shown["value"], shown["origin"], "documents" in shown) == ("withdrawn", "events", False)
    before, after = client.get(f"{PAIR}/history?facet=recognition").get_json()["intervals"]
    assert (before["value"], before["valid_to"], before["origin"]) == ("recognised", "2025-07-03", "baseline")
    assert before["documents"][0]["id"] == FACT
    assert (after["value"], after["origin"], after.get("documents")) == ("withdrawn", "events", None)
    assert client.get(f"{PAIR}?as_of=2025-07-02").get_json()["facets"]["recognition"]["origin"] == "baseline"


def test_why_tells_the_document_beside_the_events(
    client: FlaskClient, recognised: None, told: Callable[..., str]
) -> None:
    told([coded("recognise", "2025-07-03")])

    (reason,) = client.get(f"{PAIR}/why?facet=recognition").get_json()["holding"]
    assert (reason["origin"], reason["n_evidence"]) == ("baseline", 2)
    assert [document["id"] for document in reason["documents"]] == [FACT]
    assert [cause["event"]["act"] for cause in reason["because"]] == ["recognise"]


def test_a_diff_and_the_dyad_name_the_document_too(client: FlaskClient, recognised: None) -> None:
    (moved,) = client.get(f"{PAIR}/diff?from=1989-01-01&to=1995-01-01").get_json()["facets"]
    assert (moved["before"], moved["after"]) == ("unknown", "recognised")
    assert moved["to_interval"]["documents"][0]["id"] == FACT
    assert client.get("/v1/dyads/RUS/AFG").get_json()["a_to_b"]["facets"]["recognition"]["origin"] == "baseline"


def test_who_recognises_an_entity_on_a_day_is_listed(client: FlaskClient, load: Load, told: Callable[..., str]) -> None:
    load(
        [
            state_fact(begins="2008-02-18", source="FRA", target="XKX"),
            state_fact(begins="2008-02-20", ends="2013", source="DEU", target="XKX"),
            state_fact("not_recognised", "2008-02-18", source="SRB", target="XKX"),
        ]
    )
    told([coded("recognise", "2025-07-03", source="RUS", target="XKX")])

    def who(day: str) -> list[str]:
        asked = {"facet": "recognition:recognised", "target": "XKX", "as_of": day}
        found = client.get("/v1/relations", query_string=asked).get_json()["relations"]
        assert all(record["facets"]["recognition"]["origin"] for record in found)
        return [record["source"]["key"] for record in found]

    assert who("2008-02-17") == []
    assert who("2008-02-19") == ["FRA"]
    assert who("2010-01-01") == ["DEU", "FRA"]
    assert who("2025-07-04") == ["FRA", "RUS"]
    named = client.get("/v1/countries/XKX/relations").get_json()["relations"]
    assert [stance["country"]["key"] for stance in named] == ["DEU", "FRA", "RUS", "SRB"]


def test_a_read_of_what_was_known_counts_documents_from_their_date_on(client: FlaskClient, load: Load) -> None:
    load([state_fact(begins="1990", document_date="1991-03")])

    def value(known_at: str) -> str:
        shown = client.get(f"{PAIR}?known_at={known_at}").get_json()["facets"]["recognition"]
        return str(shown["value"])

    assert (value("1991-03-30"), value("1991-03-31")) == ("unknown", "recognised")
    asked = {"facet": "recognition", "source": "RUS", "known_at": "1991-04-01", "as_of": "1991-04-01"}
    assert len(client.get("/v1/relations", query_string=asked).get_json()["relations"]) == 1


def test_the_changes_feed_tells_no_document_but_what_events_change_of_it(
    client: FlaskClient, recognised: None, told: Callable[..., str]
) -> None:
    assert client.get("/v1/changes").get_json()["changes"] == []
    told([coded("withdraw_recognition", "2025-07-03")])
    (change,) = client.get("/v1/changes").get_json()["changes"]
    assert (change["before"], change["after"]) == ("recognised", "withdrawn")


def test_a_cached_record_is_written_again_when_the_baseline_is_loaded(
    client: FlaskClient, container: Container, load: Load
) -> None:
    assert client.get(PAIR).get_json()["facets"]["recognition"] == {"value": "unknown"}
    load([state_fact()])
    assert client.get(PAIR).get_json()["facets"]["recognition"]["value"] == "recognised"
    container.projector.redo_dirty()
    assert container.projector.verify() == []


def test_the_shipped_baseline_is_loaded_once_and_removed_when_it_is_switched_off(container: Container) -> None:
    parts = container.state_fact_sets, container.codebook, container.entities
    loaded = load_baseline(*parts, wanted=True)
    assert loaded is not None
    assert loaded.came == container.state_fact_sets.count(BASELINE) > 50
    assert container.state_fact_sets.is_loaded(BASELINE, baseline_digest())
    assert load_baseline(*parts, wanted=True) is None
    removed = load_baseline(*parts, wanted=False)
    assert removed is not None
    assert removed.went == loaded.came
    assert load_baseline(*parts, wanted=False) is None


@pytest.fixture
def run(container: Container, clock: ChosenClock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """`run(*arguments)`: what `entente` prints on the container's ledger."""
    monkeypatch.setenv("ENTENTE_BASELINE", "on")
    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))

    def invoke(*arguments: str) -> str:
        done = CliRunner().invoke(main, list(arguments))
        assert done.exit_code == 0, done.output
        return done.stdout

    return invoke


def test_the_terminal_lists_the_baseline_by_country_pair_and_facet(run: Callable[..., str]) -> None:
    rows = list(csv.DictReader(io.StringIO(run("baseline", "--csv"))))
    assert len(rows) > 50
    assert all(row["document"] and row["publisher"] and (row["document_date"] or row["from"]) for row in rows)
    kosovo = [json.loads(line) for line in run("baseline", "Kosovo", "--json").splitlines()]
    assert {fact["id"] for fact in kosovo} == {row["id"] for row in rows if "XKX" in (row["source"], row["target"])}
    assert kosovo[0]["to"] is None
    pair = run("baseline", "USA", "CUB", "--facet", "relations")
    shown = [line.split()[:6] for line in pair.splitlines()[::2]]
    assert ["CUB", "→", "USA", "relations", "established", "2015-07-20"] in shown
    assert {(one, other, facet) for one, _, other, facet, *_ in shown} == {("CUB", "USA", "relations")}


def test_the_terminal_shows_the_document_of_a_value_and_marks_it_in_the_history(run: Callable[..., str]) -> None:
    shown = run("relation", "USA", "CUB")
    assert "relations                          established            since 2015-07-20" in shown
    assert "baseline: " in shown
    history = shown.partition("History\n")[2].splitlines()
    assert history
    assert all(line.endswith("(baseline)") for line in history)


def test_the_doctor_counts_the_baseline(run: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> str:
        output = CliRunner().invoke(main, ["doctor", "--json"]).stdout
        return next(finding["detail"] for finding in json.loads(output) if finding["check"] == "baseline")

    assert told().endswith("facts, as in seeds/baseline")
    monkeypatch.setenv("ENTENTE_BASELINE", "off")
    assert told() == "switched off by ENTENTE_BASELINE"
    assert run("baseline", "--csv").count("\n") == 1
