"""The lock of a data directory: one stack at a time, whatever looks at it meanwhile."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from entente.bootstrap.running import LOCK, AlreadyRunning, exclusive, find


@contextmanager
def locked(data_dir: Path, how: int) -> Iterator[None]:
    """Lock the directory as another process would."""
    with (data_dir / LOCK).open("a") as lock:
        fcntl.flock(lock, how)
        yield


def test_a_stack_begins_though_another_command_looks_for_one_at_that_moment(tmp_path: Path) -> None:
    with locked(tmp_path, fcntl.LOCK_SH):
        began = threading.Event()

        def begin() -> None:
            with exclusive(tmp_path):
                began.set()

        beginning = threading.Thread(target=begin)
        beginning.start()
        assert not began.wait(0.05)
    beginning.join()
    assert began.is_set()


def test_a_second_stack_on_a_directory_is_refused(tmp_path: Path) -> None:
    with exclusive(tmp_path), pytest.raises(AlreadyRunning, match="a stack already runs on"), exclusive(tmp_path):
        pass
    assert find(tmp_path) is None
