"""Port: what an article's text says of itself, and which of its words tell the story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RetractionNotice:
    """The sentence by which a text takes an article back.

    `is_own`: the text itself is taken back. Else the article is one of the `titles` or `urls` that it names.
    """

    sentence: str
    is_own: bool
    titles: Sequence[str]
    urls: Sequence[str]


class Wording(Protocol):
    """Reads articles as wholes, without coding them."""

    def story(self, text: str, title: str | None) -> Sequence[str]:
        """The words of title and story in lower case: without captions, credits, adverts, "read more" and punctuation.

        Two versions that differ in nothing else are one.
        """

    def dateline(self, text: str, received: date) -> date | None:
        """The day of publication that the text's dateline gives with its year, if not after the day of receipt."""

    def retraction(self, text: str, title: str | None) -> RetractionNotice | None:
        """The notice by which an article takes itself or another one back; None if it doesn't."""
