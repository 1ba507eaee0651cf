"""The API on PostgreSQL responds as on SQLite, including for values that only one can store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from tests.conftest import ChosenClock
from tests.integration.conftest import TEXT


@pytest.fixture
def client(ledger_url: str, redis_url: str, tmp_path: Path, clock: ChosenClock) -> Iterator[FlaskClient]:
    container = Container(Settings(data_dir=tmp_path, database_url=ledger_url, redis_url=redis_url), clock)
    container.sources.add("demo")
    client = create_app(container).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {container.keys.add('tests', ['admin']).token}"
    yield client
    container.close()


def test_an_article_is_taken_in_and_reported(client: FlaskClient) -> None:
    taken = client.post("/v1/articles", json={"text": TEXT, "title": "“ü” \U0001f600", "published_at": "1600-01-01"})
    assert taken.status_code == 202
    assert client.post("/v1/articles", json={"text": TEXT, "title": "“ü” \U0001f600"}).status_code == 200

    report = client.get(taken.headers["Location"]).get_json()

    assert (report["title"], report["published_at"]) == ("“ü” \U0001f600", "1600-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/readyz", 200),
        ("/v1/articles/%00", 404),
        ("/v1/articles/01980000-0000-7000-8000-000000000000", 404),
        ("/v1/events/RUS%00.AFG.recognise.effective.2025-07-03", 404),
        ("/v1/events/RUS.AFG.reco%00gnise.effective.2025-07-03", 404),
        ("/v1/events/RUS.AFG.recognise.effective.0001-01-01", 404),
        ("/v1/countries/%00", 404),
        ("/v1/relations/%00/AFG", 404),
        ("/v1/relations/RUS/AFG?as_of=0001-01-01", 200),
        ("/v1/dyads/RUS/AFG", 200),
        ("/v1/relations/RUS/AFG/history", 200),
        ("/v1/events?source=%00", 422),
        ("/v1/events?act=%00", 422),
        ("/v1/events?cursor=%00", 422),
        ("/v1/events?from=0001-01-01&to=9999-12-31&min_confidence=0&source=RUS&target=AFG&status=effective", 200),
        ("/v1/changes?after=9007199254740991", 200),
    ],
)
def test_a_read_is_answered_alike(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize("source", ["nobody", "de%00mo", "d%C3%A9mo"])
def test_an_unknown_source_is_not_found(client: FlaskClient, source: str) -> None:
    assert client.post(f"/v1/webhooks/{source}", json={"text": TEXT}).status_code == 404
