"""SIGTERM begins the worker's soft shutdown once."""

import signal
from collections.abc import Iterator

import pytest

from worker.stopping import end_softly


@pytest.fixture
def begun() -> Iterator[list[int]]:
    """Signals that reached Celery's handler of the soft shutdown."""
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGQUIT)}
    signal.signal(signal.SIGQUIT, lambda number, _: came.append(number))
    yield came
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_second_sigterm_takes_nothing_from_the_time_of_the_tasks(begun: list[int]) -> None:
    end_softly()
    for _ in range(3):
        signal.raise_signal(signal.SIGTERM)

    assert begun == [signal.SIGQUIT]
