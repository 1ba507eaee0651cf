"""Items of a feed: which are new, which have changed, and the articles that are made of the new ones."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from entente.services.articles import ArticleDraft, published
from entente.services.ingesting.ingest import content_hash
from entente.services.ingesting.versions import Versions
from entente.services.ports.feeds import Feed, FeedItem
from entente.services.ports.fetching import FeedEntry
from entente.services.ports.ledger import UnitOfWork

#: Seconds between fetching two pages of one host that one poll found.
POLITE_SECONDS = 3.0

#: Parameters of an address that say where a reader comes from: the page is the same without them.
_CAMPAIGN = ("utm_", "at_medium", "at_campaign", "xtor", "fbclid", "gclid", "ns_", "cmpid")


@dataclass(frozen=True, slots=True)
class TakenItems:
    """What a poll brought: new articles (id, publisher), those to code or fetch now, and known ones that changed.

    `proposed`: articles that a new one takes back, each with the new one's id.
    """

    new: list[tuple[str, str]] = field(default_factory=list)
    proposed: list[tuple[str, str]] = field(default_factory=list)
    to_code: list[str] = field(default_factory=list)
    to_fetch: list[str] = field(default_factory=list)
    changed: list[tuple[str, ArticleDraft, FeedItem]] = field(default_factory=list)


def take(unit: UnitOfWork, feed: Feed, entries: Sequence[FeedEntry], now: datetime, versions: Versions) -> TakenItems:
    """Store the new items as articles, and what is new of known ones; fetches of one host are POLITE_SECONDS apart.

    An item is known by its id in this feed, or in any feed by the address of its page.
    """
    found = _once(feed, entries)
    known = unit.feeds.items(feed.id, [item.item for item, _ in found], [item.page for item, _ in found if item.page])
    items = {item.item: item for item in known if item.feed_id == feed.id}
    pages = {item.page: item for item in known}
    # A page of the feed itself goes before the same page in another feed.
    pages |= {item.page: item for item in items.values()}
    # A feed from before its items were remembered: what was taken then has no row yet.
    earlier = unit.articles.at([e.url for e in entries if e.url]) if feed.n_articles and not known else {}
    rendered = _are_rendered(found, items)
    taken = TakenItems()
    waiting: dict[str, int] = {}
    told_of: set[str] = set()
    drafts = [_draft(feed, entry, now) for _, entry in found]
    versions.lock(unit, drafts)
    for (item, entry), draft in zip(found, drafts, strict=True):
        before = items.get(item.item) or (pages.get(item.page) if item.page else None)
        if before is None:
            article = earlier.get(entry.url or "") or _store(unit, draft, now, versions, taken, waiting)
            kept = replace(item, article_id=article)
            # Its page, if further items name it, has not changed since it was taken just now.
            told_of.add(article)
        else:
            kept = replace(item, article_id=before.article_id)
            changed = before.feed_id == feed.id and _has_changed(before, item, by_date=not rendered)
            if changed and before.article_id not in told_of:
                taken.changed.append((before.article_id, draft, kept))
                told_of.add(before.article_id)
                continue
        if kept != before:
            unit.feeds.keep_item(kept)
        items[kept.item] = kept
        if kept.page:
            pages[kept.page] = kept
    return taken


def _once(feed: Feed, entries: Iterable[FeedEntry]) -> list[tuple[FeedItem, FeedEntry]]:
    """The entries as items. One that the document has twice counts as it is there first."""
    found: dict[str, tuple[FeedItem, FeedEntry]] = {}
    for entry in entries:
        item = _seen(feed, entry)
        found.setdefault(item.item, (item, entry))
    return list(found.values())


def _seen(feed: Feed, entry: FeedEntry) -> FeedItem:
    """The entry as an item, of an article that is not known yet."""
    page = same_page(entry.url) if entry.url else None
    content = json.dumps([entry.title, entry.text])
    dates = [moment for moment in (entry.published_at, entry.updated_at) if moment]
    return FeedItem(
        feed.id,
        _digest(entry.id or page or content),
        _digest(page) if page else None,
        _digest(content),
        max(dates, default=None),
        "",
        None if entry.whole else entry.text,
    )


def _draft(feed: Feed, entry: FeedEntry, now: datetime) -> ArticleDraft:
    host = urlsplit(entry.url or feed.address).hostname
    published_at, problem = published(entry.published_at, now)
    text = entry.text if entry.whole else None
    return ArticleDraft(feed.publisher or host or "unknown", text, entry.url, entry.title, None, published_at, problem)


def _store(
    unit: UnitOfWork, draft: ArticleDraft, now: datetime, versions: Versions, taken: TakenItems, waiting: dict[str, int]
) -> str:
    stored = versions.add(unit, draft, content_hash(draft), now)
    id = stored.id
    if not stored.created:
        return id
    taken.new.append((id, draft.publisher))
    taken.proposed.extend((proposed, id) for proposed in stored.proposed)
    if draft.text is not None:
        taken.to_code.append(id)
        return id
    host = urlsplit(draft.url or "").hostname or ""
    turn = waiting.get(host, 0)
    waiting[host] = turn + 1
    if turn:
        unit.articles.delay(id, now + timedelta(seconds=POLITE_SECONDS * turn))
    else:
        taken.to_fetch.append(id)
    return id


def _has_changed(before: FeedItem, now: FeedItem, *, by_date: bool) -> bool:
    return before.fingerprint != now.fingerprint or (by_date and _is_newer(before, now))


def _is_newer(before: FeedItem, now: FeedItem) -> bool:
    return now.dated_at is not None and before.dated_at is not None and now.dated_at > before.dated_at


def _are_rendered(found: Iterable[tuple[FeedItem, FeedEntry]], items: dict[str, FeedItem]) -> bool:
    """True if the dates are the feed's, not its items': most known ones have a newer one and nothing else new."""
    known = [(items[item.item], item) for item, _ in found if item.item in items]
    newer = sum(before.fingerprint == now.fingerprint and _is_newer(before, now) for before, now in known)
    return newer > max(1, len(known) // 2)


def same_page(url: str) -> str:
    """The address without what only says where a reader comes from."""
    parts = urlsplit(url)
    given = parse_qsl(parts.query, keep_blank_values=True)
    asked = [(name, value) for name, value in given if not name.lower().startswith(_CAMPAIGN)]
    query = urlencode(asked) if len(asked) < len(given) else parts.query
    fragment = "" if parts.fragment.lower().startswith(_CAMPAIGN) else parts.fragment
    return parts._replace(scheme="", netloc=parts.netloc.lower(), query=query, fragment=fragment).geturl()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
