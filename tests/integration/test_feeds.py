"""Polling feeds that a local HTTP server serves."""

import json
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from entente.services.errors import Conflict, Invalid
from entente.services.ingesting.feed_items import POLITE_SECONDS
from entente.services.ingesting.feeds import LONGEST_PAUSE, Feeds
from entente.services.ports.feeds import Feed
from tests.conftest import ChosenClock
from tests.integration.web_server import Site

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Sample Wire</title>
{items}</channel></rss>"""
ITEM = """<item><title>News {n}</title><link>{site}/story/{n}</link>
<pubDate>Thu, 03 Jul 2025 0{n}:00:00 GMT</pubDate></item>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Sample</title>
<id>urn:x</id><updated>2025-07-03T00:00:00Z</updated><entry><title>One</title><id>urn:1</id>
<link href="/story/atom"/><updated>2025-07-03T10:00:00Z</updated></entry></feed>"""


def rss(site: Site, count: int) -> str:
    return RSS.format(items="".join(ITEM.format(n=n, site=site.url) for n in range(count)))


def polled(feeds: Feeds, feed: Feed, clock: ChosenClock) -> int | None:
    clock.set(feeds.get(feed.id).next_poll_at)
    return feeds.poll(feed.id)


def test_new_items_become_articles_once(site: Site, feeds: Feeds, container: Container, clock: ChosenClock) -> None:
    url = site.page("/rss", rss(site, 3), "application/rss+xml")
    feed = feeds.add(url, "Sample Wire")

    assert feeds.poll(feed.id) == 3
    assert polled(feeds, feed, clock) == 0
    site.page("/rss", rss(site, 4), "application/rss+xml")
    assert polled(feeds, feed, clock) == 1

    with container.ledger.read() as unit:
        ids = unit.articles.due(clock.now().replace(year=2030), clock.now().replace(year=2030), 10)
        stored = [unit.articles.get(id) for id in ids]
    assert {(a.url, a.publisher, a.title) for a in stored if a} == {
        (f"{site.url}/story/{n}", "Sample Wire", f"News {n}") for n in range(4)
    }
    assert feeds.get(feed.id).n_articles == 4


def test_the_pages_of_one_host_are_fetched_some_seconds_apart(
    site: Site, feeds: Feeds, container: Container, clock: ChosenClock
) -> None:
    feeds.poll(feeds.add(site.page("/rss", rss(site, 4), "application/rss+xml")).id)
    later = clock.now().replace(year=2030)

    with container.ledger.read() as unit:
        now = len(unit.articles.due(clock.now(), later, 10))
    clock.advance(seconds=POLITE_SECONDS)
    with container.ledger.read() as unit:
        then = len(unit.articles.due(clock.now(), later, 10))

    assert (now, then) == (1, 2)


@pytest.mark.parametrize(
    ("body", "kind", "there"),
    [
        (ATOM, "application/atom+xml", "/story/atom"),
        (
            json.dumps(
                {
                    "version": "https://jsonfeed.org/version/1.1",
                    "title": "x",
                    "items": [
                        {"id": "1", "url": "/story/json", "title": "J", "date_published": "2025-07-03T10:00:00Z"}
                    ],
                }
            ),
            "application/feed+json",
            "/story/json",
        ),
    ],
)
def test_atom_and_json_feeds_are_read_too(
    site: Site, feeds: Feeds, container: Container, clock: ChosenClock, body: str, kind: str, there: str
) -> None:
    feed = feeds.add(site.page("/feed", body, kind))

    assert feeds.poll(feed.id) == 1
    later = clock.now().replace(year=2030)
    with container.ledger.read() as unit:
        article = unit.articles.get(unit.articles.due(later, later, 1)[0])
    assert article
    assert article.url == site.url + there
    assert article.publisher == "127.0.0.1"
    assert str(article.published_at) == "2025-07-03 10:00:00+00:00"


def test_a_feed_that_has_not_changed_is_answered_with_nothing(site: Site, feeds: Feeds, clock: ChosenClock) -> None:
    feed = feeds.add(site.page("/rss", rss(site, 2), "application/rss+xml", ETag='"a"'))
    feeds.poll(feed.id)

    assert polled(feeds, feed, clock) == 0
    assert polled(feeds, feed, clock) == 0
    assert [headers.get("If-None-Match") for _, path, headers, _ in site.asked if path == "/rss"] == [
        None,
        '"a"',
        '"a"',
    ]


def test_a_feed_in_trouble_is_asked_ever_more_rarely_and_says_why(site: Site, feeds: Feeds, clock: ChosenClock) -> None:
    feed = feeds.add(site.status("/rss", 500), every_seconds=600)
    pauses = []
    for _ in range(12):
        assert polled(feeds, feed, clock) is None
        pauses.append((feeds.get(feed.id).next_poll_at - clock.now()).total_seconds())

    assert 1000 < pauses[0] < 1400
    assert all(later > 1.5 * earlier for earlier, later in pairwise(pauses[:6]))
    assert max(pauses) <= LONGEST_PAUSE.total_seconds() * 1.1
    troubled = feeds.get(feed.id)
    assert (troubled.failures, troubled.last_error) == (12, "the server answered 500")

    site.page("/rss", rss(site, 1), "application/rss+xml")
    assert polled(feeds, feed, clock) == 1
    assert (feeds.get(feed.id).failures, feeds.get(feed.id).last_error) == (0, None)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<html><body>Not a feed</body></html>", "text/xml"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>', "application/rss+xml"),
        ("{}", "application/json"),
        ("[" * 100_000, "application/feed+json"),
        ('{"version": "https://jsonfeed.org/version/1", "items": 7}', "application/feed+json"),
    ],
)
def test_what_is_no_feed_is_told_as_such(site: Site, feeds: Feeds, body: str, kind: str) -> None:
    feed = feeds.add(site.page("/feed", body, kind))

    assert feeds.poll(feed.id) is None
    assert feeds.get(feed.id).last_error


def test_the_query_of_a_feed_that_a_page_names_is_in_no_message(site: Site, feeds: Feeds) -> None:
    page = '<html><head><link rel="alternate" type="application/rss+xml" href="{}"></head></html>'
    site.page("/named?key=s3cret", page.format("/another"))
    feed = feeds.add(site.page("/", page.format("/named?key=s3cret")))

    assert feeds.poll(feed.id) is None

    error = feeds.get(feed.id).last_error
    assert error is not None
    assert error.startswith(f"{site.url}/named, which the page names as its feed, is a page too")
    assert "s3cret" not in error


def test_a_feed_is_polled_by_one_worker_at_a_time_and_only_when_due(site: Site, feeds: Feeds) -> None:
    feed = feeds.add(site.page("/rss", rss(site, 1), "application/rss+xml"))

    assert feeds.poll(feed.id) == 1
    assert feeds.poll(feed.id) is None
    assert site.paths().count("/rss") == 1


def test_a_stopped_feed_is_not_polled_until_it_is_started(site: Site, feeds: Feeds, clock: ChosenClock) -> None:
    feed = feeds.add(site.page("/rss", rss(site, 1), "application/rss+xml"))
    feeds.set_active(feed.id, active=False)
    assert feeds.poll(feed.id) is None

    feeds.set_active(feed.id, active=True)

    assert feeds.poll(feed.id) == 1


def test_a_feed_is_registered_once_and_checked(feeds: Feeds) -> None:
    feeds.add("https://news.example/rss")
    with pytest.raises(Conflict):
        feeds.add("https://news.example/rss")
    with pytest.raises(Invalid, match="http"):
        feeds.add("ftp://news.example/rss")
    with pytest.raises(Invalid, match="from 60"):
        feeds.add("https://news.example/other", every_seconds=5)


def test_feeds_are_kept_over_http(client: FlaskClient) -> None:
    made = client.post("/v1/feeds", json={"url": "https://news.example/rss", "publisher": "Sample Wire"})
    assert made.status_code == 201
    assert client.post("/v1/feeds", json={"url": "https://news.example/rss"}).status_code == 409
    here = made.get_json()["links"]["self"]
    assert client.patch(here, json={"active": False}).get_json()["active"] is False
    assert [feed["active"] for feed in client.get("/v1/feeds").get_json()["feeds"]] == [False]
    assert client.get("/v1/feeds/none").status_code == 404
