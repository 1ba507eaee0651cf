"""Items of RSS, Atom and JSON feeds as entries. An item that can't be read hurts no other."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
from lxml import etree

from entente.services.addresses import has_login
from entente.services.ports.fetching import FeedDocument, FeedEntry, Fetched, FetchFailed
from entente.web.feed_dates import FeedDates
from entente.web.feed_texts import item_text, plain_title

#: Most entries taken from one feed document.
MAX_ENTRIES = 500

#: Most characters of an entry's URL, and of its id; longer URLs are dropped, longer ids cut.
MAX_URL = 2048

_ITEM_TAG = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")

_Item = Mapping[str, Any]

#: Fields of an item, in order, that say when it was published and when it was changed.
_PUBLISHED = ("published", "created", "date_published")
_UPDATED = ("updated", "date_modified")


def xml_document(answer: Fetched) -> FeedDocument | None:
    """The items of RSS 0.90 to 2.0, RDF or Atom; None if it is none of them."""
    parsed = _parsed(answer, answer.body, _xml_type(answer))
    if parsed.bozo and len(parsed.entries) < len(_ITEM_TAG.findall(answer.body)):
        # A tag that is not closed takes the rest of the items with it; libxml2 closes it where its parent ends.
        mended = _mended(answer.body)
        again = _parsed(answer, mended, "application/xml; charset=utf-8") if mended else parsed
        parsed = again if len(again.entries) > len(parsed.entries) else parsed
    if not parsed.get("version") and not parsed.entries:
        return None
    items = [dict(item) for item in parsed.entries]
    return _document(answer.url, items, _xml_entry, parsed.feed.get("language"))


def _parsed(answer: Fetched, body: bytes, content_type: str) -> Any:
    # As a file object: feedparser would take plain bytes for a file name on this machine, and read that file.
    return feedparser.parse(
        BytesIO(body),
        # As XML, whatever the server calls it: feedparser takes `text/…` without a character set for ASCII.
        response_headers={"content-type": content_type, "content-location": answer.url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _mended(body: bytes) -> bytes | None:
    """The document as well-formed XML in UTF-8, as far as libxml2 can make it so."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, load_dtd=False, no_network=True)
    with suppress(etree.LxmlError, ValueError):
        tree = etree.fromstring(body.lstrip(), parser)
        return etree.tostring(tree, encoding="utf-8") if tree is not None else None
    return None


def json_document(answer: Fetched) -> FeedDocument:
    """The items of a JSON feed. Raises FetchFailed, which names the member that is wrong."""
    try:
        feed = json.loads(answer.body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise FetchFailed("the JSON can't be read; check it with a JSON validator") from None
    version = feed.get("version") if isinstance(feed, Mapping) else None
    if not isinstance(version, str) or "jsonfeed.org" not in version:
        raise FetchFailed("`version` does not name jsonfeed.org: JSON of another kind is not read as a feed")
    items = feed.get("items")
    if not isinstance(items, list):
        raise FetchFailed("`items` of the JSON feed is not a list")
    return _document(answer.url, items, _json_entry, feed.get("language"))


def _document(base: str, items: Sequence[Any], convert: Any, language: object) -> FeedDocument:
    dates = FeedDates(_dates(items), language if isinstance(language, str) else None)
    entries: list[FeedEntry] = []
    n_skipped = 0
    for item in items[:MAX_ENTRIES]:
        entry = None
        # Whatever is wrong with one item, the others are read.
        with suppress(ValueError, TypeError, AttributeError, KeyError, RecursionError):
            entry = convert(base, item, dates)
        if entry is None:
            n_skipped += 1
        else:
            entries.append(entry)
    return FeedDocument(_told_apart(entries), n_skipped=n_skipped)


def _xml_entry(base: str, item: _Item, dates: FeedDates) -> FeedEntry | None:
    contents = [part["value"] for part in item.get("content", ()) if isinstance(part.get("value"), str)]
    # Where there is no summary, feedparser gives the content as one, without its details.
    text = item_text(contents, item.get("summary") if "summary_detail" in item else None)
    links = [item.get("link"), *(link.get("href") for link in item.get("links", ()) if link.get("rel") == "alternate")]
    return _entry(base, item, links, text, dates)


def _json_entry(base: str, item: Any, dates: FeedDates) -> FeedEntry | None:
    if not isinstance(item, Mapping):
        return None
    contents = [part for name in ("content_html", "content_text") if isinstance(part := item.get(name), str)]
    text = item_text(contents, item.get("summary") if isinstance(item.get("summary"), str) else None)
    return _entry(base, item, [item.get("url"), item.get("external_url")], text, dates)


def _entry(base: str, item: _Item, links: Iterable[object], text: Any, dates: FeedDates) -> FeedEntry | None:
    """The entry, None if it has neither an address nor a whole text."""
    id = item.get("id")
    # Of ids, only whole addresses are taken for one: RSS calls every guid an address that does not say otherwise.
    named = [id] if isinstance(id, str) and id.strip().startswith(("http://", "https://")) else []
    url = next((there for link in (*links, *named) if (there := _address(base, link))), None)
    if url is None and (text is None or not text.whole):
        return None
    title = item.get("title")
    published, updated = (_first_date(item, names, dates) for names in (_PUBLISHED, _UPDATED))
    return FeedEntry(
        url,
        _storable(found) if isinstance(title, str) and (found := plain_title(title)) else None,
        published or updated,
        _storable(text.text) if text else None,
        id=_storable(str(id).strip())[:MAX_URL] or None if isinstance(id, str | int) else None,
        updated_at=updated,
        whole=text is not None and text.whole,
    )


def _told_apart(entries: Sequence[FeedEntry]) -> tuple[FeedEntry, ...]:
    """The entries, without ids that are no ids, and without an address that is none of their own.

    An id is none if entries of different addresses have it. Several entries may name one page, such as the home page:
    those with a whole text go without it.
    """
    urls: dict[str | None, set[str | None]] = {}
    for entry in entries:
        urls.setdefault(entry.id, set()).add(entry.url)
    named = [replace(entry, id=None) if len(urls[entry.id]) > 1 else entry for entry in entries]
    ids: dict[str | None, set[str | None]] = {}
    for entry in named:
        ids.setdefault(entry.url, set()).add(entry.id)
    return tuple(
        replace(entry, url=None) if entry.whole and entry.id and len(ids[entry.url]) > 1 else entry for entry in named
    )


def _dates(items: Iterable[Any]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Mapping):
            yield from (value for name in (*_PUBLISHED, *_UPDATED) if isinstance(value := item.get(name), str))


def _first_date(item: _Item, names: Sequence[str], dates: FeedDates) -> Any:
    return next((moment for name in names if (moment := dates.moment(item.get(name)))), None)


def _xml_type(answer: Fetched) -> str:
    """The content type for feedparser. What the document says of its encoding is right more often than its server."""
    declared = b"encoding" in answer.body[:200].partition(b"?>")[0]
    return f"application/xml; charset={answer.charset}" if answer.charset and not declared else "application/xml"


def _storable(text: str) -> str:
    """The text with NUL and lone surrogates replaced, which the ledger can't store."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _address(base: str, link: object) -> str | None:
    """The absolute http or https URL of a link, None if it is none that can be fetched."""
    if not isinstance(link, str) or not link.strip():
        return None
    with suppress(ValueError):
        url = urljoin(base, link.strip())
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not has_login(url)
        return url if usable and len(url) <= MAX_URL and url == _storable(url) else None
    return None
