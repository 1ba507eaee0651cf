"""Third parties that never answer: they hold a few places of a pool and nothing else."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import requests

from entente.bootstrap import running
from entente.bootstrap.broker import PARTS
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.doorbell.bell import CeleryDoorbell
from entente.relations.events import CodedEvent
from entente.services.articles import ArticleDraft
from entente.services.ingesting.feeds import Feeds
from entente.services.ingesting.fetch import FetchArticles
from entente.services.ingesting.pages import Pages
from entente.services.places import PAUSE, Places
from entente.services.ports.subscriptions import Subscription
from entente.services.ports.wants import Wants
from entente.services.subscriptions import TURN, Dispatcher
from entente.web.fetcher import GuardedFetcher
from entente.web.pages import ArticlePages
from tests.conftest import ChosenClock
from tests.integration.conftest import coded
from tests.integration.test_fetching import PAGE
from tests.integration.test_stack import RECOGNITION
from tests.integration.test_subscriptions import Bells
from tests.integration.web_server import Site
from tests.processes import alive, family, until
from tests.running_stack import ENTENTE, environment, up
from tests.silent_host import SilentHost, silent_host

OTHERS = ["FRA", "DEU", "ITA", "ESP", "POL", "SWE", "NOR", "FIN", "DNK", "NLD"]


@pytest.fixture
def silent() -> Iterator[SilentHost]:
    with silent_host() as host:
        yield host


def changes(count: int) -> list[CodedEvent]:
    """Events of this week that change the relations of as many pairs."""
    return [coded("recognise", "2025-07-03", target=target) for target in OTHERS[:count]]


def in_threads(work: Callable[[str], object], ids: list[str]) -> tuple[list[threading.Thread], list[object]]:
    answers: list[object] = []
    threads = [threading.Thread(target=lambda id=id: answers.append(work(id))) for id in ids]
    for thread in threads:
        thread.start()
    return threads, answers


def deliveries(container: Container, subscription: Subscription) -> list[str]:
    """Ids of a subscription's deliveries, oldest change first."""
    return [delivery.id for delivery in reversed(container.subscriptions.deliveries(subscription.id, 0, 100))]


# Delivering


def test_a_silent_subscriber_holds_its_places_and_the_rest_is_put_off(
    silent: SilentHost, site: Site, container: Container, told: Callable[..., str]
) -> None:
    slow = container.subscriptions.add(silent.url, Wants())
    quick = container.subscriptions.add(site.status("/hook", 204), Wants())
    told(changes(7))
    container.dispatcher.dispatch()

    threads, answers = in_threads(container.dispatcher.deliver, deliveries(container, slow))
    until(lambda: silent.held == 4 and len(answers) == 3)
    assert answers == [None] * 3, "three found no place, and nothing was waited for"
    assert container.dispatcher.deliver(deliveries(container, quick)[0]) == "delivered"
    assert len(site.asked) == 7, "one message leads to the next"

    silent.hang_up()
    for thread in threads:
        thread.join()
    assert sorted(map(str, answers)) == ["None"] * 3 + ["pending"] * 4
    attempts = [len(d.attempts) for d in container.subscriptions.deliveries(slow.id, 0, 10)]
    assert sorted(attempts) == [0, 0, 0, 1, 1, 1, 1], "what was put off has used up no attempt"


def test_a_subscriber_that_failed_holds_fewer_places(
    silent: SilentHost, container: Container, told: Callable[..., str], clock: ChosenClock
) -> None:
    slow = container.subscriptions.add(silent.url, Wants())
    told(changes(7))
    container.dispatcher.dispatch()
    silent.hang_up()
    assert container.dispatcher.deliver(deliveries(container, slow)[0]) == "pending"

    with silent_host() as again:
        with container.ledger.read() as unit:
            due = list(unit.subscriptions.due(clock.now(), 100, 4, 2))
        assert len(due) == 2
        # The port is another one, so the address is changed where it is kept.
        _move(container, slow, again.url)
        threads, answers = in_threads(container.dispatcher.deliver, deliveries(container, slow)[1:])
        until(lambda: again.held == 2 and len(answers) == 4)
        again.hang_up()
        for thread in threads:
            thread.join()


