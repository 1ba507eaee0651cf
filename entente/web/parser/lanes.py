"""The parsers of a process: two for the first try of every document, and two of low priority for what takes longer."""

import threading
from collections import deque
from contextlib import suppress
from typing import TypeVar

from entente.services.ports.fetching import Fetched
from entente.web.parser.limits import Limits, ParserFailed, TooSlow
from entente.web.parser.messages import Kind
from entente.web.parser.process import Parser

T = TypeVar("T")

#: Parsers of each lane, started when they are needed. One that waits has some 60 MB.
PARSERS = 2

#: Niceness of the slow lane: beside a process that codes it gets a quarter of a core.
SLOW_NICENESS = 5


class Parsers:
    """Parses documents within limits. Thread-safe; after a fork, make another one."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._quick = _Lane(self._limits)
        self._slow = _Lane(self._limits, SLOW_NICENESS)

    def parse(self, kind: Kind[T], fetched: Fetched) -> T:
        """Parse a document. Raises TooComplex, or FetchFailed if there is nothing to be had of it."""
        quick, most = self._limits.quick_seconds, self._limits.seconds
        try:
            return self._quick.parse(kind, fetched, min(quick, most))
        except TooSlow:
            # Ordinary documents don't queue behind it: it starts again where only its like wait.
            return self._slow.parse(kind, fetched, max(most - quick, 0))


class _Lane:
    """Some parsers, each for one thread at a time; the one used last is used first."""

    def __init__(self, limits: Limits, niceness: int = 0) -> None:
        self._waiting = limits.waiting_seconds
        self._free = deque(Parser(limits, niceness) for _ in range(PARSERS))
        self._turns = threading.Semaphore(PARSERS)

    def parse(self, kind: Kind[T], fetched: Fetched, seconds: float) -> T:
        """Parse a document. Raises ParserFailed if no parser is free in time, else as Parser.parse."""
        if not self._turns.acquire(timeout=self._waiting):
            raise ParserFailed(f"no parser was free within {self._waiting:g} s")
        parser = self._free.pop()
        try:
            return parser.parse(kind, fetched, seconds)
        finally:
            self._put_back(parser)

    def _put_back(self, parser: Parser) -> None:
        ended = parser.pid is None
        try:
            if ended:
                with suppress(ParserFailed):
                    parser.start()
        finally:
            # A fresh one goes where it is taken last: it loads while another is used.
            put = self._free.appendleft if ended else self._free.append
            put(parser)
            self._turns.release()
