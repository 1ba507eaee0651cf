"""The port of what is derived from the mentions, and of the changes feed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.events import Event, Fact
from entente.relations.fold import Checkpoint
from entente.relations.grouping import Key
from entente.relations.panels import PanelKey
from entente.relations.record import Past
from entente.relations.refold import PanelHistory, Refolded
from entente.relations.regroup import Regrouped
from entente.relations.states import Change, Interval
from entente.relations.tally import Span, Tally


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change in the feed, under its gapless sequence number. `kind`: "facet", or "retraction" of the article."""

    seq: int
    change: Change
    article_id: str | None
    recorded_at: datetime
    kind: str = "facet"


@dataclass(frozen=True, slots=True)
class Derived:
    """What is derived from a dyad's events."""

    intervals: Sequence[Interval]
    tallies: Mapping[Span, Tally]
    checkpoints: Mapping[PanelKey, Sequence[Checkpoint]] = field(default_factory=dict)


class Projection(Protocol):
    """What is derived from the mentions: events, states, the changes feed, and which dyads the cache is behind on."""

    def lock(self, dyads: Iterable[Dyad]) -> Mapping[Dyad, int]:
        """Serialise projections of these dyads until the unit of work ends; each dyad's new version (old + 1)."""

    def derived_by(self, dyad: Dyad) -> str | None:
        """The version of the codebook under which all of the dyad was derived; None if it has to be, from scratch."""

    def behind(self, codebook_version: str) -> Mapping[str, int]:
        """How many dyads were derived under each other version of the codebook; "" stands for one that is unknown."""

    def replace_events(self, dyad: Dyad, derived: Iterable[Event]) -> None:
        """Replace a dyad's events, of which those of one key come one after the other."""

    def replace_all(self, dyad: Dyad, whole: Derived, codebook_version: str) -> None:
        """Replace what is derived of a dyad's events."""

    def replace_groups(self, regrouped: Mapping[Key, Regrouped]) -> tuple[list[Fact], list[Fact]]:
        """Replace these keys' events in the cells that were grouped again; the facts that went and those that came."""

    def add_tallies(self, changes: Mapping[Span, Tally]) -> None:
        """Add these sums to the stored ones."""

    def panel(self, key: PanelKey, codebook: Codebook) -> PanelHistory:
        """What folding again asks of one panel."""

    def replace_panel(self, key: PanelKey, refolded: Refolded) -> tuple[list[Interval], list[Interval]]:
        """Replace a panel's intervals and checkpoints where it was folded again; (those that were, those that are)."""

    def past(self, source: str, target: str, as_of: date) -> Past:
        """All that a record of that day is made from."""

    def tallies(self, dyad: Dyad) -> Mapping[Span, Tally]:
        """Every sum of both directions."""

    def mark_dirty(self, versions: Mapping[Dyad, int], at: datetime) -> None: ...

    def clear_dirty(self, versions: Mapping[Dyad, int]) -> None:
        """Forget that the cache is behind, but for dyads that were projected again since these versions."""

    def append_changes(
        self, changes: Sequence[Change], article_id: str | None, at: datetime, kind: str = "facet"
    ) -> None:
        """Append to the feed under the next gapless numbers. Call last in a unit of work: it holds the counter."""

    def states(self, dyad: Dyad) -> list[Interval]: ...

    def version(self, dyad: Dyad) -> int:
        """How often the dyad was projected; 0 if never."""

    def dirty(self, limit: int) -> list[tuple[Dyad, int]]: ...

    def dyads(self) -> Iterator[Dyad]:
        """Every dyad that any mention ever touched, in order."""

    def changes(self, after: int, limit: int) -> list[RecordedChange]: ...

    def last_change(self) -> int:
        """The number of the feed's last change; 0 if there is none."""

    def changes_of(self, article_id: str) -> list[RecordedChange]:
        """What an article's coding changed, in order."""