def _move(container: Container, subscription: Subscription, url: str) -> None:
    with container.ledger.write() as unit:
        now = unit.subscriptions.get(subscription.id)
        assert now
        unit.subscriptions.note(replace(now, url=url))
        unit.commit()


def test_no_more_deliveries_of_one_subscriber_are_queued_than_it_has_places(
    silent: SilentHost, site: Site, container: Container, told: Callable[..., str]
) -> None:
    container.subscriptions.add(silent.url, Wants())
    container.subscriptions.add(site.url, Wants())
    told(changes(10))

    def queued() -> int:
        container.dispatcher.dispatch()
        return container.queue.waiting("deliver")

    # A broker that is slow to answer on a busy machine is asked again. The messages stay, and no more come.
    until(lambda: queued() == 8)
    until(lambda: queued() == 8)


def test_one_message_leads_to_all_deliveries_of_its_subscriber_each_once_and_in_order(
    site: Site, container: Container, told: Callable[..., str]
) -> None:
    one = container.subscriptions.add(site.status("/hook", 204), Wants())
    told(changes(10))
    container.dispatcher.dispatch()

    assert container.dispatcher.deliver(deliveries(container, one)[0]) == "delivered"

    sent = [headers.get("webhook-id") for _, _, headers, _ in site.asked]
    assert sent == deliveries(container, one)


def test_a_stopped_subscription_is_not_sent_what_was_queued(
    site: Site, container: Container, told: Callable[..., str]
) -> None:
    one = container.subscriptions.add(site.status("/hook", 204), Wants())
    told(changes(3))
    container.dispatcher.dispatch()
    container.subscriptions.set_active(one.id, active=False)

    assert container.dispatcher.deliver(deliveries(container, one)[0]) is None
    assert site.asked == []


def test_a_subscriber_with_a_long_backlog_gives_others_their_turn(
    site: Site, container: Container, told: Callable[..., str], clock: ChosenClock
) -> None:
    def slowly(handler: BaseHTTPRequestHandler) -> None:
        clock.advance(seconds=TURN.total_seconds() / 2)
        handler.send_response(204)
        handler.end_headers()

    one = container.subscriptions.add(site.raw("/hook", slowly), Wants())
    told(changes(6))
    container.dispatcher.dispatch()
    bells = Bells()
    parts = container.ledger, container.senders, container.alerts, bells, clock, str
    Dispatcher(*parts, Places(16, 4)).deliver(deliveries(container, one)[0])  # type: ignore[arg-type]

    assert len(site.asked) == 2
    assert bells.rung == [deliveries(container, one)[2]]


# Fetching


@pytest.fixture
def fetching(container: Container) -> FetchArticles:
    pages = Pages(GuardedFetcher("EntenteTest/1", loopback=True), ArticlePages())
    parts = container.ledger, pages, container.fetch_places, container.queue, container.clock
    return FetchArticles(*parts, "test", container.versions)


def take(container: Container, url: str) -> str:
    return container.ingest.submit(ArticleDraft("news.example", url=url), ring=False).article_id


def test_a_silent_host_holds_its_places_and_its_other_pages_are_put_off(
    silent: SilentHost, site: Site, container: Container, fetching: FetchArticles, clock: ChosenClock
) -> None:
    slow = [take(container, f"{silent.url}/{n}") for n in range(5)]
    quick = take(container, site.page("/a", PAGE))

    threads, answers = in_threads(fetching.run, slow)
    until(lambda: silent.held == 2 and len(answers) == 3)
    assert answers == ["pending"] * 3
    assert fetching.run(quick) == "pending"
    assert container.code_articles.run(quick) == "coded", "another host's page is fetched meanwhile"
    with container.ledger.read() as unit:
        assert unit.articles.due(clock.now(), clock.now().replace(year=2030), 10, with_text=False) == []
    clock.advance(seconds=PAUSE.total_seconds())
    with container.ledger.read() as unit:
        due = unit.articles.due(clock.now(), clock.now().replace(year=2030), 10, with_text=False)
    assert len(due) == 1, "they are due one after the other"

    silent.hang_up()
    for thread in threads:
        thread.join()
    stored = [container.lookups.article(id).article for id in slow]
    assert sorted((article.fetches, article.attempts) for article in stored) == [(0, 0)] * 3 + [(1, 0)] * 2


