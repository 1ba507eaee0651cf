"""POST /v1/articles under an Idempotency-Key, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from tests.conftest import ChosenClock
from tests.contract.helpers import at_once
from tests.integration.conftest import OTHER_WORDS, TEXT

ARTICLE = {"text": TEXT, "title": "A recognition", "source": "Sample Wire", "published_at": "2025-07-04T01:30:00+02:00"}
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


@pytest.fixture
def container(ledger_url: str, redis_url: str, tmp_path: Path, clock: ChosenClock) -> Iterator[Container]:
    container = Container(Settings(data_dir=tmp_path, database_url=ledger_url, redis_url=redis_url), clock)
    yield container
    container.close()


def submit(client: FlaskClient, article: dict[str, Any], key: str | None = KEY) -> TestResponse:
    return client.post("/v1/articles", json=article, headers={} if key is None else {"Idempotency-Key": key})


def told(answer: TestResponse) -> tuple[int, Any, str | None]:
    return answer.status_code, answer.get_json(), answer.headers.get("Location")


def test_a_repeat_is_answered_as_the_first_one(client: FlaskClient) -> None:
    first = submit(client, ARTICLE)

    assert first.status_code == 202
    assert told(submit(client, ARTICLE)) == told(first)
    assert submit(client, ARTICLE, None).status_code == 200


def test_a_repeat_of_what_was_stored_before_its_key_is_answered_so_again(client: FlaskClient) -> None:
    submit(client, ARTICLE, None)
    first = submit(client, ARTICLE)

    assert (first.status_code, first.get_json()["created"]) == (200, False)
    assert told(submit(client, ARTICLE)) == told(first)


def test_the_same_said_in_another_order_and_with_nulls_is_a_repeat(client: FlaskClient) -> None:
    first = submit(client, ARTICLE)
    again = submit(client, dict(reversed(ARTICLE.items())) | {"language": None})

    assert told(again) == told(first)


@pytest.mark.parametrize(
    "change", [{"text": OTHER_WORDS}, {"title": "Another"}, {"published_at": "2025-07-05"}, {"language": "en"}]
)
def test_a_key_that_was_used_for_another_article_is_refused(client: FlaskClient, change: dict[str, str]) -> None:
    submit(client, ARTICLE)
    refused = submit(client, ARTICLE | change)

    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["field"] == "Idempotency-Key"
    assert "key of its own" in refused.get_json()["detail"]
    assert submit(client, ARTICLE | change, None).get_json()["created"] is (change.keys() <= {"text", "title"})


def test_a_refused_request_does_not_use_its_key_up(client: FlaskClient) -> None:
    assert submit(client, ARTICLE | {"published_at": "soon"}).status_code == 422
    assert submit(client, ARTICLE).status_code == 202


def test_keys_of_two_clients_do_not_meet(client: FlaskClient, stranger: FlaskClient, container: Container) -> None:
    submit(client, ARTICLE)
    stranger.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {container.keys.add('other', ['ingest']).token}"

    assert submit(stranger, ARTICLE | {"text": OTHER_WORDS}).status_code == 202


def test_eight_repeats_at_once_get_one_answer(client: FlaskClient, container: Container) -> None:
    authorization = client.environ_base["HTTP_AUTHORIZATION"]
    app = create_app(container)

    def send(_: int) -> TestResponse:
        one = app.test_client()
        one.environ_base["HTTP_AUTHORIZATION"] = authorization
        return submit(one, ARTICLE)

    answers = [told(answer) for answer in at_once(send, 8)]
    assert answers == [answers[0]] * 8
    assert answers[0][0] == 202


def test_eight_articles_under_one_key_at_once_make_one(client: FlaskClient, container: Container) -> None:
    authorization = client.environ_base["HTTP_AUTHORIZATION"]
    app = create_app(container)

    def send(i: int) -> int:
        one = app.test_client()
        one.environ_base["HTTP_AUTHORIZATION"] = authorization
        return submit(one, ARTICLE | {"text": f"{TEXT} {i}"}).status_code

    assert sorted(at_once(send, 8)) == [202] + [422] * 7


@pytest.mark.parametrize("given", ["", "two words", "k" * 256, "ü"])
def test_a_key_that_cannot_be_read_is_named(client: FlaskClient, given: str) -> None:
    answer = submit(client, ARTICLE, given)

    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["field"] == "Idempotency-Key"
