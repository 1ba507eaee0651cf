"""The worker's processes: the coder is loaded once and shared by the fork, connections never are."""

import os
from typing import Any

import structlog

from entente.bootstrap.children import die_with_parent
from entente.bootstrap.container import Container

log = structlog.get_logger(__name__)


class Processes:
    """Holds the container of the process it is in."""

    def __init__(self, container: Container) -> None:
        self._parent = container
        self._own: Container | None = None
        self._main_pid = os.getpid()

    def container(self) -> Container:
        """The container of the process that asks."""
        return self._own or self._parent

    def before_fork(self, **_: Any) -> None:
        """Load the coder in the main process: its memory is then shared by every pool process."""
        self._main_pid = os.getpid()
        self._parent.warm_coder()
        log.info("coder loaded", version=self._parent.coder.version)

    def after_fork(self, **_: Any) -> None:
        """Give a pool process connections of its own, and end it with the main process, however that dies."""
        die_with_parent(self._main_pid)
        self._own = self._parent.forked()
