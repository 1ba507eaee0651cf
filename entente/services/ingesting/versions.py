"""Versions of articles: tell a changed one from the same article, and from a notice that takes the article back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from entente.relations.publishers import Publishers
from entente.services.articles import Article, ArticleDraft
from entente.services.ports.ledger import UnitOfWork
from entente.services.ports.proposals import Proposal
from entente.services.ports.system import IdMaker
from entente.services.ports.wording import RetractionNotice, Wording

#: How far ahead of ours a sender's clock may be, or its local time that is sent as UTC.
_CLOCKS_AHEAD = timedelta(days=1)

#: Least length of a word that tells what a text is about, share of the shorter text's such words that two versions have
#: in common, and number of them from which that share says something without the titles.
_LONG_WORD, _IN_COMMON, _ENOUGH_WORDS = 4, 0.2, 40


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a text is to the articles of the ledger.

    `same_as`: the article that it repeats; `supersedes`: the one that it is a later version of; `taken_back`: those
    whose retraction its notice proposes.
    """

    same_as: str | None = None
    supersedes: str | None = None
    taken_back: Sequence[str] = ()
    notice: RetractionNotice | None = None


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """An article as it was stored, or the one that it repeats (not `created`). `proposed`: articles to be retracted."""

    id: str
    created: bool
    proposed: Sequence[str] = ()


