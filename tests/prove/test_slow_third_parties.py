"""Coding's rate while a subscriber and a website accept and never answer, relative to its rate without them."""

import os
import time
from pathlib import Path

import pytest

from entente.bootstrap import running
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.articles import ArticleDraft
from entente.services.ports.subscriptions import Subscription
from entente.services.ports.wants import Wants
from tests.e2e.test_prove_kills import STATES
from tests.processes import until
from tests.prove.figures import record
from tests.running_stack import up
from tests.silent_host import SilentHost, silent_host

pytestmark = pytest.mark.prove

#: Articles of one round, and how often the four rounds (without, with, with, without) are gone through.
ARTICLES = int(os.environ.get("ENTENTE_PROVE_ARTICLES", "150"))
TIMES = int(os.environ.get("ENTENTE_PROVE_TIMES", "3"))
PENDING = 7


class Round:
    """Codes articles on a running stack, and has third parties hang meanwhile or not."""

    def __init__(self, container: Container, subscriber: SilentHost, website: SilentHost) -> None:
        self._container = container
        self._subscriber = subscriber
        self._website = website
        self._made = 0
        self._pages: list[str] = []
        self._subscription: Subscription = container.subscriptions.add(subscriber.url, Wants(historic=True))

    def quiet(self) -> float:
        """Articles coded a second while nobody else is asked anything."""
        self._container.subscriptions.set_active(self._subscription.id, active=False)
        with self._container.ledger.write() as unit:
            for article_id in self._pages:
                unit.articles.retract(article_id, "its round is over")
            unit.commit()
        self._pages.clear()
        until(lambda: not self._subscriber.held and not self._website.held, seconds=60)
        return self._rate()

    def slow(self) -> float:
        """Articles coded a second while deliveries and fetches hang."""
        self._container.subscriptions.set_active(self._subscription.id, active=True)
        for n in range(PENDING):
            url = f"{self._website.url}/{self._made}/{n}"
            taken = self._container.ingest.submit(ArticleDraft("news.example", url=url))
            self._pages.append(taken.article_id)
        until(lambda: self._subscriber.held and self._website.held, seconds=60)
        deliveries = self._container.subscriptions.deliveries(self._subscription.id, 0, 1000)
        assert sum(delivery.status == "pending" for delivery in deliveries) >= PENDING
        rate = self._rate()
        # It is asked still; between two attempts some seconds may pass.
        until(lambda: self._subscriber.held, seconds=60)
        return rate

    def _rate(self) -> float:
        texts = []
        for n in range(self._made, self._made + ARTICLES):
            one, other = divmod(n % (len(STATES) * (len(STATES) - 1)), len(STATES) - 1)
            other += other >= one
            texts.append(f"Report {n}. {STATES[one]} recalled its ambassador to {STATES[other]} on Monday.")
        self._made += ARTICLES
        ids = [self._container.ingest.submit(ArticleDraft("Wire", text=text), ring=False).article_id for text in texts]
        begun = time.monotonic()
        for article_id in ids:
            self._container.queue.code_article(article_id)
        until(lambda: all(self._is_coded(article_id) for article_id in reversed(ids)), seconds=600)
        return ARTICLES / (time.monotonic() - begun)

    def _is_coded(self, article_id: str) -> bool:
        with self._container.ledger.read() as unit:
            article = unit.articles.get(article_id)
        return article is not None and article.status not in ("pending", "coding")


def test_coding_keeps_its_rate_while_third_parties_never_answer(tmp_path: Path) -> None:
    with silent_host() as subscriber, silent_host() as website, up(tmp_path, ENTENTE_FETCH_LOOPBACK="on"):
        found = running.find(tmp_path)
        assert found
        url = f"sqlite:///{tmp_path}/entente.db"
        container = Container(Settings(tmp_path, url, redis_url=found.redis_url, fetch_loopback=True))
        round_ = Round(container, subscriber, website)
        round_.quiet()  # warms up, and makes changes to be delivered
        without, with_ = [], []
        for _ in range(TIMES):
            # In this order what grows from round to round weighs on both alike.
            without.append(round_.quiet())
            with_ += [round_.slow(), round_.slow()]
            without.append(round_.quiet())
        container.close()
    ratio = sum(with_) / sum(without)
    rates = [", ".join(f"{rate:.1f}" for rate in some) for some in (without, with_)]
    assert record(
        "",
        "coding keeps its rate while a subscriber and a website never answer",
        figure=f"{ARTICLES} articles a round, a second: without {rates[0]}; with {rates[1]}; ratio {ratio:.2f}",
        aim="≥ 0.9",
        held=ratio >= 0.9,
        full=True,
    )
