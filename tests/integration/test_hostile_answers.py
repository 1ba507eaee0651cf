"""Malicious responses of servers: feeds, pages, headers and robots.txt."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from entente.services.errors import Invalid
from entente.services.ingesting.feeds import Feeds
from entente.services.ports.fetching import PAGE_TYPES, Fetched, FetchFailed
from entente.web import fetcher as fetching
from entente.web.feeds import FeedFiles
from entente.web.fetcher import GuardedFetcher, retry_at
from entente.web.pages import ArticlePages
from tests.integration.web_server import Site

FEED = "https://news.example/feed"
GOOD = "https://news.example/good"
RSS = '<rss version="2.0"><channel><title>x</title>{}</channel></rss>'
SENTENCE = b"Kenya recognised Kosovo on Tuesday, its foreign ministry said in a statement. "


def json_feed(*items: dict[str, str]) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [*items, {"url": GOOD}]}).encode()


def test_a_feed_that_names_a_file_of_this_machine_does_not_have_it_read(tmp_path: Path) -> None:
    inside = tmp_path / "inside.xml"
    inside.write_text(RSS.format(f"<item><link>{GOOD}</link></item>"))

    with pytest.raises(FetchFailed, match="neither RSS nor Atom"):
        FeedFiles().read(Fetched(FEED, "application/rss+xml", str(inside).encode()))


@pytest.mark.parametrize(
    "url", ["http://[", "http://a.example:99999/", "http://\ud800.example/", "http://?", "http://a.example/\0"]
)
def test_an_item_whose_address_cannot_be_read_hurts_no_other(url: str) -> None:
    found = FeedFiles().read(Fetched(FEED, "application/feed+json", json_feed({"url": url}))).entries

    assert [entry.url for entry in found] == [GOOD]


def test_an_rss_item_whose_address_cannot_be_read_hurts_no_other() -> None:
    body = RSS.format(f"<item><link>http://[</link></item><item><link>{GOOD}</link></item>").encode()

    assert [entry.url for entry in FeedFiles().read(Fetched(FEED, "text/xml", body)).entries] == [GOOD]


@pytest.mark.parametrize("day", ["9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00+10:00", "9998-01-01T00:00:00Z"])
def test_an_item_of_an_impossible_day_is_taken_without_it(day: str) -> None:
    odd = {"url": "https://news.example/odd", "date_published": day}
    found = FeedFiles().read(Fetched(FEED, "application/feed+json", json_feed(odd))).entries

    assert [entry.published_at for entry in found] == [None, None]


def test_an_item_with_half_a_character_and_nul_is_stored_without_them(site: Site, feeds: Feeds) -> None:
    odd = {"url": "https://news.example/odd", "title": "a\ud800b\0", "content_text": "c\udfffd\0"}
    feed = feeds.add(site.page("/feed", json_feed(odd), "application/feed+json"))

    assert feeds.poll(feed.id) == 2


def test_a_feed_at_an_address_that_cannot_be_read_is_refused(feeds: Feeds) -> None:
    with pytest.raises(Invalid, match="can be read"):
        feeds.add("http://[")


@pytest.mark.parametrize(
    "charset", ["idna", "undefined", "a\0b", "unicode_escape", "utf-7", "punycode", "raw_unicode_escape"]
)
def test_what_is_no_character_set_of_the_web_is_read_as_if_it_were_not_named(charset: str) -> None:
    body = SENTENCE * 3 + rb"\ud800 +2AA- end-"

    page = ArticlePages().page(Fetched(FEED, "text/plain", body, charset))

    assert page.text == body.decode()


def test_a_page_with_nul_characters_is_read_without_them() -> None:
    page = ArticlePages().page(Fetched(FEED, "text/plain", SENTENCE * 3 + b"\0", "utf-8"))

    assert "\0" not in page.text


@pytest.mark.parametrize(
    "header",
    ["Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 -2300", "Fri, 31 Dec 9999 23:59:59 -0000", "9" * 30],
)
def test_no_server_puts_us_off_for_more_than_a_day(header: str) -> None:
    found = retry_at(header)

    assert found is not None
    assert found <= datetime.now(UTC) + timedelta(days=1)


def test_the_robots_txt_of_many_hosts_are_not_all_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAX_REMEMBERED_BYTES", 3_000)
    fetcher = GuardedFetcher("EntenteTest/1", loopback=True)
    site.page("/page", SENTENCE * 3)
    site.page("/robots.txt", "User-agent: *\nAllow: /\n" + "#" * 1_000, "text/plain")
    port = site.url.rpartition(":")[2]

    def asked(host: str) -> int:
        before = site.paths().count("/robots.txt")
        fetcher.fetch(f"http://{host}:{port}/page", PAGE_TYPES)
        return site.paths().count("/robots.txt") - before

    assert [asked("127.0.0.1"), asked("127.0.0.1")] == [1, 0]
    assert [asked("localhost"), asked("127.0.0.1")] == [1, 1]
