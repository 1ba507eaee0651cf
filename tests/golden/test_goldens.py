"""The coder on the goldens: all required events and no forbidden one, except known failures.

Known failures are in shortfalls.json. It may not grow, and what no longer fails must be removed.
"""

import pytest

from entente.bootstrap.container import Container
from tests.golden import shortfalls
from tests.golden.records import Golden, articles, quiet

LISTED = shortfalls.listed()


@pytest.fixture(scope="module")
def container() -> Container:
    return shortfalls.container()


@pytest.mark.parametrize("golden", [pytest.param(golden, id=golden["id"]) for golden in articles()])
def test_an_article_gives_the_record_expected_of_it(golden: Golden, container: Container) -> None:
    new = set(shortfalls.of(golden, container)) - set(LISTED.get(golden["id"], []))
    assert not new, "\n" + "\n".join(sorted(new))


@pytest.mark.parametrize("golden", [pytest.param(golden, id=golden["id"]) for golden in quiet()])
def test_a_text_in_which_no_state_acts_moves_no_facet(golden: Golden, container: Container) -> None:
    new = set(shortfalls.of(golden, container)) - set(LISTED.get(golden["id"], []))
    assert not new, "\n" + "\n".join(sorted(new))


def test_what_has_been_mended_is_listed_no_longer(container: Container) -> None:
    now = dict(shortfalls.current(container))
    mended = {id: sorted(set(lines) - set(now.get(id, []))) for id, lines in LISTED.items()}
    assert not any(mended.values()), "run `python -m tests.golden.shortfalls`"
