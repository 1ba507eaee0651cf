"""Desk: what a curator sees first: the ledger's figures, and the articles that wait or could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from entente.services.articles import ArticleSummary
from entente.services.ports.articles import ArticleQuery
from entente.services.ports.figures import Figures
from entente.services.ports.ledger import Ledger
from entente.services.ports.system import Clock

#: Statuses of articles that need a person, and of those that wait.
STUCK, WAITING = ("failed", "quarantined", "rejected"), ("pending", "coding")


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures, and the newest articles that could not be read (`stuck`) or still wait (`waiting`)."""

    figures: Figures
    stuck: Sequence[ArticleSummary]
    waiting: Sequence[ArticleSummary]


class Desk:
    """Reads for curating."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def overview(self, limit: int) -> Overview:
        """The state of the ledger, with up to `limit` articles a list."""
        with self._ledger.read() as unit:
            return Overview(
                unit.figures.read(self._clock.now()),
                unit.articles.search(ArticleQuery(statuses=STUCK), None, limit).items,
                unit.articles.search(ArticleQuery(statuses=WAITING), None, limit).items,
            )
