"""The documents as pages of the dashboard, and pages of paths that there are not."""

import pytest
from flask.testing import FlaskClient

from api.dashboard.pages import POLICY
from api.documents.catalogue import PICTURES


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/documents/", "For political scientists"),
        ("/documents/operators", "entente backup"),
        ("/documents/adr-0029-documents-are-rendered-when-asked-for", "markdown-it-py"),
        ("/documents/seeds", "countries"),
        ("/documents/reference", "/v1/relations/{source}/{target}"),
    ],
)
def test_documents_are_pages_that_need_no_key_and_allow_nothing_inline(
    stranger: FlaskClient, path: str, words: str
) -> None:
    answer = stranger.get(path, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert answer.status_code == 200
    assert words in answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"] == POLICY


def test_the_dashboard_links_the_documents_and_documents_link_each_other(stranger: FlaskClient) -> None:
    assert '<a href="/documents/"' in stranger.get("/live").get_data(as_text=True)
    assert 'href="/documents/clocks"' in stranger.get("/documents/political-scientists").get_data(as_text=True)
    assert stranger.get("/documents").headers["Location"] == "/documents/"


def test_a_picture_of_a_document_is_served_and_nothing_beside_it(stranger: FlaskClient) -> None:
    name = sorted(PICTURES.iterdir())[0].name
    with stranger.get(f"/documents/pictures/{name}") as answer:
        assert answer.content_type.startswith("image/")
    assert stranger.get("/documents/pictures/..%2Fapi.md").status_code == 404
    assert stranger.get("/documents/no-such-document").status_code == 404


def test_a_path_that_there_is_not_is_a_page_for_a_browser_and_a_problem_for_programs(stranger: FlaskClient) -> None:
    browser = stranger.get("/nowhere", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert browser.status_code == 404
    assert "To the world map" in browser.get_data(as_text=True)
    for accept in ("application/json", "*/*"):
        program = stranger.get("/nowhere", headers={"Accept": accept})
        assert program.content_type == "application/problem+json"
        assert program.get_json()["type"] == "/problems/not-found"
