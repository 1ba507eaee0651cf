"""Types of problems have pages at their addresses, and every problem that the code can send has a type."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.http.problem_types import PROBLEM_TYPES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", PROBLEM_TYPES)
def test_the_address_of_a_type_is_a_page_with_its_meaning_and_remedy(empty_client: FlaskClient, name: str) -> None:
    answer = empty_client.get(f"/problems/{name}")
    page = answer.get_data(as_text=True)

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert f"/problems/{name}" in page
    assert f"HTTP status {PROBLEM_TYPES[name].status}" in page
    assert re.search(r"<h2>Meaning</h2>\s*<p>.+</p>\s*<h2>Remedy</h2>\s*<p>.+</p>", page)


def test_the_type_of_an_answer_can_be_followed_without_a_key(stranger: FlaskClient) -> None:
    refused = stranger.get("/v1/keys").get_json()

    assert "A key is needed" in stranger.get(refused["type"]).get_data(as_text=True)


def test_the_list_links_every_page(empty_client: FlaskClient) -> None:
    linked = re.findall(r'href="/problems/([a-z-]+)"', empty_client.get("/problems").get_data(as_text=True))

    assert linked == list(PROBLEM_TYPES)


def test_a_type_that_there_is_not_is_not_found(empty_client: FlaskClient) -> None:
    answer = empty_client.get("/problems/nonsense")

    assert (answer.status_code, answer.get_json()["type"]) == (404, "/problems/not-found")


def test_an_error_without_a_type_of_its_own_keeps_its_status(empty_client: FlaskClient) -> None:
    with empty_client.get("/static/docs.js", headers={"Range": "bytes=99999999-"}) as answer:
        assert (answer.status_code, answer.get_json()["type"]) == (416, "about:blank")
        assert answer.get_json()["title"].endswith("Range Not Satisfiable")


def test_every_problem_that_the_code_sends_has_a_type() -> None:
    sent = {"request-timeout"}
    for room in ("api", "entente/services", "entente/relations"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            sent.update(re.findall(r'\bProblem\("([a-z-]+)"', text))
            sent.update(f"unknown-{kind}" for kind in re.findall(r'\bNotFound\("([a-z]+)", ', text))

    assert len(sent) > 20
    assert sent <= set(PROBLEM_TYPES)
