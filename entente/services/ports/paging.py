"""Page: one page of a keyset-paged list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a keyset-paged list.

    `next` and `previous`: positions of its last and first row, None at the end and the start of the list. Their
    content is defined by the adapter.
    """

    items: Sequence[T]
    next: tuple[str, ...] | None
    previous: tuple[str, ...] | None = None
