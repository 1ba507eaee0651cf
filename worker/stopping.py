"""How the worker ends: SIGTERM begins Celery's soft shutdown, in which tasks have time to finish.

A second signal would make Celery cancel them, and both supervisors and people send SIGTERM twice; so it counts once.
SIGQUIT still cancels them.
"""

import signal
from types import FrameType
from typing import Any


def end_softly(**_: Any) -> None:
    """Have SIGTERM begin the soft shutdown, and ignore it from then on. For the main thread, after Celery's handlers.

    The parts with threads keep Celery's warm shutdown, which waits for them: threads can't be cancelled, their
    deadlines are short, and it ignores further signals by itself.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.raise_signal(signal.SIGQUIT)

    signal.signal(signal.SIGTERM, stop)
