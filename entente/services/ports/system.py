"""The clock and new ids, so that a test can choose them."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time, so that a test can choose it."""

    def now(self) -> datetime: ...


IdMaker = Callable[[], str]
