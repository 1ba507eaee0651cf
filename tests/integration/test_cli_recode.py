"""`entente recode`, on a real ledger."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from entente.bootstrap.container import Container
from entente.cli import recode as module
from tests.integration.conftest import RECOGNITION, coded


@pytest.fixture
def run(container: Container, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The command on the test's ledger; what it printed."""
    monkeypatch.setattr(module, "open_container", lambda: container)

    def call(*arguments: str, answer: str = "", code: int = 0) -> str:
        done = CliRunner().invoke(module.recode, arguments, input=answer)
        assert done.exit_code == code, done.output
        return done.output

    return call


def value(container: Container, facet: str) -> str:
    record = container.relations.record("RUS", "AFG")
    held = record.facets.get(facet)
    return str(held)


def test_what_would_change_is_shown_and_nothing_done_until_it_is_confirmed(
    run: Callable[..., str], container: Container, told: Callable[..., str]
) -> None:
    article = told([coded("sever_relations", "2025-07-03")])

    shown = run(article, answer="n\n")
    assert "- RUS sever_relations AFG (effective, 2025-07-03)" in shown
    assert "+ RUS recognise AFG" in shown
    assert "severed" in value(container, "relations")

    run("--all", answer="y\n")
    assert "severed" not in value(container, "relations")
    assert "recognised" in value(container, "recognition")
    assert "0 of 1 articles" in run("--all", "--preview")


def test_either_articles_or_all_of_them_are_named(run: Callable[..., str]) -> None:
    run(code=2)
    run("--all", "x", code=2)
    assert "no article" in run("x", code=1)


def test_what_is_read_as_before_is_left_alone(
    run: Callable[..., str], container: Container, told: Callable[..., str]
) -> None:
    told(RECOGNITION)
    before = container.lookups.changes()
    run("--all", "--preview")
    assert container.lookups.changes() == before
