"""Refusals name the field and a remedy: URLs with a login, names with line breaks, rate limits."""

import json

import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from entente.services.errors import Invalid
from entente.services.ports.subscriptions import Wants

WITH_LOGIN = "https://anna:secret@news.example/story"


@pytest.mark.parametrize("url", [WITH_LOGIN, "https://anna@news.example/", "https://@news.example/"])
@pytest.mark.parametrize("path", ["/v1/articles", "/v1/feeds", "/v1/subscriptions"])
def test_an_address_that_names_a_user_is_refused(client: FlaskClient, path: str, url: str) -> None:
    answer = client.post(path, json={"url": url, "wants": {}} if path.endswith("subscriptions") else {"url": url})

    assert answer.status_code == 422
    (error,) = answer.get_json()["errors"]
    assert error["field"] == "url"
    assert "leave out what stands before the @" in error["detail"]
    assert "secret" not in answer.get_data(as_text=True)


def test_an_at_sign_elsewhere_in_an_address_is_none_of_a_user(client: FlaskClient) -> None:
    assert client.post("/v1/articles", json={"url": "https://news.example/@anna?to=b@c"}).status_code == 202


def test_the_services_refuse_it_too(container: Container) -> None:
    for add in (container.feeds.add, lambda url: container.subscriptions.add(url, Wants())):
        with pytest.raises(Invalid, match="before the @"):
            add(WITH_LOGIN)


@pytest.mark.parametrize("name", ["a\r\nb", "a\tb", "\x1b[31mred", "a\x85b"])
def test_a_keys_name_is_one_line(client: FlaskClient, container: Container, name: str) -> None:
    answer = client.post("/v1/keys", json={"name": name, "scopes": ["read"]})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == ["name"]
    with pytest.raises(Invalid, match="line break"):
        container.keys.add(name, ["read"])


@pytest.mark.parametrize("extra", [{f"f{n}": 1 for n in range(300_000)}, {"x": [[]] * 1_300_000}])
def test_a_body_of_countless_members_is_refused_at_once(client: FlaskClient, extra: dict[str, object]) -> None:
    body = json.dumps(extra, separators=(",", ":"))

    answer = client.post("/v1/code", data=body, content_type="application/json")

    assert (answer.status_code, answer.get_json()["detail"]) == (422, "body: holds more than 20,000 members")


def test_of_a_flood_of_errors_the_first_are_told_and_the_rest_counted(client: FlaskClient) -> None:
    body = json.dumps({f"f{n}": 1 for n in range(19_000)}, separators=(",", ":"))

    answer = client.post("/v1/assertions", data=body, content_type="application/json")

    problem = answer.get_json()
    assert answer.status_code == 422
    assert len(problem["errors"]) == 20
    assert problem["detail"].startswith("18,985 more errors; the first: ")
    assert len(answer.get_data()) < 4000