class Versions:
    """Store articles as new ones, as later versions, or not at all because the ledger has them.

    A version is later than another if its publisher printed it under the same address, or `known` says so, and its
    words differ (see Wording.story). A text that is about something else is an article of its own: some senders give
    one address to everything. So is a notice that the article is taken back: an analyst decides on that.
    """

    def __init__(self, wording: Wording, publishers: Publishers, new_id: IdMaker) -> None:
        self._wording = wording
        self._publishers = publishers
        self._new_id = new_id

    def lock(self, unit: UnitOfWork, drafts: Iterable[ArticleDraft]) -> None:
        """Lock the addresses of several drafts before they are added, in one order: units don't wait for each other."""
        told = [addresses(draft.url) for draft in drafts if draft.text is not None and draft.url]
        for first in sorted({ways[0] for ways in told if ways}):
            unit.articles.lock_address(first)

    def dated(self, draft: ArticleDraft, at: datetime) -> ArticleDraft:
        """A draft as received at a moment, with its day of publication made good where it can be.

        A date later than tomorrow is replaced by the moment, as a feed's is. Without a date, or with such a one, the
        article has that of its dateline if it gives one in full ("OSLO, May 28, 2024 –").
        """
        if draft.published_at and draft.published_at > at + _CLOCKS_AHEAD:
            draft = replace(draft, published_at=at, published_on=None, date_problem="future")
        if draft.text is None or (draft.published_at is not None and draft.date_problem != "future"):
            return draft
        day = self._wording.dateline(draft.text, at.date())
        if day is None:
            return draft
        return replace(draft, published_at=datetime.combine(day, time(), UTC), published_on=day, date_problem=None)

    def add(
        self, unit: UnitOfWork, draft: ArticleDraft, content_hash: str, at: datetime, known: str | None = None
    ) -> StoredVersion:
        """Store an article. `known`: the article that this is a version of, whatever its address.

        Without a text it is judged when its page has been fetched.
        """
        id = self._new_id()
        draft = self.dated(draft, at)
        if draft.text is None:
            return StoredVersion(*unit.articles.add(draft, content_hash, id, at, known))
        judged = self.judge(unit, draft, known)
        if judged.same_as:
            return StoredVersion(judged.same_as, created=False)
        stored, created = unit.articles.add(draft, content_hash, id, at, judged.supersedes)
        return StoredVersion(stored, created, self.propose(unit, id, judged, at) if created else ())

    def judge(self, unit: UnitOfWork, draft: ArticleDraft, known: str | None = None) -> Judgement:
        """What a draft with a text is. Locks the article that it is a version of."""
        others = self._others(unit, draft, known)
        for other in others:
            if self._is_same(draft, other):
                return Judgement(same_as=other.id)
        notice = self._wording.retraction(draft.text or "", draft.title)
        if notice and notice.is_own:
            return Judgement(taken_back=self._named(unit, notice, others), notice=notice)
        named = self._named(unit, notice, ()) if notice else ()
        story = next((other for other in others if self._is_story(draft, other)), None)
        last = unit.articles.last_version(story.id) if story else None
        if last and self._is_same(draft, last):
            # Came at the same moment as this one.
            return Judgement(same_as=last.id)
        return Judgement(supersedes=last.id if last else None, taken_back=named, notice=notice)

    def propose(self, unit: UnitOfWork, notice_id: str, judged: Judgement, at: datetime) -> list[str]:
        """Propose the retraction of what a stored notice takes back; the ids of the articles."""
        sentence = judged.notice.sentence if judged.notice else ""
        return [
            id
            for id in judged.taken_back
            if id != notice_id and unit.proposals.add(Proposal(self._new_id(), id, notice_id, sentence, "open", at))
        ]

    def _others(self, unit: UnitOfWork, draft: ArticleDraft, known: str | None) -> list[Article]:
        """The last versions with a text: of `known`, and of what was printed under this address, newest first."""
        urls = addresses(draft.url) if draft.url else []
        if urls:
            # Before any article is locked: two versions that come at once follow each other.
            unit.articles.lock_address(urls[0])
        last = unit.articles.last_version(known) if known is not None else None
        publisher = self._publishers.identity(draft.publisher)
        found = unit.articles.current_at(urls) if urls else []
        own = [other for other in found if self._publishers.identity(other.publisher) == publisher]
        if last is None or last.text is None:
            return own
        return [last, *(other for other in own if other.id != last.id)]

    def _named(self, unit: UnitOfWork, notice: RetractionNotice, others: Sequence[Article]) -> list[str]:
        """Ids of the articles that a notice takes back: those of its own address, else those that it names."""
        found = [other for other in others if not self._is_notice(other)]
        if not found:
            urls = [address for url in notice.urls for address in addresses(url)]
            found = unit.articles.current_at(urls) if urls else []
            found += unit.articles.titled(notice.titles) if notice.titles else []
        return list(dict.fromkeys(a.id for a in found if a.status != "retracted" and not self._is_notice(a)))

    def _is_notice(self, article: Article) -> bool:
        notice = self._wording.retraction(article.text or "", article.title)
        return notice is not None and notice.is_own

    def _is_same(self, draft: ArticleDraft, other: Article) -> bool:
        """Whether they say the same, word for word. A title counts where both have one."""
        titled = draft.title and other.title
        one = self._wording.story(draft.text or "", draft.title if titled else None)
        return one == self._wording.story(other.text or "", other.title if titled else None)

    def _is_story(self, draft: ArticleDraft, other: Article) -> bool:
        """Whether they are versions of one story, rather than two that share an address."""
        if self._is_notice(other):
            return False
        one, two = (
            {word for word in self._wording.story(text or "", None) if len(word) >= _LONG_WORD}
            for text in (draft.text, other.text)
        )
        fewer = min(len(one), len(two))
        if len(one & two) >= _IN_COMMON * fewer:
            return True
        heads = [{w for w in self._wording.story(t, None) if len(w) >= _LONG_WORD} for t in _titles(draft, other)]
        return bool(heads[0] & heads[1]) if heads else fewer < _ENOUGH_WORDS


def _titles(draft: ArticleDraft, other: Article) -> tuple[str, ...]:
    return (draft.title, other.title) if draft.title and other.title else ()


def addresses(url: str) -> list[str]:
    """The ways in which the address of an article is written, the same one first; none for that of a home page."""
    try:
        parts = urlsplit(url)._replace(fragment="")
    except ValueError:
        return [url]
    if parts.path in ("", "/") and not parts.query:
        return []
    path = parts.path.rstrip("/")
    ways = {
        parts._replace(scheme=scheme, path=ending).geturl()
        for scheme in (("http", "https") if parts.scheme in ("http", "https") else (parts.scheme,))
        for ending in (path, f"{path}/")
    }
    return [*sorted(ways), *({url} - ways)]
