"""Tables, lists and panels say of a day what the record of that day says, whatever later reports made of it."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from entente.bootstrap.container import Container
from entente.relations.events import CodedEvent
from entente.services.articles import ArticleDraft
from entente.services.ingesting.code import CodeArticles
from entente.services.reading import panels, relation_lists
from tests.conftest import ChosenClock
from tests.integration.conftest import TEXT, ReadsAsTold, coded

Loaded = Callable[..., str]


@pytest.fixture
def loaded(container: Container) -> Loaded:
    """Code an article with these events, published at that time."""

    def load(events: list[CodedEvent], published: datetime, publisher: str = "Sample Wire") -> str:
        text = f"{published:%d %B %Y} in {publisher}. {TEXT}"
        taken = container.ingest.submit(ArticleDraft(publisher, text=text, published_at=published), ring=False)
        code(container, taken.article_id, events)
        return taken.article_id

    return load


def code(container: Container, article_id: str, events: list[CodedEvent]) -> None:
    parts = container.ledger, ReadsAsTold(events), container.projector, container.queue, container.clock
    CodeArticles(*parts, "test").run(article_id)


def noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=12)


def table(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def values(answer: TestResponse, facet: str) -> list[tuple[str, str, str]]:
    return [(row["value"], row["valid_from"], row["valid_to"]) for row in table(answer) if row["facet"] == facet]


def test_a_report_of_tomorrow_from_the_east_ends_nothing_today(client: FlaskClient, loaded: Loaded) -> None:
    loaded([coded("sever_relations", "2025-01-10"), coded("praise", "2025-01-10", target="PAK")], noon("2025-01-11"))
    tomorrow = datetime(2025, 7, 5, 0, 30, tzinfo=timezone(timedelta(hours=13)))
    loaded([replace(coded("establish_relations", "2025-07-05"), dated_by="publication")], tomorrow)

    today = [("severed", "2025-01-10", "")]
    assert values(client.get("/v1/states?source=RUS&target=AFG"), "relations") == today
    assert values(client.get("/v1/relations/RUS/AFG/history?format=csv"), "relations") == today
    assert values(client.get("/v1/states?source=RUS&published_by=2025-07-31"), "relations") == today
    # In the order of the table, whether a direction is folded anew or read as stored.
    every = [(row["source"], row["target"]) for row in table(client.get("/v1/states"))]
    assert every == sorted(every)


def test_a_list_of_an_earlier_day_has_what_a_later_report_disputed(client: FlaskClient, loaded: Loaded) -> None:
    loaded([coded("recognise", "2025-03")], noon("2025-03-31"), "First Wire")
    loaded([coded("withdraw_recognition", "2025-03-10")], noon("2025-03-11"), "Second Wire")
    loaded([coded("freeze_recognition", "2025-03-20")], noon("2025-03-21"), "First Wire")

    def listed(value: str, more: str = "") -> int:
        asked = f"/v1/relations?facet=recognition:{value}&as_of=2025-03-15{more}"
        return len(client.get(asked).get_json()["relations"])

    (record,) = [client.get("/v1/relations/RUS/AFG?as_of=2025-03-15").get_json()["facets"]["recognition"]["value"]]
    assert record == "withdrawn"
    for value in ("withdrawn", "frozen", "recognised"):
        assert listed(value) == listed(value, "&published_by=2025-12-31") == int(value == record)


@pytest.fixture
def counted(client: FlaskClient) -> Callable[..., tuple[str, str]]:
    """Articles and events of May 2025 in a panel of one dyad."""

    def count(more: str = "") -> tuple[str, str]:
        asked = f"/v1/panels?unit=dyad-month&source=RUS&target=AFG&from=2025-05-01&to=2025-05-31{more}"
        (row,) = table(client.get(asked))
        return row["n_articles"], row["n_events"]

    return count


def test_an_article_that_reports_nothing_makes_a_zero_known(loaded: Loaded, counted: Callable[..., Any]) -> None:
    assert counted() == ("0", "")
    loaded([], noon("2025-05-05"))
    assert counted() == ("1", "0")


def test_an_article_published_after_the_day_asked_for_makes_no_zero_known(client: FlaskClient, loaded: Loaded) -> None:
    loaded([], noon("2025-05-20"))

    def counted(as_of: str) -> tuple[str, str]:
        asked = f"/v1/panels?unit=dyad-month&source=RUS&target=AFG&from=2025-05-01&as_of={as_of}"
        (row,) = table(client.get(asked))
        return row["n_articles"], row["n_events"]

    assert (counted("2025-05-10"), counted("2025-05-20")) == (("0", ""), ("1", "0"))


def test_an_article_counts_from_when_it_was_read_on_and_while_it_waits_to_be_read_again(
    container: Container, clock: ChosenClock, loaded: Loaded, counted: Callable[..., Any]
) -> None:
    clock.set(noon("2025-06-10"))
    draft = ArticleDraft("Sample Wire", text=TEXT, published_at=noon("2025-05-05"))
    article = container.ingest.submit(draft, ring=False).article_id
    clock.set(noon("2025-06-20"))
    code(container, article, [coded("recognise", "2025-05-04")])
    clock.set(noon("2025-07-04"))
    assert counted("&known_at=2025-06-15") == ("0", "")
    assert counted("&known_at=2025-06-25") == counted() == ("1", "1")

    with container.ledger.write() as unit:
        unit.articles.requeue(article)
        unit.commit()
    assert counted() == ("1", "1")
    code(container, article, [])
    assert counted("&known_at=2025-06-25") == ("1", "1")
    assert counted() == ("1", "0")


def test_a_walk_over_empty_pages_goes_back_to_what_it_passed(
    client: FlaskClient, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = ("AFG", "CHN", "IND", "IRN", "PAK", "TUR")
    loaded([coded("praise", "2025-07-03", target=target) for target in targets], noon("2025-07-04"))
    loaded([coded("sever_relations", "2025-07-02", source="USA", target="IRN")], noon("2025-07-03"))
    monkeypatch.setattr(relation_lists, "MAX_EXAMINED", 2)

    page = client.get("/v1/relations?max_score=-0.01&limit=2").get_json()
    walked = []
    while page["next"]:
        walked.append(page["relations"])
        page = client.get(page["next"]).get_json()
    found = [relation for seen in [*walked, page["relations"]] for relation in seen]
    assert len(walked) > 2
    assert [(relation["source"]["key"], relation["target"]["key"]) for relation in found] == [("USA", "IRN")]

    back = []
    while page["prev"]:
        page = client.get(page["prev"]).get_json()
        back = [*page["relations"], *back]
    forth = list(page["relations"])
    while page["next"]:
        page = client.get(page["next"]).get_json()
        forth += page["relations"]
    assert forth == found
    assert back == [relation for relation in found if relation in back]


def test_a_panel_of_more_cells_than_fit_in_memory_is_refused(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "/v1/panels?unit=country-year&source=USA&from=1900-01-01"
    assert client.get(asked).status_code == 200
    monkeypatch.setattr(panels, "MAX_CELLS", 10_000)
    refused = client.get(asked)
    assert refused.status_code == 409
    assert "or later" in refused.get_json()["detail"]


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-01:00", "2999-01-01T00:00:00Z"])
def test_a_moment_after_the_calendars_end_is_in_the_future(client: FlaskClient, moment: str) -> None:
    answer = client.get("/v1/relations/RUS/AFG", query_string={"known_at": moment})
    assert answer.status_code == 422
    assert "future" in answer.text
