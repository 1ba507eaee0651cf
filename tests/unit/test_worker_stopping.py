"""SIGTERM begins the worker's soft shutdown once, and ends beat between two rounds."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from celery import Celery
from celery.beat import Service

from worker.stopping import end_beat, end_softly


@pytest.fixture
def begun() -> Iterator[list[int]]:
    """Signals that reached Celery's handler of the soft shutdown."""
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)}
    signal.signal(signal.SIGQUIT, lambda number, _: came.append(number))
    yield came
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_second_sigterm_takes_nothing_from_the_time_of_the_tasks(begun: list[int]) -> None:
    end_softly()
    for _ in range(3):
        signal.raise_signal(signal.SIGTERM)

    assert begun == [signal.SIGQUIT]


@pytest.mark.usefixtures("begun")
def test_beat_ends_with_its_schedule_stored_though_the_signal_is_lost_and_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(Celery(), schedule_filename=str(tmp_path / "schedule"))
    rounds = []

    def due() -> float:
        assert service.scheduler.schedule == {}, "the store of the schedule is closed"
        rounds.append(1)
        for _ in range(2):
            with suppress(SystemExit):
                signal.raise_signal(signal.SIGTERM)
        return 0.0

    service.scheduler.schedule = {}
    monkeypatch.setattr(service.scheduler, "tick", due)
    end_beat(service)
    service.start()

    assert rounds == [1]
    assert list(tmp_path.iterdir())
