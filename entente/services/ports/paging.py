"""A page of a keyset-paged list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a keyset-paged list: the positions of its last and its first row, None where the list ends or begins.

    What the positions hold is the adapter's affair.
    """

    items: Sequence[T]
    next: tuple[str, ...] | None
    previous: tuple[str, ...] | None = None
