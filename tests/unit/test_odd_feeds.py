"""Feeds as they really come, read by the reader alone."""

import time
from urllib.parse import urljoin

import pytest

from entente.services.ports.fetching import Fetched, FetchFailed
from entente.web.feeds import FeedFiles
from tests.odd_feeds import BROKEN, DATES, SERVED, STANDARDS, TEXTS, WHOLE_HTML, Odd, encoded, item, rss

FEED = "https://news.example/world/feed"


def fetched(body: bytes, kind: str | None = "application/rss+xml") -> Fetched:
    media_type, _, rest = (kind or "").partition(";")
    return Fetched(FEED, media_type, body, rest.partition("=")[2] or None)


@pytest.mark.parametrize("odd", SERVED + STANDARDS + TEXTS + DATES + BROKEN, ids=lambda odd: odd.name)
def test_an_odd_feed_is_read(odd: Odd) -> None:
    document = FeedFiles().read(fetched(odd.body, odd.kind))
    found = document.entries

    assert [entry.url for entry in found] == [path and urljoin(FEED, path) for path in odd.paths]
    for expected, values in (
        (odd.titles, [entry.title for entry in found]),
        (odd.dates, [entry.published_at for entry in found]),
        (odd.texts, [entry.text for entry in found]),
        (odd.whole, [entry.whole for entry in found]),
    ):
        assert expected is None or values == expected
    assert document.n_skipped == odd.skipped


DECLARING = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the answer is empty"),
        (b"  \n", "the answer is empty"),
        (DECLARING.encode(), "a document type with declarations"),
        (DECLARING.encode("utf-16"), "a document type with declarations"),
        (b"<!-- x -->" + DECLARING.encode("utf-16-le"), "a document type with declarations"),
        (b"{", "the JSON can't be read"),
        (b"[]", "`version` does not name jsonfeed.org"),
        (b'{"version": 1, "items": []}', "`version` does not name jsonfeed.org"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "`items` of the JSON feed is not a list"),
        (b"<html><body>No feed</body></html>", "`url` must be a feed's address"),
        (b"Just a text", "`url` must be a feed's address"),
        (b"\x89PNG\r\n\x1a\n\0\0", "`url` must be a feed's address"),
    ],
)
def test_what_is_no_feed_says_what_is_wrong_with_it(body: bytes, reason: str) -> None:
    with pytest.raises(FetchFailed, match=reason):
        FeedFiles().read(fetched(body))


@pytest.mark.parametrize("head", ["<!DOCTYPE html>", "<!-- x --><!doctype HTML>", "<?xml version='1.0'?>", ""])
def test_a_page_names_its_feeds_those_of_comments_last(head: str) -> None:
    page = f"""{head}<html><head><title>News</title><base href="/en/">
    <link rel="alternate" type="application/rss+xml" title="Comments" href="comments.xml">
    <link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="news.atom">
    <link rel="alternate" hreflang="fr" href="/fr/"><link rel="alternate" type="application/rss+xml" href="ftp://x/y">
    </head><body>Some news</body></html>"""

    document = FeedFiles().read(fetched(page.encode(), "text/html"))

    assert document.named_feeds == ("https://news.example/en/news.atom", "https://news.example/en/comments.xml")
    assert document.entries == ()


def test_many_items_with_texts_and_unreadable_dates_are_read_in_time() -> None:
    """A parser has ten seconds for a document."""
    many = "".join(
        item(encoded(WHOLE_HTML * 20) + f"<pubDate>{n} times in 12 months</pubDate>", f"{n}") for n in range(500)
    )
    began = time.process_time()

    assert len(FeedFiles().read(fetched(rss(many))).entries) == 500
    assert time.process_time() - began < 8
