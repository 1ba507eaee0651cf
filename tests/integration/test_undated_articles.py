"""Articles that come without a day of publication, coded by the bundled coder: where each day shown is from."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from entente.cli.main import main
from entente.services.alert_texts import move_of

NEWS = "Peru recalled its ambassador to Ecuador."

Posted = Callable[..., Any]


@pytest.fixture
def posted(client: FlaskClient, container: Container) -> Posted:
    """`posted(text, …)`: submit an article on 4 July 2025 and code it; its report."""

    def post(text: str, **more: str) -> Any:
        id = client.post("/v1/articles", json={"text": text, "source": "Wire", **more}).get_json()["id"]
        container.code_articles.run(id)
        return client.get(f"/v1/articles/{id}").get_json()

    return post


def recall(report: Any) -> Any:
    [event] = [event for event in report["events"] if event["act"] == "recall_ambassador"]
    return event


#: Text → the date of its event, and where that is from.
DAYS = {
    NEWS: ("2025-07-04", "receipt"),
    # Counted from the receipt, since nothing better is known.
    "Chile recalled its ambassador to Ecuador on Tuesday.": ("2025-07-01", "receipt"),
    "Brazil recalled its ambassador to Ecuador in May.": ("2025-05", "receipt"),
    "Panama recalled its ambassador to Ecuador on 5 March 2024.": ("2024-03-05", "text"),
    "LIMA, May 28, 2024 (Reuters) - Cuba recalled its ambassador to Ecuador.": ("2024-05-28", "publication"),
    "LIMA, 28 May 2024 - Mexico recalled its ambassador to Ecuador on Monday.": ("2024-05-27", "text"),
}


def test_an_event_says_whether_its_day_is_only_that_of_the_receipt(posted: Posted) -> None:
    for text, dated in DAYS.items():
        event = recall(posted(text))
        assert (event["date"], event["dated_by"]) == dated, text
        assert event["mentions"][0]["dated_by"] == dated[1]


def test_an_article_says_whether_its_day_is_that_of_the_receipt(posted: Posted) -> None:
    undated, told = posted(NEWS), posted(f"LIMA, May 28, 2024 (Reuters) - {NEWS}")
    ahead = posted("Peru recalled its ambassador to Chile.", published_at="2031-01-01")
    shown = [(a["published_on"], a["dated_by"], a["date_problem"]) for a in (undated, told, ahead)]
    assert shown == [
        ("2025-07-04", "receipt", None),
        ("2024-05-28", "publication", None),
        ("2025-07-04", "receipt", "future"),
    ]
    assert undated["published_at"] is None
    event = recall(ahead)
    assert (event["date"], event["dated_by"]) == ("2025-07-04", "receipt")


def test_a_clock_that_is_a_little_ahead_is_believed(posted: Posted) -> None:
    article = posted(NEWS, published_at="2025-07-04T14:30:00Z")
    assert (article["dated_by"], article["published_at"]) == ("publication", "2025-07-04T14:30:00Z")


def test_a_better_dated_report_of_the_day_makes_it_that_of_a_text(posted: Posted) -> None:
    assert recall(posted(NEWS))["dated_by"] == "receipt"
    assert recall(posted(f"{NEWS} It gave no reason.", published_at="2025-07-04"))["dated_by"] == "publication"
    assert recall(posted("Peru recalled its ambassador to Ecuador on 4 July 2025."))["dated_by"] == "text"


def test_the_origin_stands_wherever_the_day_is_shown(
    client: FlaskClient, container: Container, posted: Posted, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = recall(posted(NEWS))["id"]
    pair = "/v1/relations/PER/ECU"
    change = next(c for c in client.get("/v1/changes").get_json()["changes"] if c["after"] == "recalled")
    assert change["dated_by"] == "receipt"
    facet = change["facet"]
    assert client.get(pair).get_json()["facets"][facet]["dated_by"] == "receipt"
    assert client.get(f"{pair}/history?facet={facet}").get_json()["intervals"][0]["dated_by"] == "receipt"
    assert client.get(f"/v1/map/{facet}").get_json()["intervals"][0]["dated_by"] == "receipt"
    table = client.get("/v1/events?format=csv").get_data(as_text=True).splitlines()
    assert ",receipt," in table[1]

    [alert] = container.alerts.of([change["seq"]])
    assert "2025-07-04 (by day of receipt)" in move_of(alert)
    for page in ("/relations/PER/ECU", f"/events/{id}", "/live?since=2025-07-01"):
        told = client.get(page)
        assert told.status_code == 200
        assert "(by day of receipt)" in told.get_data(as_text=True), page
    assert "day of publication unknown" in client.get(f"/articles/{change['article']}").get_data(as_text=True)

    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))
    runner = CliRunner()
    shown = runner.invoke(main, ["relation", "PER", "ECU", "--as-of", "2025-07-04"])
    assert "(by day of receipt)" in shown.output, shown.output
    listed = runner.invoke(main, ["articles"])
    assert "undated, received 2025-07-04" in listed.output, listed.output


def test_a_text_that_is_only_tried_says_so_too(client: FlaskClient) -> None:
    [event] = client.post("/v1/code", json={"text": NEWS}).get_json()["come"]
    assert event["dated_by"] == "receipt", json.dumps(event)
    [dated] = client.post("/v1/code", json={"text": f"LIMA, May 28, 2024 - {NEWS}"}).get_json()["come"]
    assert (dated["date"], dated["dated_by"]) == ("2024-05-28", "publication")


def test_a_day_of_receipt_is_no_date_in_other_projects_tables_and_in_no_period(
    client: FlaskClient, container: Container, posted: Posted, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in list(DAYS)[:3]:
        assert recall(posted(text))["dated_by"] == "receipt"
    posted("Panama recalled its ambassador to Ecuador on 5 July 2024.")
    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))

    def lines(*arguments: str) -> list[Any]:
        done = CliRunner().invoke(main, ["export", *arguments, "--format", "ndjson"])
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    gdelt = {(row["SQLDATE"], row["MonthYear"], row["Year"]) for row in lines("events", "--columns", "gdelt")}
    assert gdelt == {(None, None, None), (20240705, 202407, 2024)}
    assert {row["Event Date"] for row in lines("events", "--columns", "icews")} == {None, "2024-07-05"}
    polecat = {(row["Event Date"], row["Publication Date"]) for row in lines("events", "--columns", "polecat")}
    assert polecat == {(None, None), ("2024-07-05", "2025-07-04")}
    for layout in ("gdelt", "gdelt1"):
        file = CliRunner().invoke(main, ["export", "events", "--format", layout]).stdout
        assert {tuple(line.split("\t")[1:5]) for line in file.splitlines()} == {
            ("", "", "", ""),
            ("20240705", "202407", "2024", "2024.5890"),
        }
    # Entente's own columns have the date, and say beside it where it is from.
    assert ("2025-07-04", "receipt") in {(row["date"], row["dated_by"]) for row in lines("events")}

    assert [(row["month"], row["source"]) for row in lines("dyad-months")] == [("2024-07", "PAN")]
    panel = lines("panel", "--from", "2025-05-01", "--to", "2025-07-31", "--source", "PER", "--target", "ECU")
    assert [(row["month"], row["n_articles"], row["n_events"]) for row in panel] == [
        ("2025-05", 0, None),
        ("2025-06", 0, None),
        ("2025-07", 0, None),
    ]
