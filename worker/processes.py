"""Containers of the worker's processes: forks share the coder, loaded once, but never connections."""

import os
from typing import Any

import structlog

from entente.bootstrap.children import die_with_parent
from entente.bootstrap.container import Container

log = structlog.get_logger(__name__)


class Processes:
    """Holds the container of the main process, and in a pool process that process's own."""

    def __init__(self, container: Container) -> None:
        self._parent = container
        self._own: Container | None = None
        self._main_pid = os.getpid()

    def container(self) -> Container:
        """The container of the calling process."""
        return self._own or self._parent

    def before_fork(self, **_: Any) -> None:
        """Load the coder and all modules in the main process, so that pool processes share their memory."""
        self._main_pid = os.getpid()
        self._parent.warm_working()
        log.info("coder loaded", version=self._parent.coder.version)

    def after_fork(self, **_: Any) -> None:
        """Give a pool process its own connections, and have it killed when the main process dies."""
        die_with_parent(self._main_pid)
        self._own = self._parent.forked()
