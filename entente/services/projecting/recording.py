"""Replace what an article reports within one unit of work, with all that depends on it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from entente.relations.dyads import Dyad
from entente.relations.events import CodedEvent
from entente.relations.grouping.reprints import Print
from entente.relations.states import Change
from entente.services.articles import Article
from entente.services.ports.ledger import UnitOfWork
from entente.services.projecting.projector import Projector
from entente.services.projecting.reprints import Likeness, ReprintGroups, credit


class Replacement:
    """The events that an article reports from now on, in place of those that it and its earlier versions report so far.

    Make it before the unit of work locks anything else: it locks the reprint groups that it may change. `versions`: the
    new versions of the dyads that `apply` derived.
    """

    def __init__(
        self,
        unit: UnitOfWork,
        projector: Projector,
        article: Article,
        events: Sequence[CodedEvent],
        likeness: Likeness | None = None,
        earlier: Sequence[str] = (),
        reason: str | None = None,
    ) -> None:
        """`likeness`: of this article, if its like has been looked for already.

        `earlier`: ids of versions that it supersedes; they report nothing any more. `reason`: of the changes, as of a
        RecordedChange; "corrected" where there are earlier versions.
        """
        self._unit = unit
        self._projector = projector
        self._article = article
        self._events = events
        self._earlier = earlier
        self._reason = "corrected" if earlier else reason
        #: What the article and its earlier versions reported so far.
        spoken = [mention.event for mention in unit.mentions.of_article(article.id)]
        self.gone = [*spoken, *(m.event for id in earlier for m in unit.mentions.of_article(id))]
        self._firsts = dict(self._regrouped(likeness, bool(spoken)))
        first = self._firsts.pop(article.id, None)
        kept = unit.reprints.first(article.id) if first is None and events else None
        self._first = first or (unit.reprints.print(kept) if kept else None)
        self.versions: Mapping[Dyad, int] = {}

    def _regrouped(self, likeness: Likeness | None, spoken: bool) -> Mapping[str, Print]:
        """The articles whose first print changes, with the new one. `spoken`: the article reports something already."""
        reprints = self._unit.reprints
        groups = ReprintGroups(self._unit)
        if self._events and not spoken:
            likeness = likeness or Likeness(self._article)
            return groups.enter(likeness, self._earlier)
        leaving = [*([] if self._events else [self._article.id]), *self._earlier]
        if self.gone:
            reprints.lock()
        return groups.leave(leaving) if self.gone and leaving else {}

    def apply(self, coder_version: str) -> tuple[list[Change], datetime]:
        """Retire the article's mentions, record the new ones, derive what they move; the changes, and when recorded."""
        unit, article, publishers = self._unit, self._article, self._projector.publishers
        with self._projector.session(unit, self._touched()) as projection:
            at = projection.at
            if self.gone:
                for id in (article.id, *self._earlier):
                    unit.mentions.retire(id, at)
            owner = publishers.owner_of(self._first.publisher if self._first else article.publisher)
            reprint_of = self._first.id if self._first and self._first.id != article.id else None
            unit.mentions.record(article, self._events, coder_version, at, owner, reprint_of)
            credit(unit, publishers, self._firsts, at)
            also = (*self._firsts, *self._earlier)
            version = self._earlier[0] if self._earlier else None
            changes = projection.fold(article.id, at, also, self._reason, version)
        self.versions = projection.versions
        return changes, at

    def _touched(self) -> set[Dyad]:
        """The dyads of old and new events of article and versions, and of articles whose first print changes."""
        old = (dyad for id in self._firsts for dyad in self._unit.mentions.dyads_of(id))
        return {*(event.dyad for event in (*self._events, *self.gone)), *old}
