"""Ports: the clock and the maker of ids, which tests replace."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The current time, aware UTC."""

    def now(self) -> datetime: ...


IdMaker = Callable[[], str]
