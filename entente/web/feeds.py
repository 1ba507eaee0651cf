"""The FeedReader port: RSS and Atom with feedparser, JSON Feed with json."""

import json
from calendar import timegm
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from entente.services.addresses import has_login
from entente.services.ports.fetching import FeedEntry, Fetched, FetchFailed

#: Most entries taken from one feed document.
MAX_ENTRIES = 500

#: Most characters of an entry's URL; entries with longer ones are dropped.
MAX_URL = 2048

#: Plausible years of an entry's date (UTC); other dates are ignored.
_YEARS = range(1600, 2200)


class FeedFiles:
    """Parses RSS, Atom and JSON Feed."""

    def entries(self, answer: Fetched) -> list[FeedEntry]:
        """The entries with a usable URL, at most MAX_ENTRIES. Raises FetchFailed if it is not a feed."""
        found = list(_of_json(answer) if "json" in answer.media_type else _of_xml(answer))
        return [entry for entry in found if _has_address(entry)][:MAX_ENTRIES]


def _of_xml(answer: Fetched) -> Iterator[FeedEntry]:
    # Entity expansion attacks need a document type, and feeds don't.
    if b"<!DOCTYPE" in answer.body[:4096].upper() or b"<!ENTITY" in answer.body.upper():
        raise FetchFailed("a feed with a document type is not read", final=True)
    # As a file object: feedparser would take plain bytes for a file name on this machine, and read that file.
    parsed = feedparser.parse(
        BytesIO(answer.body), response_headers={"content-type": answer.media_type}, sanitize_html=True
    )
    if not parsed.version:
        raise FetchFailed("it is neither RSS nor Atom nor a JSON feed")
    for item in parsed.entries:
        moment = item.get("published_parsed") or item.get("updated_parsed")
        published = None
        with suppress(ValueError, TypeError, OverflowError, OSError):
            published = _plausible(datetime.fromtimestamp(timegm(moment), UTC)) if moment else None
        yield FeedEntry(_address(answer.url, item.get("link") or ""), _text(item, "title"), published)


def _of_json(answer: Fetched) -> Iterator[FeedEntry]:
    try:
        feed = json.loads(answer.body)
        items = feed["items"] if "jsonfeed.org" in feed["version"] else None
    except (ValueError, KeyError, TypeError, RecursionError):
        items = None
    if not isinstance(items, list):
        raise FetchFailed("it is neither RSS nor Atom nor a JSON feed")
    for item in items:
        if isinstance(item, Mapping) and isinstance(item.get("url"), str):
            yield FeedEntry(
                _address(answer.url, item["url"]),
                _text(item, "title"),
                _moment(item.get("date_published")),
                _text(item, "content_text"),
            )


def _text(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    return _storable(value) if isinstance(value, str) and value.strip() else None


def _storable(text: str) -> str:
    """The text with NUL and lone surrogates replaced, which the ledger can't store."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _address(base: str, link: str) -> str:
    """The absolute URL of a link, "" if it is malformed."""
    with suppress(ValueError):
        return urljoin(base, link)
    return ""


def _has_address(entry: FeedEntry) -> bool:
    with suppress(ValueError):
        parts = urlsplit(entry.url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not has_login(entry.url)
        return bool(usable) and len(entry.url) <= MAX_URL and entry.url == _storable(entry.url)
    return False


def _plausible(moment: datetime) -> datetime | None:
    return moment if moment.year in _YEARS else None


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    with suppress(ValueError, OverflowError):
        found = datetime.fromisoformat(value)
        return _plausible(found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC))
    return None
