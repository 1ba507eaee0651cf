"""How the worker and beat end. SIGTERM begins the worker's soft shutdown, in which tasks have time to finish.

A second signal would make Celery cancel them, and both supervisors and people send SIGTERM twice; so it counts once.
SIGQUIT still cancels them.
"""

import signal
from types import FrameType
from typing import Any

from celery.beat import Service


def end_softly(**_: Any) -> None:
    """Have SIGTERM begin the soft shutdown, and ignore it from then on. For the main thread, after Celery's handlers.

    The parts with threads keep Celery's warm shutdown, which waits for them: threads can't be cancelled, their
    deadlines are short, and it ignores further signals by itself.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.raise_signal(signal.SIGQUIT)

    signal.signal(signal.SIGTERM, stop)


def end_beat(sender: Service, **_: Any) -> None:
    """Have SIGTERM and SIGINT end the loop of beat once, which then stores its schedule. After Celery's handlers.

    Celery's own close that store in the handler. A signal that comes while it is written then fails as an error of the
    task that was due, and beat goes on to its next round with a closed store.
    """
    numbers = (signal.SIGTERM, signal.SIGINT)

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        # Should the exception be lost where it is raised, the loop still ends before its next round.
        sender.stop()
        raise SystemExit

    for number in numbers:
        signal.signal(number, stop)
