"""`entente proposals`, on a real ledger."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from entente.bootstrap.container import Container
from entente.cli import proposals as module
from entente.services.articles import ArticleDraft
from tests.integration.conftest import RECOGNITION

NOTICE = "The article “A recognition” has been retracted."
SAID = ("--author", "A. Analyst", "--reason", "The paper says so.")


@pytest.fixture
def run(container: Container, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setattr(module, "open_container", lambda: container)

    def call(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(module.proposals, arguments)
        assert done.exit_code == code, done.output
        return done.output

    return call


@pytest.fixture
def article(container: Container, told: Callable[..., str]) -> str:
    """An article that a notice takes back."""
    id = told(RECOGNITION)
    container.ingest.submit(ArticleDraft("Other Wire", text=NOTICE), ring=False)
    return id


def test_proposals_are_listed_with_their_sentence_and_accepted(
    run: Callable[..., str], container: Container, article: str
) -> None:
    assert NOTICE in run("list")
    shown = json.loads(run("list", "--json"))
    assert (shown["article_id"], shown["status"]) == (article, "open")

    assert "2 events removed" in run("accept", shown["id"], *SAID)

    assert container.lookups.article(article).article.status == "retracted"
    assert run("list") == ""
    assert "accepted by A. Analyst: The paper says so." in run("list", "--status", "all")


def test_a_dismissed_one_leaves_the_article(run: Callable[..., str], container: Container, article: str) -> None:
    id = json.loads(run("list", "--json"))["id"]
    assert "dismissed by A. Analyst" in run("dismiss", id, *SAID)
    assert container.lookups.article(article).article.status == "coded"


def test_a_decision_names_its_author(run: Callable[..., str], article: str) -> None:
    id = json.loads(run("list", "--json"))["id"]
    assert "--author" in run("accept", id, "--reason", "r", code=2)
