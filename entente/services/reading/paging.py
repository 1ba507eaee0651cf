"""Keyset pages: a list walked in either direction from a position, however it grows meanwhile."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from entente.services.ports.paging import Page

T = TypeVar("T")

Position = tuple[str, ...]


def page_of(
    found: Sequence[T], limit: int, after: Position | None, backwards: bool, position: Callable[[T], Position]
) -> Page[T]:
    """The page made of up to `limit` + 1 rows found by walking from `after`, `backwards` or not.

    Items are in the list's own order either way. There is a page on the side that was come from, and one on the
    other where one row more than the page holds was found.
    """
    shown = list(found[:limit])
    more = len(found) > limit
    if backwards:
        shown.reverse()
    if not shown:
        return Page([], None, None)
    first, last = position(shown[0]), position(shown[-1])
    if backwards:
        return Page(shown, last, first if more else None)
    return Page(shown, last if more else None, first if after is not None else None)
