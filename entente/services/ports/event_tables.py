"""Events as columns: what tables show of many events, without an object for each."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TabledEvents:
    """Events, newest first, as sequences of equal length, an entry an event. Days and instants are ISO 8601 texts.

    `source`, `target`: parties, such as `RUS` or `RUS:CVL`. `first_day` and `precision` are None if undated; `known_by`
    is the day on which an article first reported the event. `n_sources`: owners that report it. `coders`: versions of
    the coders. `first_recorded_at`: when its first mention was recorded. The others are of the mention that tells most
    of it: `source_sector` and `target_sector`, `source_text` and `target_text` (its words for the parties), `quote`,
    `contexts`, `article`, `publisher`, `published_on`, `coder`.
    """

    id: Sequence[str]
    source: Sequence[str]
    target: Sequence[str]
    act: Sequence[str]
    status: Sequence[str]
    first_day: Sequence[str | None]
    precision: Sequence[str | None]
    dated_by: Sequence[str]
    known_by: Sequence[str]
    confidence: Sequence[float]
    n_mentions: Sequence[int]
    n_sources: Sequence[int]
    n_articles: Sequence[int]
    coders: Sequence[Sequence[str]]
    first_recorded_at: Sequence[str]
    source_sector: Sequence[str]
    target_sector: Sequence[str]
    source_text: Sequence[str]
    target_text: Sequence[str]
    quote: Sequence[str]
    contexts: Sequence[Sequence[str]]
    article: Sequence[str]
    publisher: Sequence[str]
    published_on: Sequence[str]
    coder: Sequence[str]

    def __len__(self) -> int:
        return len(self.id)
