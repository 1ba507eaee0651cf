"""What becomes of the items of feeds that a local HTTP server serves: articles, their texts and their days."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from entente.bootstrap.container import Container
from entente.bootstrap.doctor import examine
from entente.bootstrap.settings import Settings
from entente.services.articles import Article, ArticleDraft
from entente.services.ingesting.feeds import Feeds
from entente.services.ports.feeds import Feed
from entente.storage.engine import for_writing, open_engine
from entente.web.parser.lanes import Parsers
from tests.conftest import ChosenClock
from tests.integration.test_fetching import PAGE, STORY
from tests.integration.web_server import Site
from tests.odd_feeds import (
    BEGUN,
    BROKEN,
    DATES,
    SERVED,
    STANDARDS,
    TEASER,
    TEXTS,
    WHOLE,
    WHOLE_HTML,
    Odd,
    encoded,
    item,
    rss,
)

XML = "application/rss+xml"


@pytest.fixture
def polling(ledger_url: str, tmp_path: Path, clock: ChosenClock, parsers: Parsers) -> Iterator[Container]:
    """The services on either database, with the real parser."""
    container = Container(Settings(data_dir=tmp_path, database_url=ledger_url, fetch_loopback=True), clock)
    container.parsers = parsers
    yield container
    container.close()


def polled(container: Container, feed: Feed) -> int | None:
    """Poll a feed as soon as it is due."""
    clock = container.clock
    assert isinstance(clock, ChosenClock)
    clock.set(max(clock.now(), container.feeds.get(feed.id).next_poll_at))
    return container.feeds.poll(feed.id)


def articles(container: Container) -> list[Article]:
    with container.ledger.read() as unit:
        found = [unit.articles.get(id) for id in unit.articles.unfinished(1000)]
    return [article for article in found if article]


def only(container: Container) -> Article:
    (article,) = articles(container)
    return article


def test_a_page_is_fetched_once_however_often_its_feed_is_polled(polling: Container, site: Site) -> None:
    site.page("/story", PAGE.replace("CANONICAL", "/story"))
    feed = polling.feeds.add(site.page("/feed", rss(item(path="/story")), XML))

    assert polled(polling, feed) == 1
    assert polling.fetch_articles.run(only(polling).id) == "pending"
    site.page("/feed", rss(item(path="/story?utm_source=rss", title="News") + item(path="/other")), XML)
    assert polled(polling, feed) == 1
    assert polled(polling, feed) == 0

    assert site.paths().count("/story") == 1
    assert sorted(str(article.url).removeprefix(site.url) for article in articles(polling)) == ["/other", "/story"]
    assert polling.feeds.get(feed.id).n_articles == 2


def test_items_taken_before_they_were_remembered_are_not_taken_again(polling: Container, site: Site) -> None:
    site.page("/a", PAGE.replace("CANONICAL", "/a"))
    feed = polling.feeds.add(site.page("/feed", rss(item() + item(path="/b")), XML))
    polled(polling, feed)
    polling.fetch_articles.run(articles(polling)[0].id)
    engine = open_engine(polling.settings.database_url)
    with for_writing(engine).begin() as connection:
        connection.execute(text("DELETE FROM feed_items"))
    engine.dispose()

    assert (polled(polling, feed), polled(polling, feed)) == (0, 0)
    assert len(articles(polling)) == 2


def test_an_item_of_two_feeds_is_taken_once(container: Container, site: Site) -> None:
    first = container.feeds.add(site.page("/world", rss(item()), XML))
    second = container.feeds.add(site.page("/europe", rss(item(title="Another title")), XML))

    assert [polled(container, feed) for feed in (first, second, first, second)] == [1, 0, 0, 0]


def test_whole_text_of_a_feed_is_taken_without_fetching_the_page(polling: Container, site: Site) -> None:
    feed = polling.feeds.add(site.page("/feed", rss(item(encoded(WHOLE_HTML))), XML))

    assert (polled(polling, feed), polled(polling, feed)) == (1, 0)
    assert only(polling).text == WHOLE
    assert polling.fetch_articles.run(only(polling).id) is None
    assert "/a" not in site.paths()


@pytest.mark.parametrize("page", [None, "<html><body><p>Please accept our cookies to go on reading.</p></body></html>"])
def test_text_of_a_feed_is_taken_where_the_page_gives_less(container: Container, site: Site, page: str | None) -> None:
    if page:
        site.page("/a", page)
    feed = container.feeds.add(site.page("/feed", rss(item(f"<description>{TEASER}...</description>")), XML))
    polled(container, feed)

    assert only(container).text is None
    assert container.fetch_articles.run(only(container).id) == "pending"
    assert only(container).text == BEGUN


def test_a_page_goes_before_the_beginning_of_it_in_the_feed(container: Container, site: Site) -> None:
    site.page("/a", PAGE.replace("CANONICAL", "/a"))
    feed = container.feeds.add(site.page("/feed", rss(item(f"<description>{TEASER}...</description>")), XML))
    polled(container, feed)
    container.fetch_articles.run(only(container).id)

    assert STORY[:60] in (only(container).text or "")


def test_a_date_in_the_future_is_the_receipt_and_is_marked(
    client: FlaskClient, container: Container, site: Site
) -> None:
    later = "<pubDate>Wed, 15 Oct 2031 10:00:00 GMT</pubDate>"
    polled(container, container.feeds.add(site.page("/feed", rss(item(later)), XML)))

    article = only(container)
    told = client.get(f"/v1/articles/{article.id}").get_json()
    assert told["date_problem"] == "future"
    assert told["published_at"] == told["received_at"]


def test_an_item_without_a_readable_date_is_no_news_of_today(container: Container, site: Site) -> None:
    site.page("/a", f"<html><body><article><p>{STORY}</p></article></body></html>")
    polled(container, container.feeds.add(site.page("/feed", rss(item("<pubDate>soon</pubDate>")), XML)))
    container.fetch_articles.run(only(container).id)

    article = only(container)
    assert (article.published_at, article.date_problem, article.told_on) == (None, "unknown", None)
    assert container.code_articles.run(article.id) == "coded"
    told = container.lookups.article(article.id)
    assert told.events
    assert {event.period for event in told.events} == {None}


def test_the_date_of_the_page_is_taken_where_its_feed_has_none(container: Container, site: Site) -> None:
    site.page("/a", PAGE.replace("CANONICAL", "/a"))
    polled(container, container.feeds.add(site.page("/feed", rss(item()), XML)))
    container.fetch_articles.run(only(container).id)

    assert (only(container).published_at, only(container).date_problem) == (datetime(2025, 7, 2, tzinfo=UTC), None)


def test_a_home_page_leads_to_its_feed(polling: Container, site: Site) -> None:
    site.page("/", '<html><link rel="alternate" type="application/rss+xml" href="/old.xml"></html>')
    site.page("/old.xml", rss(item()), XML, ETag='"a"')
    feed = polling.feeds.add(f"{site.url}/")

    assert (polled(polling, feed), polled(polling, feed)) == (1, 0)
    assert [path for path in site.paths() if path != "/robots.txt"] == ["/", "/old.xml", "/old.xml"]
    assert polling.feeds.get(feed.id).found_url == f"{site.url}/old.xml"

    site.status("/old.xml", 410)
    site.page("/", '<html><link rel="alternate" type="application/rss+xml" href="/new.xml"></html>')
    site.page("/new.xml", rss(item() + item(path="/b")), XML)
    assert (polled(polling, feed), polled(polling, feed)) == (None, 1)
    assert polling.feeds.get(feed.id).found_url == f"{site.url}/new.xml"


def test_a_page_that_names_only_itself_is_told_as_such(container: Container, site: Site) -> None:
    site.page("/", '<html><link rel="alternate" type="application/rss+xml" href="/"></html>')
    feed = container.feeds.add(f"{site.url}/")

    assert polled(container, feed) is None
    assert "set `url` to a feed's" in (container.feeds.get(feed.id).last_error or "")


def test_a_very_slow_feed_is_not_polled_twice_at_a_time(container: Container, site: Site) -> None:
    asked, answering = threading.Event(), threading.Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        answering.wait(60)
        body = rss(item())
        handler.send_response(200)
        handler.send_header("Content-Type", XML)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    feed = container.feeds.add(site.raw("/slow", slow))
    first: list[int | None] = []
    poll = threading.Thread(target=lambda: first.append(container.feeds.poll(feed.id)))
    poll.start()
    assert asked.wait(60)
    # Stopping and starting makes it due, which is not enough.
    container.feeds.set_active(feed.id, active=False)
    container.feeds.set_active(feed.id, active=True)
    assert container.feeds.poll(feed.id) is None
    answering.set()
    poll.join()

    assert first == [1]
    assert site.paths().count("/slow") == 1


def test_items_that_a_document_has_twice_or_that_share_a_page_are_taken_once_and_left_alone(
    polling: Container, rereading: "Reread", site: Site
) -> None:
    twice = item("<guid>1</guid>", "a", "One") + item("<guid>1</guid>", "a", "One, again")
    shared = item("<guid>2</guid>", "b", "Two") + item("<guid>3</guid>", "b", "Three")
    feed = polling.feeds.add(site.page("/feed", rss(twice + shared), XML))

    assert [polled(polling, feed) for _ in range(3)] == [2, 0, 0]
    assert rereading.read_again == []


class Reread(Feeds):
    """Feeds that remember which articles were to be read again."""

    read_again: list[str]

    def reread(self, article_id: str, draft: ArticleDraft) -> None:
        self.read_again.append(article_id)
        super().reread(article_id, draft)


@pytest.fixture
def rereading(polling: Container) -> Reread:
    feeds = polling.feeds
    feeds.__class__ = Reread
    assert isinstance(feeds, Reread)
    feeds.read_again = []
    return feeds


def versions(*dates: str, title: str = "News", content: str = "") -> bytes:
    of_date = (
        f"<guid isPermaLink='false'>{n}</guid><pubDate>{date}</pubDate>{content}" for n, date in enumerate(dates)
    )
    return rss("".join(item(inner, f"/{n}", title) for n, inner in enumerate(of_date)))


@pytest.mark.parametrize(
    "newer",
    [
        versions("2025-07-02", "2025-07-01", "2025-07-01"),
        versions("2025-07-01", "2025-07-01", "2025-07-01").replace(b"News", b"Corrected", 1),
    ],
    ids=["date", "title"],
)
def test_an_item_that_changed_is_read_again_once(
    polling: Container, rereading: Reread, site: Site, newer: bytes
) -> None:
    feed = polling.feeds.add(site.page("/feed", versions("2025-07-01", "2025-07-01", "2025-07-01"), XML))
    assert (polled(polling, feed), polled(polling, feed)) == (3, 0)
    first = next(article.id for article in articles(polling) if str(article.url).endswith("/0"))

    site.page("/feed", newer, XML)
    assert (polled(polling, feed), polled(polling, feed)) == (0, 0)

    assert rereading.read_again == [first]


def test_an_item_that_changed_is_read_again_though_its_poll_ended_before(
    polling: Container, rereading: Reread, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = polling.feeds.add(site.page("/feed", versions("2025-07-01"), XML))
    polled(polling, feed)
    site.page("/feed", versions("2025-07-01", title="Corrected"), XML)

    def killed(article_id: str, draft: ArticleDraft) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(rereading, "reread", killed)
        with pytest.raises(SystemExit):
            polled(polling, feed)
    clock = polling.clock
    assert isinstance(clock, ChosenClock)
    clock.advance(hours=1)
    polled(polling, feed)

    assert len(rereading.read_again) == 1


def test_a_feed_that_dates_every_item_anew_is_not_read_again(polling: Container, rereading: Reread, site: Site) -> None:
    feed = polling.feeds.add(site.page("/feed", versions("2025-07-01", "2025-07-01", "2025-07-01"), XML))
    polled(polling, feed)
    site.page("/feed", versions("2025-07-02", "2025-07-02", "2025-07-02"), XML)
    polled(polling, feed)

    assert rereading.read_again == []


def test_the_health_of_a_feed_is_shown(
    client: FlaskClient, container: Container, site: Site, clock: ChosenClock
) -> None:
    feed = container.feeds.add(site.page("/feed", rss(item() + "<item><title>Nowhere</title></item>"), XML))
    polled(container, feed)
    read_at = clock.now()
    site.page("/feed", "no feed at all", "text/plain")
    polled(container, feed)

    shown = client.get(f"/v1/feeds/{feed.id}").get_json()
    assert datetime.fromisoformat(shown["last_success_at"]) == read_at.replace(microsecond=0)
    assert (shown["failures"], shown["n_articles"], shown["n_skipped"]) == (1, 1, 1)
    assert "`url` must be a feed's address" in shown["last_error"]
    (finding,) = [finding for finding in examine(container) if finding.check == "feeds"]
    assert finding.verdict == "warning"
    assert feed.url in finding.detail
    assert "neither RSS nor Atom" in finding.detail


def test_odd_feeds_of_a_server_are_read_as_described(container: Container, site: Site, clock: ChosenClock) -> None:
    clock.set(datetime(2025, 11, 1, tzinfo=UTC))
    documents = SERVED + STANDARDS + TEXTS + DATES + BROKEN
    for number, odd in enumerate(documents):

        def answer(handler: BaseHTTPRequestHandler, odd: Odd = odd) -> None:
            handler.send_response(200)
            if odd.kind is not None:
                handler.send_header("Content-Type", odd.kind)
            handler.send_header("Content-Length", str(len(odd.body)))
            handler.end_headers()
            handler.wfile.write(odd.body)

        url = site.raw(f"/{number}/feed", answer)
        feed = container.feeds.add(url, odd.name)
        container.feeds.poll(feed.id)

        health = container.feeds.get(feed.id)
        assert (odd.name, health.last_error, health.n_skipped) == (odd.name, None, odd.skipped)
        found = [article for article in articles(container) if article.publisher == odd.name]
        assert [article.url for article in found] == [path and urljoin(url, path) for path in odd.paths]
        if odd.titles is not None:
            assert [article.title for article in found] == odd.titles
        if odd.dates is not None:
            assert [article.published_at for article in found] == odd.dates
        if odd.whole is not None:
            assert [article.text is not None for article in found] == odd.whole
    assert len(documents) >= 30
