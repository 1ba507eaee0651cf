"""The coder on whole texts: every act that a careful reader would insist on, and none of the traps."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.cli.documents import Request, answer
from entente.services.articles import Document
from tests.golden.records import Event, Golden, articles, moved, quiet, shortfalls

Code = Callable[[Golden], list[Event]]


@pytest.fixture(scope="module")
def container() -> Container:
    return Container(Settings(data_dir=Path("unused"), database_url="sqlite://"))


@pytest.fixture(scope="module")
def code(container: Container) -> Code:
    """The events of a golden as `entente code` would print them."""

    def code_golden(golden: Golden) -> list[Event]:
        published_on = date.fromisoformat(golden["published_at"])
        document = Document(text=golden["text"], title=golden["title"], published_on=published_on)
        request = Request(golden["id"], document, "plover")
        coded: dict[str, Any] = answer(request, container.coder.code(document), container.codebook)
        return list(coded["events"])

    return code_golden


@pytest.mark.parametrize("golden", [pytest.param(golden, id=golden["id"]) for golden in articles()])
def test_an_article_gives_the_record_expected_of_it(golden: Golden, code: Code) -> None:
    assert not (found := list(shortfalls(code(golden), golden))), "\n" + "\n".join(found)


@pytest.mark.parametrize("golden", [pytest.param(golden, id=golden["id"]) for golden in quiet()])
def test_a_text_in_which_no_state_acts_moves_no_facet(golden: Golden, code: Code, container: Container) -> None:
    events = code(golden)
    found = [*shortfalls(events, golden), *moved(events, container.codebook)]
    assert not found, "\n" + "\n".join(found)
