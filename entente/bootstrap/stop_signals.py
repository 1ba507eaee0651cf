"""Turn the signals that end a process into StopRequested."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from entente.bootstrap.errors import StopRequested

_NUMBERS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Have SIGTERM, SIGHUP and SIGINT raise StopRequested in the context. For the main thread."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        # Ignored from now on: a second signal must not interrupt the shutdown.
        for other in _NUMBERS:
            signal.signal(other, signal.SIG_IGN)
        raise StopRequested

    before = {number: signal.signal(number, stop) for number in _NUMBERS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
