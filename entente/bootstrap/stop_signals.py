"""Turn the signals that end a process into StopRequested."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from entente.bootstrap.errors import StopRequested

_NUMBERS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@contextmanager
def stopped_by_signals() -> Iterator[Callable[[], None]]:
    """Have SIGTERM, SIGHUP and SIGINT raise StopRequested in the context. For the main thread.

    Gives a function for a loop to call, which raises it if a signal has come. Python drops what is raised while it
    destroys an object, and with it a signal that comes just then.
    """
    requested = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal requested
        requested = True
        # Ignored from now on: a second signal must not interrupt the shutdown.
        for other in _NUMBERS:
            signal.signal(other, signal.SIG_IGN)
        raise StopRequested

    def check() -> None:
        if requested:
            raise StopRequested

    before = {number: signal.signal(number, stop) for number in _NUMBERS}
    try:
        yield check
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
