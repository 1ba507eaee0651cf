"""States, panels, histories and series as streamed tables over HTTP."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace

import pandas
import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from schemas.series import SERIES
from schemas.state_tables import STATES
from tests.integration.conftest import ReadsAsTold, coded

PAIR = "/v1/relations/RUS/AFG"
PANEL = "/v1/panels?from=2025-06-01&source=RUS&target=AFG"


@pytest.fixture(autouse=True)
def told_of(told: Callable[..., str]) -> None:
    told([coded("recognise", "2025-07-03"), coded("visit", "2025-07-01"), coded("close_embassy", "1992-08")])


def rows(client: FlaskClient, url: str) -> list[dict[str, str]]:
    response = client.get(url)
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text)))


def test_states_are_streamed_as_csv_by_default(client: FlaskClient) -> None:
    response = client.get("/v1/states?facet=recognition")

    assert response.headers["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(response.text))
    assert list(row) == list(STATES)
    assert (row["source"], row["target"], row["value"]) == ("RUS", "AFG", "recognised")


def test_a_history_has_the_columns_of_states(client: FlaskClient) -> None:
    history = rows(client, f"{PAIR}/history?format=csv")

    assert history == rows(client, "/v1/states?source=RUS&target=AFG")
    assert len(history) == len(client.get(f"{PAIR}/history").get_json()["intervals"])
    assert rows(client, f"{PAIR}/history?format=csv&unconfirmed=only") == []


def test_a_series_is_a_table_too(client: FlaskClient) -> None:
    found = rows(client, f"{PAIR}/series?format=csv&from=2025-06-01")
    told = client.get(f"{PAIR}/series?from=2025-06-01").get_json()["series"]

    assert list(found[0]) == list(SERIES)
    assert [(row["from"], int(row["n_events"])) for row in found] == [(part["from"], part["n"]) for part in told]


def test_a_panel_is_balanced_and_takes_the_clocks(client: FlaskClient) -> None:
    found = rows(client, f"{PANEL}&facets=recognition")
    assert [(row["month"], row["n_events"], row["recognition"]) for row in found] == [
        ("2025-06", "", "unknown"),
        ("2025-07", "2", "recognised"),
    ]
    unsaid = rows(client, f"{PANEL}&facets=recognition&published_by=2025-07-03")
    assert [row["recognition"] for row in unsaid] == ["unknown", "unknown"]


def test_an_undirected_panel_has_both_directions_in_a_row(client: FlaskClient) -> None:
    (row,) = rows(
        client, "/v1/panels?from=2025-07-01&source=RUS&target=AFG&directed=false&facets=recognition,relations"
    )

    assert (row["source"], row["target"], row["n_events"]) == ("AFG", "RUS", "2")
    assert (row["recognition_from_source"], row["recognition_from_target"]) == ("unknown", "recognised")
    assert "relations" in row


def test_events_below_the_floor_or_less_sure_can_be_left_out_of_a_panel(
    client: FlaskClient, told: Callable[..., str], container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Floors apply to what calibrated coders report.
    monkeypatch.setattr(ReadsAsTold, "version", max(container.codebook.calibrated))
    shaky = replace(coded("recall_ambassador", "2025-07-02"), confidence=0.3)
    told([shaky], text="Russia may have recalled its ambassador.", publisher="Herald")

    def july(query: str) -> str:
        return rows(client, f"{PANEL}{query}")[-1]["n_events"]

    assert july("") == july("&unconfirmed=include") == "3"
    assert july("&unconfirmed=exclude") == july("&min_confidence=0.5") == "2"
    assert july("&unconfirmed=only") == "1"
    assert july("&unconfirmed=only&min_confidence=0.5") == "0"


def test_parquet_is_served_with_its_types(client: FlaskClient) -> None:
    pytest.importorskip("pyarrow")

    for url in (PANEL, "/v1/states?source=RUS", f"{PAIR}/series", "/v1/events", "/v1/relations"):
        response = client.get(url, headers={"Accept": "application/vnd.apache.parquet"})
        assert response.headers["Content-Type"] == "application/vnd.apache.parquet"
        assert len(pandas.read_parquet(io.BytesIO(response.data))) > 0


def test_ndjson_has_null_where_csv_is_empty(client: FlaskClient) -> None:
    lines = client.get(f"{PANEL}&format=ndjson").text.splitlines()

    assert [json.loads(line)["n_events"] for line in lines] == [None, 2]


@pytest.mark.parametrize(
    ("url", "status", "field"),
    [
        ("/v1/panels", 422, "from: A panel needs its first day: give from, such as 2020-01-01."),
        ("/v1/panels?source=RUS", 422, "give from, such as 2020-01-01"),
        ("/v1/panels?from=2025-07-01&facet=recognition", 422, "facets may be meant; known: as_of, "),
        ("/v1/panels?from=2025-07-01&facets=recognitoin", 422, "nearest: recognition; known: "),
        ("/v1/panels?from=2025-07-01&facets=recognitoin", 422, '"field":"facets"'),
        ("/v1/panels?from=2025-07-01&facets=recognition:recognized", 422, '"field":"facets"'),
        ("/v1/states?facet=recognitoin", 422, '"field":"facet"'),
        ("/v1/panels?from=2025-07-01&counted=effective,done", 422, "counted: 'done': Must be one of: "),
        ("/v1/panels?from=2025-07-01&min_confidence=2", 422, '"field":"min_confidence"'),
        ("/v1/panels?from=2025-07-01&unconfirmed=no", 422, "include, exclude, only"),
        ("/v1/panels?from=1800-01-01", 409, "from"),
        ("/v1/panels?from=2025-07-01&to=2025-06-01", 409, "to"),
        ("/v1/panels?from=2025-07-01&facets=recognised", 422, "known: recognition"),
        ("/v1/panels?from=2025-07-01&unit=dyad-week", 422, "dyad-month"),
        ("/v1/panels?from=2025-07-01&unit=country-year&target=AFG", 409, "source"),
        ("/v1/states?format=json", 422, "format"),
        ("/v1/states?source=RUS&target=Russia", 409, "target"),
    ],
)
def test_a_wrong_question_names_the_field_and_what_to_ask(
    client: FlaskClient, url: str, status: int, field: str
) -> None:
    response = client.get(url)

    assert response.status_code == status, response.text
    assert field in response.text


def test_json_is_not_acceptable_for_what_is_only_a_table(client: FlaskClient) -> None:
    assert client.get("/v1/states", headers={"Accept": "application/json"}).status_code == 406
