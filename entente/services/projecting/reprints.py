"""Keep reprint groups as articles come and go, within one unit of work.

The stored groups are those of the articles that report events, whatever the order in which these came. An article that
comes joins every group that has its like. Where one leaves, what is left of its group is grouped anew.
"""

from collections.abc import Collection, Iterable, Mapping, Set
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from entente.relations.grouping.reprints import (
    Print,
    alike,
    bands,
    first_of,
    first_prints,
    grouped,
    runs,
    runs_in_words,
)
from entente.relations.publishers import Publishers
from entente.services.articles import Article
from entente.services.ports.ledger import UnitOfWork
from entente.services.ports.reprints import ReprintIndex


class Likeness:
    """Which articles print the text of one, remembered: neither text changes while the article is coded.

    Looking for them before a unit of work writes leaves little to compare while it holds its locks.
    """

    def __init__(self, article: Article) -> None:
        self.print = Print(
            article.id, article.publisher, article.published_on, article.published_at, article.content_hash
        )
        #: The first print that the article has kept of an earlier group, if any.
        self.kept = article.reprint_of
        text = article.text or ""
        self._runs = runs_in_words(text)
        self.bands = bands(runs(text))
        self._known: dict[str, bool] = {}

    def joined(self, index: ReprintIndex, without: Collection[str] = ()) -> list[str]:
        """The first prints of the groups that have an article like this one, those of `without` left out."""
        found = groupby(index.near(self.print, self.bands), key=itemgetter(1))
        groups = {first: [id for id, _ in members if id not in without] for first, members in found}
        joined: set[str] = set()
        # One member of every group at a time: most groups are told by their first.
        for place in range(max(map(len, groups.values()), default=0)):
            members = {first: ids[place] for first, ids in groups.items() if place < len(ids)}
            self._compare(index, members.values())
            joined |= {first for first, id in members.items() if self._known[id]}
            groups = {first: ids for first, ids in groups.items() if first not in joined}
        return sorted(joined)

    def _compare(self, index: ReprintIndex, ids: Iterable[str]) -> None:
        """Compare these articles with this one, but for those that were already."""
        if new := [id for id in ids if id not in self._known]:
            self._known |= {id: alike(self._runs, runs_in_words(text)) for id, text in index.texts(new).items()}


class ReprintGroups:
    """Changes of groups in a unit of work. Both methods return the new first print of every article that has one.

    Call them before dyads are locked and before mentions change.
    """

    def __init__(self, unit: UnitOfWork) -> None:
        self._index = unit.reprints

    def enter(self, likeness: Likeness, in_place_of: Collection[str] = ()) -> Mapping[str, Print]:
        """Take in an article, which will report events from now on, and take out those whose place it takes."""
        id = likeness.print.id
        self._index.lock_bands(likeness.bands)
        self._index.note(id, likeness.bands)
        # After the bands' lock, as in every unit of work.
        left = self.leave(in_place_of) if in_place_of else {}
        joined = likeness.joined(self._index, in_place_of)
        if joined:
            # Another unit of work may have changed these groups before the lock was taken.
            self._index.lock()
            joined = likeness.joined(self._index, in_place_of)
        members = {first: self._index.group(first) for first in joined}
        first = first_of([likeness.print, *(first_of(group) for group in members.values())])
        moved = {id: first} if first.id != id or likeness.kept else {}
        for before, group in members.items():
            if before != first.id:
                moved |= {member.id: first for member in group}
        self._assign(moved)
        return {**left, id: first, **moved}

    def leave(self, ids: Collection[str]) -> Mapping[str, Print]:
        """Take out articles, which will report no event any more."""
        self._index.lock()
        firsts = {id: self._index.first(id) for id in ids}
        left = [self._index.group(first) for first in {first for first in firsts.values() if first}]
        rest = [[member for member in group if member.id not in ids] for group in left]
        self._index.assign({id: None for id, first in firsts.items() if first})
        return self._regroup(group for group in rest if group)

    def repair(self, ids: Iterable[str]) -> Mapping[str, Print]:
        """Group these articles anew, with all that are grouped with them now."""
        self._index.lock()
        firsts = {first for id in ids if (first := self._index.first(id))}
        found = {member.id: member for first in firsts for member in self._index.group(first)}
        for member in found.values():
            self._index.note(member.id, bands(self._runs(member.id)))
        return self._regroup([list(found.values())])

    def _regroup(self, parts: Iterable[list[Print]]) -> Mapping[str, Print]:
        """Group each of these sets of articles by itself."""
        changed: dict[str, Print] = {}
        for part in parts:
            for id, first in first_prints(grouped(part, self._runs)).items():
                if first.id != self._index.first(id):
                    changed[id] = first
        self._assign(changed)
        return changed

    def _assign(self, changed: Mapping[str, Print]) -> None:
        self._index.assign({id: first.id for id, first in changed.items()})

    def _runs(self, id: str) -> Set[int]:
        return runs(self._index.text(id))


def credit(unit: UnitOfWork, publishers: Publishers, firsts: Mapping[str, Print], at: datetime) -> None:
    """Let the mentions of these articles count for the owners of their first prints."""
    for id, first in sorted(firsts.items()):
        unit.mentions.credit(id, publishers.owner_of(first.publisher), first.id if first.id != id else None, at)
