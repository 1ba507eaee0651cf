"""Signals that end a process."""

import os
import signal

import pytest

from entente.bootstrap.errors import StopRequested
from entente.bootstrap.stop_signals import stopped_by_signals


class SignalledWhenDestroyed:
    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_raises_where_the_program_is(number: signal.Signals) -> None:
    with pytest.raises(StopRequested), stopped_by_signals():
        os.kill(os.getpid(), number)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_that_comes_while_an_object_is_destroyed_is_not_lost() -> None:
    with stopped_by_signals() as check:
        check()
        SignalledWhenDestroyed()
        with pytest.raises(StopRequested):
            check()
