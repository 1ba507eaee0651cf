"""Port: mentions, append-only."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from entente.relations.dyads import Dyad
from entente.relations.events import CodedEvent, Mention
from entente.relations.grouping.group import Key
from entente.relations.grouping.regroup import KeyHistory
from entente.relations.periods import Period
from entente.services.articles import Article


class MentionLog(Protocol):
    """The ledger's mentions. Nothing is deleted: recodes, retractions and withdrawals retire them."""

    def record(
        self,
        article: Article,
        events: Sequence[CodedEvent],
        coder_version: str,
        recorded_at: datetime,
        owner: str = "",
        reprint_of: str | None = None,
    ) -> None:
        """Record an article's events. `owner` "": the publisher; the other two as of a Mention."""

    def credit(self, article_id: str, owner: str, reprint_of: str | None, at: datetime) -> None:
        """Let an article's live mentions count for this owner and first print from now on.

        They are retired and stored again, so that `known_at` before finds them as they counted then.
        """

    def own(self, dyad: Dyad, owner_of: Callable[[str], str]) -> None:
        """Set the owner of a dyad's mentions, retired ones too, from the publishers of their first prints."""

    def owners(self) -> Sequence[tuple[str, str]]:
        """Every (publisher of a first print, owner) of live mentions."""

    def by_coders_beside(self, coders: Collection[str], kinds: Collection[tuple[str, str]]) -> Mapping[str, int]:
        """Live mentions of these (act, status) by other coders than these, by coder version; no assertions."""

    def retire(self, article_id: str, at: datetime) -> set[Dyad]:
        """Retire an article's live mentions; the dyads that they touched."""

    def any_of(self, dyad: Dyad) -> bool:
        """True if the dyad has or had a mention."""

    def of_dyad(self, dyad: Dyad, known_at: datetime | None = None, published_by: date | None = None) -> list[Mention]:
        """Live mentions of a dyad, or with `known_at` those recorded by then and not yet retired then.

        With `published_by` only those of articles that were published by that day.
        """

    def retire_some(self, ids: Sequence[str], at: datetime) -> set[Dyad]:
        """Retire these live mentions; the dyads that they touched."""

    def by_key(self, dyad: Dyad) -> Iterator[list[Mention]]:
        """Yield the live mentions of a dyad, one key at a time, to bound memory."""

    def of_article(self, article_id: str) -> list[Mention]:
        """An article's live mentions."""

    def dyads_of(self, article_id: str) -> set[Dyad]:
        """The dyads that an article's live mentions touch."""

    def dates_of(self, article_ids: Collection[str]) -> Mapping[Key, set[Period | None]]:
        """Dates of all mentions of these articles, including retired ones, by key. Negated ones are left out."""

    def histories(self, near: Mapping[Key, Collection[Period | None]]) -> Mapping[Key, KeyHistory]:
        """The histories of these keys, for regrouping. `near`: the dates that most queries of a key concern."""
