"""Fetching articles by URL over real HTTP: limits, private addresses, retries."""

import gzip
import socket
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from entente.bootstrap.container import Container
from entente.services.articles import ArticleDraft
from entente.services.ingesting.code import CodeArticles
from entente.services.ingesting.fetch import FetchArticles
from entente.services.ingesting.pages import PAUSES, Pages
from entente.services.places import Places
from entente.services.ports.fetching import FEED_TYPES, PAGE_TYPES, FetchFailed
from entente.web import fetcher as fetching
from entente.web.fetcher import MAX_REDIRECTS, GuardedFetcher
from entente.web.guard import leads_inside
from entente.web.pages import ArticlePages
from tests.conftest import ChosenClock
from tests.integration.web_server import Site

STORY = (
    "Kenya recognised Kosovo as an independent state on Tuesday, the foreign ministry in Nairobi said. "
    "The decision had been expected since the spring, when the two governments agreed to open talks on visas. "
    "Serbia condemned the step and said that it would recall its ambassador from Nairobi for consultations."
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Kenya recognises Kosovo</title>
<link rel="canonical" href="CANONICAL">
<meta property="article:published_time" content="2025-07-02T09:00:00Z"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Kenya recognises Kosovo</h1>{"".join(f"<p>{s}.</p>" for s in STORY.split(". "))}</article>
<footer>Sign up for our newsletter</footer></body></html>"""


@pytest.fixture
def fetcher() -> GuardedFetcher:
    return GuardedFetcher("EntenteTest/1", loopback=True)


class FetchAndCode:
    """Fetches an article's page and codes it, as fetcher and worker do one after the other."""

    def __init__(self, container: Container, fetcher: GuardedFetcher) -> None:
        ledger, queue, clock = container.ledger, container.queue, container.clock
        self._fetch = FetchArticles(
            ledger, Pages(fetcher, ArticlePages()), Places(8, 2), queue, clock, "fetcher", container.versions
        )
        self._code = CodeArticles(ledger, container.coder, container.projector, queue, clock, "worker")

    def run(self, article_id: str) -> str | None:
        fetched = self._fetch.run(article_id)
        return self._code.run(article_id) or fetched


@pytest.fixture
def coding(container: Container, fetcher: GuardedFetcher) -> FetchAndCode:
    return FetchAndCode(container, fetcher)


def taken(container: Container, url: str) -> str:
    return container.ingest.submit(ArticleDraft("news.example", url=url), ring=False).article_id


def test_an_address_becomes_the_article_on_its_page(site: Site, container: Container, coding: FetchAndCode) -> None:
    article = taken(container, site.page("/a?from=feed", PAGE.replace("CANONICAL", f"{site.url}/stories/kosovo")))

    assert coding.run(article) == "coded"

    report = container.lookups.article(article)
    assert report.article.title == "Kenya recognises Kosovo"
    assert report.article.text is not None
    assert "newsletter" not in report.article.text
    assert report.article.url == f"{site.url}/stories/kosovo"
    assert str(report.article.published_at) == "2025-07-02 00:00:00+00:00"
    assert ("KEN", "recognise", "XKX") in {(e.source, e.act, e.target) for e in report.events}
    assert site.asked[-1][2]["User-Agent"] == "EntenteTest/1"


def test_a_second_address_of_the_same_article_is_a_duplicate(
    site: Site, container: Container, coding: FetchAndCode
) -> None:
    first = taken(container, site.page("/a", PAGE))
    second = taken(container, site.page("/b", PAGE))
    coding.run(first)

    assert coding.run(second) == "duplicate"
    assert first in str(container.lookups.article(second).article.reason)


def test_an_address_whose_page_was_a_duplicate_or_missing_is_fetched_again_when_it_is_sent_again(
    site: Site, container: Container, coding: FetchAndCode
) -> None:
    first, second = taken(container, site.page("/a", PAGE)), taken(container, site.page("/b", PAGE))
    assert (coding.run(first), coding.run(second)) == ("coded", "duplicate")
    site.page("/b", PAGE.replace("on Tuesday", "on Wednesday"))
    missing = taken(container, site.status("/c", 404))
    assert coding.run(missing) == "failed"
    site.page("/c", PAGE.replace("Kenya", "Uganda"))

    for path, before in (("/b", second), ("/c", missing)):
        again = taken(container, site.url + path)
        assert again != before
        assert taken(container, site.url + path) == again
        assert coding.run(again) == "coded"


def test_an_address_sent_by_another_publisher_is_an_article_of_its_own(site: Site, container: Container) -> None:
    page = site.page("/a", PAGE)
    one, other = (
        container.ingest.submit(ArticleDraft(publisher, url=page), ring=False).article_id
        for publisher in ("evil.example", "news.example")
    )
    assert one != other


def test_a_page_that_failed_has_all_its_tries_again_when_it_is_queued_again(
    site: Site, container: Container, coding: FetchAndCode, clock: ChosenClock
) -> None:
    article = taken(container, site.status("/gone-for-now", 503))
    for pause in (*PAUSES, PAUSES[-1]):
        coding.run(article)
        clock.advance(seconds=pause.total_seconds())
    assert container.lookups.article(article).article.status == "failed"

    with container.ledger.write() as unit:
        assert unit.articles.requeue(article)
        unit.commit()

    assert coding.run(article) == "pending"


def test_a_second_message_for_a_page_does_not_shorten_the_wait_that_its_server_asked_for(
    site: Site, container: Container, coding: FetchAndCode, clock: ChosenClock
) -> None:
    article = taken(container, site.status("/busy", 429, Retry_After="7200"))
    assert coding.run(article) == "pending"

    with container.ledger.write() as unit:
        unit.articles.delay(article, clock.now() + timedelta(seconds=1))
        unit.commit()
    clock.advance(seconds=PAUSES[0].total_seconds())

    assert coding.run(article) is None
    assert site.paths().count("/busy") == 1


def test_a_page_that_is_away_for_now_is_asked_for_again_on_schedule_and_then_given_up(
    site: Site, container: Container, coding: FetchAndCode, clock: ChosenClock
) -> None:
    article = taken(container, site.status("/gone-for-now", 503))

    for pause in PAUSES:
        assert coding.run(article) == "pending"
        assert coding.run(article) is None
        clock.advance(seconds=pause.total_seconds())
    assert coding.run(article) == "failed"

    stored = container.lookups.article(article).article
    assert (stored.status, stored.reason) == ("failed", "the server answered 503")


def test_a_server_that_names_a_later_time_is_not_asked_before(
    site: Site, container: Container, coding: FetchAndCode, clock: ChosenClock
) -> None:
    article = taken(container, site.status("/busy", 429, Retry_After="7200"))
    # The header counts from the real now, which lies after the chosen clock's.
    assert coding.run(article) == "pending"
    clock.advance(seconds=PAUSES[0].total_seconds())

    assert coding.run(article) is None


@pytest.mark.parametrize(
    ("path", "status", "reason"), [("/none", 404, "the server answered 404"), ("/no", 403, "the server answered 403")]
)
def test_a_page_that_is_not_there_fails_at_once(
    site: Site, container: Container, coding: FetchAndCode, path: str, status: int, reason: str
) -> None:
    article = taken(container, site.status(path, status))

    assert coding.run(article) == "failed"
    assert container.lookups.article(article).article.reason == reason


def failure(fetcher: GuardedFetcher, url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetcher.fetch(url, PAGE_TYPES)
    return caught.value


def test_robots_txt_is_asked_once_and_heeded(site: Site, fetcher: GuardedFetcher) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /private/\n", "text/plain")
    site.page("/private/a", PAGE)
    site.page("/public/a", PAGE)

    assert "robots.txt" in str(failure(fetcher, f"{site.url}/private/a"))
    assert fetcher.fetch(f"{site.url}/public/a", PAGE_TYPES).body
    assert site.paths() == ["/robots.txt", "/public/a"]


def test_what_has_not_changed_is_not_sent_again(site: Site, fetcher: GuardedFetcher) -> None:
    url = site.page("/feed", "<rss/>", "application/rss+xml", ETag='"v1"')
    first = fetcher.fetch(url, FEED_TYPES)

    again = fetcher.fetch(url, FEED_TYPES, first.etag)

    assert (again.not_modified, again.body) == (True, b"")


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 127.8.8.8 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.1
    192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 168.63.129.16 192.88.99.1 ::1 ::
    fe80::1 fc00::1 fd12::1 ff02::1 fec0::1 ::ffff:127.0.0.1 ::ffff:0:127.0.0.1 ::7f00:1 64:ff9b::7f00:1 64:ff9b:1::1
    2001:db8::1 2002:7f00:1:: 100::1 3fff::1 5f00::1""".split(),
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_address_inside_is_connected_to(scheme: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket is opened at all: `connect` would fail the test."""
    connected: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, there: connected.append(there))
    host = f"[{address}]" if ":" in address else address

    error = failure(GuardedFetcher("EntenteTest/1"), f"{scheme}://{host}/")

    assert error.final
    assert connected == []


def test_names_that_lead_inside_are_refused_whatever_they_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, there: connected.append(there))
    guarded = GuardedFetcher("EntenteTest/1")

    for url in ("http://localhost/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/"):
        failure(guarded, url)
    assert connected == []


