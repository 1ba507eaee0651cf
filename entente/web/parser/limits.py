"""What parsing one page or feed may cost, and how parsing fails."""

from dataclasses import dataclass

from entente.services.ports.fetching import FetchFailed


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one page or feed.

    `quick_seconds`: processor time of a quick one, of which nearly every page needs a small part.
    `seconds`: elapsed time and processor time.
    `memory_bytes`: address space of a parser (RLIMIT_AS).
    `waiting_seconds`: how long a page waits for its turn.
    """

    quick_seconds: float = 0.2
    seconds: float = 10.0
    memory_bytes: int = 512 * 1024 * 1024
    waiting_seconds: float = 60.0


class TooComplex(Exception):
    """The markup needs more than the limits, or crashes the parser. The message says which, for the log."""


class TooSlow(TooComplex):
    """The time was not enough."""


class ParserFailed(FetchFailed):
    """No fault of the page: the parser did not start, was killed or is busy. Another try makes sense."""


class TurnOver(Exception):
    """The document is not quick, and as many others are slow as may be. It has to wait and start again."""
