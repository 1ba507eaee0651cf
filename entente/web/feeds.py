"""The FeedReader port: RSS and Atom with feedparser, JSON Feed with json, and the feeds that an HTML page names.

What a document is, it shows itself: servers call feeds text/html, text/plain, application/octet-stream or nothing.
"""

import re
from contextlib import suppress
from urllib.parse import urljoin

import lxml.html
from lxml.etree import LxmlError

from entente.services.ports.fetching import FeedDocument, Fetched, FetchFailed
from entente.web.feed_items import json_document, xml_document

#: What may stand before the root element of XML: declaration, processing instructions, comments; then the doctype.
_PROLOG = re.compile(rb"(?:\s|\xef\xbb\xbf|\xfe\xff|\xff\xfe|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+(\w+)(?:\"[^\"]*\"|'[^']*'|[^\[>\"'])*(\[?)", re.IGNORECASE)

#: Media types by which a page's `<link rel="alternate">` names a feed.
_NAMED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")

#: Most feeds of a page that are given.
_MOST_NAMED = 20


class FeedFiles:
    """Reads RSS, Atom and JSON Feed, and finds the feeds that a page names."""

    def read(self, answer: Fetched) -> FeedDocument:
        """The items, at most MAX_ENTRIES, or the feeds that a page names. Raises FetchFailed if it has neither."""
        # UTF-16 and UTF-32 of ASCII characters are ASCII with NULs.
        start = answer.body.replace(b"\0", b"") if b"\0" in answer.body[:64] else answer.body
        prolog = _PROLOG.match(start)
        first = prolog.end() if prolog else 0
        if first == len(start):
            raise FetchFailed("the answer is empty")
        if start[first : first + 1] in (b"{", b"["):
            return json_document(answer)
        doctype = _DOCTYPE.match(start, first)
        if doctype and doctype[2]:
            # Entity expansion attacks need declarations of their own, and feeds don't.
            raise FetchFailed("a document type with declarations ([…]) is not read; the feed must leave them out")
        is_page = bool(doctype and doctype[1].lower() == b"html") or start[first : first + 5].lower() == b"<html"
        document = None if is_page else xml_document(answer)
        if document is not None:
            return document
        named = _named_feeds(answer)
        if not named:
            raise FetchFailed(
                "it is neither RSS nor Atom nor a JSON feed, and no page that names one; `url` must be a feed's address"
            )
        return FeedDocument((), named)


def _named_feeds(answer: Fetched) -> tuple[str, ...]:
    """The addresses by which a page names its feeds, those of comments last."""
    with suppress(LxmlError, ValueError):
        page = lxml.html.document_fromstring(answer.body)
        base = urljoin(answer.url, next(iter(page.xpath("//base/@href")), ""))
        links = [link for link in page.iterfind(".//link[@href]") if _names_a_feed(link)]
        links.sort(key=lambda link: "comment" in f"{link.get('title')} {link.get('href')}".lower())
        found = dict.fromkeys(urljoin(base, link.get("href", "").strip()) for link in links)
        return tuple(there for there in found if there.startswith(("http://", "https://")))[:_MOST_NAMED]
    return ()


def _names_a_feed(link: lxml.html.HtmlElement) -> bool:
    kind = link.get("type", "").partition(";")[0].strip().lower()
    return "alternate" in link.get("rel", "").lower().split() and kind in _NAMED_TYPES