def test_a_name_that_is_bound_anew_between_the_check_and_the_connection_gains_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1", "127.0.0.1"])
    connected: list[str] = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[object]:
        address = host if host[0].isdigit() else next(answers)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(_: object, there: tuple[str, int]) -> None:
        connected.append(there[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)

    failure(GuardedFetcher("EntenteTest/1"), "http://rebinding.example/")

    assert set(connected) <= {"93.184.216.34"}


def test_an_address_outside_is_not_called_inside() -> None:
    from ipaddress import ip_address

    assert not any(leads_inside(ip_address(a)) for a in ("93.184.216.34", "8.8.8.8", "2606:2800:220:1::1"))


def test_a_redirect_inside_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.page("/robots.txt", "", "text/plain")
    for place in ("http://169.254.169.254/latest", "http://10.0.0.1/", "file:///etc/passwd", "http://u:p@127.0.0.1/"):
        url = site.status("/to", 302, Location=place)

        assert failure(GuardedFetcher("EntenteTest/1", loopback=True), url).final


def test_redirects_end(site: Site, fetcher: GuardedFetcher) -> None:
    for n in range(MAX_REDIRECTS + 2):
        site.status(f"/r{n}", 302, Location=f"/r{n + 1}")

    assert "redirects" in str(failure(fetcher, f"{site.url}/r0"))
    assert len([p for p in site.paths() if p.startswith("/r") and p != "/robots.txt"]) == MAX_REDIRECTS + 1


@pytest.mark.parametrize("url", ["ftp://a.example/", "http://a.example:22/", "https://a.example:8443/", "http:///x"])
def test_other_schemes_and_ports_are_not_asked(url: str) -> None:
    assert failure(GuardedFetcher("EntenteTest/1"), url).final


def test_a_small_answer_that_unpacks_into_a_large_one_is_cut_off(site: Site, fetcher: GuardedFetcher) -> None:
    bomb = gzip.compress(b"<p>" + b"a" * 60_000_000)
    url = site.page("/bomb", bomb, Content_Encoding="gzip")

    assert "larger than" in str(failure(fetcher, url))


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_drips_is_left_at_the_deadline(
    site: Site, fetcher: GuardedFetcher, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_SECONDS", 1.0)
    site.page("/robots.txt", "", "text/plain")
    dripped: list[float] = []

    def drip(handler: BaseHTTPRequestHandler) -> None:
        begun = time.monotonic()
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
            if part == "body":
                handler.wfile.write(b"Content-Length: 100000\r\n\r\n")
            for _ in range(200):
                handler.wfile.write(b"X-A: b\r\n" if part == "head" else b"a")
                handler.wfile.flush()
                time.sleep(0.05)
        finally:
            dripped.append(time.monotonic() - begun)

    assert "more than 1 seconds" in str(failure(fetcher, site.raw("/drip", drip)))


def test_an_answer_of_another_kind_is_not_read(site: Site, fetcher: GuardedFetcher) -> None:
    assert "image/png" in str(failure(fetcher, site.page("/a.png", b"\x89PNG", "image/png")))


def test_a_page_without_an_article_fails_with_that_reason(
    site: Site, container: Container, coding: FetchAndCode
) -> None:
    article = taken(container, site.page("/empty", "<html><body><nav>Home</nav></body></html>"))

    assert coding.run(article) == "failed"
    assert container.lookups.article(article).article.reason == "there is no article on the page"
