"""EventCounts: what a row of a table of events by dyad or country and period counts.

What is announced, requested, threatened, refused, alleged or denied is not counted as done: it has counts of its own.
"""

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from entente.relations.codebook import HAPPENED, Codebook
from entente.relations.events import STATUSES, Event, Fact

#: Statuses of acts that did not happen, or are not known to have. Negated ones make no event.
UNFULFILLED = tuple(status for status in STATUSES if status not in HAPPENED | {"negated"})


@dataclass(slots=True)
class EventCounts:
    """Counts and intensities (on the codebook's scale) of events.

    `by_status` counts all of them, by status; everything else is of those in the statuses that are counted as done.
    """

    n_events: int = 0
    n_mentions: int = 0
    by_status: Counter[str] = field(default_factory=Counter)
    by_quad: Counter[int] = field(default_factory=Counter)
    by_root: Counter[str] = field(default_factory=Counter)
    intensities: list[float] = field(default_factory=list)

    @property
    def total_intensity(self) -> float:
        """Sum of the events' intensities."""
        return round(math.fsum(self.intensities), 2) + 0.0

    @property
    def mean_intensity(self) -> float | None:
        """Unweighted mean of the events' intensities; None without events."""
        if not self.intensities:
            return None
        return round(math.fsum(self.intensities) / len(self.intensities), 3) + 0.0

    def count(self, event: Event | Fact, codebook: Codebook, counted: Collection[str] = HAPPENED) -> None:
        """Add an event. `counted`: the statuses whose events are counted as done."""
        self.by_status[event.status] += 1
        if event.status not in counted:
            return
        codes = codebook.codes(event.act, event.status)
        self.n_events += 1
        self.n_mentions += event.n_mentions
        self.by_quad[codes.quad] += 1
        self.by_root[codes.root] += 1
        self.intensities.append(codes.intensity)
