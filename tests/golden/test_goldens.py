"""The coder on the goldens: all required events and no forbidden one, except known failures.

Known failures are in shortfalls.json; they may not grow, and what no longer fails must be removed. Both but for a few:
processors multiply 8-bit numbers in different ways, so a choice near a threshold falls differently on some.
"""

from collections.abc import Mapping, Sequence

import pytest

from tests.golden import shortfalls

#: Lines that may differ between two processors, of some 300.
DEAD_BAND = 16

Lines = Mapping[str, Sequence[str]]


@pytest.fixture(scope="module")
def now() -> Lines:
    return dict(shortfalls.current(shortfalls.container()))


def only_in(one: Lines, other: Lines) -> list[str]:
    """A line for each shortfall of `one` that `other` has not."""
    return [f"{id}: {line}" for id, lines in one.items() for line in sorted(set(lines) - set(other.get(id, [])))]


def test_the_goldens_give_what_is_expected_of_them_but_for_what_is_listed(now: Lines) -> None:
    new = only_in(now, shortfalls.listed())
    assert len(new) <= DEAD_BAND, "\n".join(new)


def test_what_has_been_mended_is_listed_no_longer(now: Lines) -> None:
    mended = only_in(shortfalls.listed(), now)
    assert len(mended) <= DEAD_BAND, "run `python -m tests.golden.shortfalls`\n" + "\n".join(mended)