def test_a_feed_of_a_host_without_a_free_place_is_put_off(
    silent: SilentHost, container: Container, fetching: FetchArticles, clock: ChosenClock
) -> None:
    feeds: Feeds = container.feeds
    feed = feeds.add(f"{silent.url}/rss")
    threads, _ = in_threads(fetching.run, [take(container, f"{silent.url}/{n}") for n in range(2)])
    until(lambda: silent.held == 2)

    assert feeds.poll(feed.id) is None
    silent.hang_up()
    for thread in threads:
        thread.join()

    after = feeds.get(feed.id)
    assert (after.last_polled_at, after.failures) == (None, 0)
    assert after.next_poll_at == clock.now() + PAUSE


def test_due_feeds_that_have_a_message_are_not_queued_again(container: Container) -> None:
    for n in range(3):
        container.feeds.add(f"https://news.example/{n}.rss")
    assert container.queue.waiting("poll") == 3
    assert container.feeds.ring_for_due() == 0


def test_a_lost_message_of_a_page_is_sent_again_whatever_waits_to_be_coded(
    container: Container, clock: ChosenClock
) -> None:
    take(container, "https://news.example/1")
    for n in range(5):
        container.ingest.submit(ArticleDraft("agency", text=f"Nothing happened, {n} times."))
    clock.advance(minutes=1)

    assert container.sweeper.ring_again() == 1
    assert (container.queue.waiting("code"), container.queue.waiting("fetch")) == (5, 1)
    assert container.sweeper.ring_again() == 0


# The parts as processes

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes through /proc")


@linux
def test_articles_are_coded_while_a_subscriber_and_a_website_never_answer(silent: SilentHost, tmp_path: Path) -> None:
    with silent_host() as website, up(tmp_path, ENTENTE_FETCH_LOOPBACK="on") as (_, places):
        found = running.find(tmp_path)
        assert found
        url = f"sqlite:///{tmp_path}/entente.db"
        container = Container(Settings(tmp_path, url, redis_url=found.redis_url, fetch_loopback=True))
        container.subscriptions.add(silent.url, Wants(historic=True))
        container.feeds.add(f"{website.url}/rss")
        for n in range(6):
            container.ingest.submit(ArticleDraft("news.example", url=f"{website.url}/{n}"))
        for target in ("Kosovo", "Palestine", "Armenia", "Georgia", "Ukraine", "Moldova", "Serbia"):
            text = f"Kenya recognised {target} as an independent state on Tuesday."
            container.ingest.submit(ArticleDraft("Test Wire", text=text, language="en"))
        until(lambda: silent.held and website.held)

        ids = [
            container.ingest.submit(ArticleDraft("Test Wire", text=f"Item {n}. {RECOGNITION}")).article_id
            for n in range(20)
        ]
        until(lambda: all(container.lookups.article(id).article.status == "coded" for id in ids))

        # Both are asked still; between two attempts some seconds may pass.
        until(lambda: silent.held and website.held)
        assert silent.most_held <= 4
        assert website.most_held <= 2
        parts = requests.get(places["api"].replace("/v1", "/readyz"), timeout=30).json()["parts"]
        assert parts == dict.fromkeys(PARTS, "up")
        container.close()


@linux
@pytest.mark.parametrize(("arguments", "parts"), [((), set(PARTS)), (("--only", "fetcher"), {"fetcher"})])
def test_the_parts_that_take_tasks_run_together_or_alone_and_end_together(
    own_redis, tmp_path: Path, arguments: tuple[str, ...], parts: set[str]
) -> None:
    with own_redis() as (url, _), (tmp_path / "log").open("wb") as log:
        given = environment(tmp_path, ENTENTE_REDIS_URL=url)
        process = subprocess.Popen([ENTENTE, "work", *arguments], env=given, stdout=log, stderr=log)
        queue = CeleryDoorbell(url)
        try:
            until(lambda: set(queue.workers()) == parts)
            members = family(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            ended = process.wait(60)
        assert ended == 0, (tmp_path / "log").read_text()
        assert not any(alive(pid) for pid in members)
