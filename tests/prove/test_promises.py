"""Promises 3 and 15 (docs/promises.md) with figures: a frozen broker, and malicious pages."""

import gzip
import json
import os
import signal
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
import requests

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.cli.bench.processor import forget_peak, peak_megabytes
from entente.services.ports.fetching import PAGE_TYPES, FetchFailed
from entente.web.fetcher import GuardedFetcher
from tests.integration.web_server import Site, serving
from tests.processes import command_line, family
from tests.prove.figures import percentile, record, size
from tests.running_stack import up

pytestmark = pytest.mark.prove

#: Seconds between two articles: what one worker can code again soon after.
PAUSE = 0.1
FROZEN_SECONDS, ALL_SECONDS = size("ENTENTE_PROVE_FROZEN", 20, 60), 60


def test_with_the_broker_frozen_every_article_is_answered_and_soon(tmp_path) -> None:
    with up(tmp_path) as (process, places):
        container = Container(Settings(tmp_path, f"sqlite:///{tmp_path}/entente.db"))
        key = container.keys.add("prove", ["ingest"]).token
        redis = next(pid for pid in family(process.pid) if any(b"redis-server" in word for word in command_line(pid)))
        waits: list[float] = []
        statuses: set[int] = set()
        os.kill(redis, signal.SIGSTOP)
        try:
            until = time.monotonic() + FROZEN_SECONDS
            with requests.Session() as session:
                session.headers["Authorization"] = f"Bearer {key}"
                while time.monotonic() < until:
                    text = f"Report {len(waits)}. France recalled its ambassador to Mali on Monday."
                    sent = time.monotonic()
                    statuses.add(session.post(f"{places['api']}/articles", json={"text": text}, timeout=30).status_code)
                    waits.append(time.monotonic() - sent)
                    time.sleep(PAUSE)
        finally:
            os.kill(redis, signal.SIGCONT)
        thawed = time.monotonic()
        while True:
            with container.ledger.read() as unit:
                left = unit.articles.unfinished(1)
            if not left:
                break
            assert time.monotonic() - thawed < 600
            time.sleep(0.5)
        drained = time.monotonic() - thawed
        p99 = 1000 * percentile(waits, 0.99)
        container.close()
        full = FROZEN_SECONDS >= ALL_SECONDS
        answered = record(
            "3",
            "every article is answered while the broker is frozen",
            figure=f"frozen for {FROZEN_SECONDS} s: {len(waits)} articles, answers {statuses}, 99th percentile "
            f"{p99:.0f} ms, slowest {1000 * max(waits):.0f} ms",
            aim="all 202, 99th percentile < 500 ms; 60 s",
            held=statuses == {202} and p99 < 500,
            full=full,
        )
        coded = record(
            "4",
            "the backlog is then coded without intervention",
            figure=f"{len(waits)} articles coded {drained:.1f} s after the broker resumed",
            aim="≤ 60 s",
            held=drained <= 60,
            full=full,
        )
        assert answered
        assert coded


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def test_pages_that_would_do_harm_are_bounded_in_time_and_memory(site: Site) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n")
        for _ in range(600):
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.1)

    bomb = gzip.compress(b"a" * 200_000_000)
    places = {
        "bomb": site.page("/bomb", bomb, Content_Encoding="gzip"),
        "drip": site.raw("/drip", drip),
        "redirects": site.status("/round", 302, Location="/round"),
        "endless": site.page("/endless", b"<p>" + b"b" * 40_000_000),
    }
    fetcher = GuardedFetcher("EntenteTest/1", loopback=True)
    before = forget_peak()
    told = {}
    for name, url in places.items():
        begun = time.monotonic()
        with pytest.raises(FetchFailed) as failed:
            fetcher.fetch(url, PAGE_TYPES)
        told[name] = (round(time.monotonic() - begun, 1), str(failed.value))
    grown = peak_megabytes() - before

    print(f"\n{json.dumps(told, indent=2)}")
    slowest = max(seconds for seconds, _ in told.values())
    assert record(
        "15",
        "a harmful page costs bounded time and memory",
        figure=f"{', '.join(f'{name} {seconds} s' for name, (seconds, _) in told.items())}; "
        f"memory grew by {grown:.0f} MB",
        aim="≤ 25 s, < 100 MB",
        held=slowest <= 25 and grown < 100,
        full=True,
    )
