"""The parsers of a process, and whose turn it is: documents that take long never hold all of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from entente.services.ports.fetching import Fetched
from entente.web.parser.limits import Limits, ParserFailed, TurnOver
from entente.web.parser.messages import Kind
from entente.web.parser.process import Parser

T = TypeVar("T")

#: Documents that are parsed at once: quick ones, and slow ones beside them. There is a parser for each, started when
#: it is needed; one that waits has some 45 MB. A third quick one, for a fetcher asks one host for two pages at once.
QUICK = 3
SLOW = 2


class Parsers:
    """Parses documents within limits. Thread-safe; after a fork, make another one."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._quick = threading.Semaphore(QUICK)
        self._slow = threading.Semaphore(SLOW)
        self._lock = threading.Lock()
        self._free = [Parser(self._limits) for _ in range(QUICK + SLOW)]
        self._ahead = False

    def start(self) -> None:
        """Start a parser, without waiting until it is ready, and from then on one more than are used.

        For a process whose task is to fetch.
        """
        with self._lock:
            self._ahead = True
            self._start_ahead()

    def _start_ahead(self) -> None:
        if self._ahead and self._free and all(one.pid is None for one in self._free):
            with suppress(ParserFailed):
                self._free[-1].start()

    def parse(self, kind: Kind[T], fetched: Fetched) -> T:
        """Parse a document. Raises TooComplex, or FetchFailed if there is nothing to be had of it."""
        turn = self._quick
        self._await(turn)

        def becomes_slow() -> bool:
            nonlocal turn
            if not self._slow.acquire(blocking=False):
                return False
            with self._parser() as successor, suppress(ParserFailed):
                successor.start()
            turn.release()
            turn = self._slow
            return True

        try:
            with self._parser() as parser:
                return parser.parse(kind, fetched, becomes_slow)
        except TurnOver:
            pass
        finally:
            turn.release()
        # Others take as long: it starts again when one of them is done, and ordinary documents go on meanwhile.
        self._await(self._slow)
        try:
            with self._parser() as parser:
                return parser.parse(kind, fetched, lambda: True)
        finally:
            self._slow.release()

    def _await(self, turn: threading.Semaphore) -> None:
        if not turn.acquire(timeout=self._limits.waiting_seconds):
            raise ParserFailed(f"no parser was free within {self._limits.waiting_seconds:g} s")

    @contextmanager
    def _parser(self) -> Iterator[Parser]:
        """A parser for this thread alone: the one used last of those that are ready. There are as many as turns."""
        with self._lock:
            parser = next((one for one in reversed(self._free) if one.ready), self._free[-1])
            self._free.remove(parser)
            self._start_ahead()
        try:
            yield parser
        finally:
            # If it ended, a fresh one loads while others are used.
            with suppress(ParserFailed):
                if parser.pid is None:
                    parser.start()
            with self._lock:
                self._free.append(parser)
