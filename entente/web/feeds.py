"""The FeedReader port: RSS and Atom by feedparser, JSON Feed as JSON."""

import json
from calendar import timegm
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from entente.services.ports.fetching import FeedEntry, Fetched, FetchFailed

#: Items of one answer that are looked at.
MAX_ENTRIES = 500


class FeedFiles:
    """Reads feeds of the usual kinds."""

    def entries(self, answer: Fetched) -> list[FeedEntry]:
        """The items that have an address. Raises FetchFailed if it is no feed."""
        found = list(_of_json(answer) if "json" in answer.media_type else _of_xml(answer))
        return [entry for entry in found if urlsplit(entry.url).scheme in ("http", "https")][:MAX_ENTRIES]


def _of_xml(answer: Fetched) -> Iterator[FeedEntry]:
    # Entities that expand into one another need a document type; no feed has a use for one.
    if b"<!DOCTYPE" in answer.body[:4096].upper() or b"<!ENTITY" in answer.body.upper():
        raise FetchFailed("a feed with a document type is not read", final=True)
    parsed = feedparser.parse(answer.body, response_headers={"content-type": answer.media_type}, sanitize_html=True)
    if not parsed.version:
        raise FetchFailed("it is neither RSS nor Atom nor a JSON feed")
    for item in parsed.entries:
        moment = item.get("published_parsed") or item.get("updated_parsed")
        published = None
        with suppress(ValueError, TypeError):
            published = datetime.fromtimestamp(timegm(moment), UTC) if moment else None
        yield FeedEntry(urljoin(answer.url, item.get("link") or ""), item.get("title") or None, published)


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
                urljoin(answer.url, item["url"]),
                _text(item, "title"),
                _moment(item.get("date_published")),
                _text(item, "content_text"),
            )


def _text(item: Mapping[str, Any], name: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    with suppress(ValueError):
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return None
