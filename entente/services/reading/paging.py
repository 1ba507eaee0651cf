"""Make keyset pages: a list read from a position in either direction, stable while rows are added."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from entente.services.ports.paging import Page

T = TypeVar("T")

Position = tuple[str, ...]


def page_of(
    found: Sequence[T], limit: int, after: Position | None, backwards: bool, position: Callable[[T], Position]
) -> Page[T]:
    """Make a page of up to `limit` + 1 rows found from `after`, in reverse order if `backwards`.

    Items are in the list's order either way. There is a page on the side of `after`, and one on the other side if one
    row more than `limit` was found.
    """
    shown = list(found[:limit])
    more = len(found) > limit
    if backwards:
        shown.reverse()
    if not shown and after is not None:
        return Page([], _beside(after, -1), None) if backwards else Page([], None, _beside(after, 1))
    if not shown:
        return Page([], None, None)
    first, last = position(shown[0]), position(shown[-1])
    if backwards:
        return Page(shown, last, first if more else None)
    return Page(shown, last if more else None, first if after is not None else None)


def _beside(position: Position, side: int) -> Position:
    """A position right before or after this one, so that the way back from an empty page begins with the item there."""
    *rest, id = position
    return (*rest, f"{id[:-1]}{chr(ord(id[-1]) - 1)}\U0010ffff" if side < 0 and id else f"{id} ")
