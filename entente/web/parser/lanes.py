"""The parsers of a process: two for the first try of every document, and two of low priority for what takes longer."""

import queue
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
            with self._quick.turn() as parser:
                return _parsed(parser, kind, fetched, min(quick, most))
        except TooSlow:
            # Ordinary documents don't queue behind it: it starts again where only its like wait.
            with self._slow.turn() as parser:
                return parser.parse(kind, fetched, max(most - quick, 0))


def _parsed(parser: Parser, kind: Kind[T], fetched: Fetched, seconds: float) -> T:
    try:
        return parser.parse(kind, fetched, seconds)
    finally:
        # If it ended: a fresh one loads while nobody waits for it.
        with suppress(ParserFailed):
            parser.start()


class _Lane:
    """Some parsers, each for one thread at a time; the one used last is used first."""

    def __init__(self, limits: Limits, niceness: int = 0) -> None:
        self._seconds = limits.waiting_seconds
        self._free: queue.LifoQueue[Parser] = queue.LifoQueue()
        for _ in range(PARSERS):
            self._free.put(Parser(limits, niceness))

    @contextmanager
    def turn(self) -> Iterator[Parser]:
        """A parser for this thread alone. Raises ParserFailed if none is free in time."""
        try:
            parser = self._free.get(timeout=self._seconds)
        except queue.Empty:
            raise ParserFailed(f"no parser was free within {self._seconds:g} s") from None
        try:
            yield parser
        finally:
            self._free.put(parser)
