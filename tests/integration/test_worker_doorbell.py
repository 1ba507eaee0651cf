"""The task queue on a Redis that is up, frozen, gone, or back."""

import signal
import threading
import time

import pytest
from redis import Redis

from entente.doorbell.bell import RING_TIMEOUT, CeleryDoorbell
from entente.doorbell.broker import broker_url
from entente.doorbell.names import CODE_ARTICLE, INGEST, ROUTES, SWEEP
from entente.services.circuit_breaker import FIRST_PAUSE, CircuitBreaker

#: What a request may spend on a broker that doesn't answer: it takes up to 0.3 s, and a busy machine gets room.
BOUND_SECONDS = 1.0


def timed(call):
    started = time.perf_counter()
    return call(), time.perf_counter() - started


def test_ringing_puts_one_message_with_only_the_id_into_the_ingest_queue(redis_url):
    assert CeleryDoorbell(redis_url).code_article("a1")
    with Redis.from_url(redis_url) as client:
        (message,) = client.lrange(INGEST, 0, -1)
    assert CODE_ARTICLE.encode() in message


def test_the_bells_that_wait_are_counted(redis_url):
    bell = CeleryDoorbell(redis_url)
    assert bell.waiting("code") == 0
    for number in range(3):
        bell.code_article(f"a{number}")
    assert bell.waiting("code") == 3


def test_counting_the_bells_of_a_frozen_broker_is_bounded(own_redis):
    with own_redis() as (url, redis):
        redis.send_signal(signal.SIGSTOP)
        count, seconds = timed(lambda: CeleryDoorbell(url).waiting("code"))
    assert count == 0
    assert seconds < BOUND_SECONDS


def test_a_frozen_broker_costs_a_request_less_than_the_bound(own_redis):
    with own_redis() as (url, redis):
        bell = CeleryDoorbell(url)
        assert bell.code_article("while it is up")
        redis.send_signal(signal.SIGSTOP)
        for connected in (bell, CeleryDoorbell(url)):
            rung, seconds = timed(lambda bell=connected: bell.code_article("a1"))
            assert not rung
            assert seconds < BOUND_SECONDS
            again, seconds = timed(lambda bell=connected: bell.code_article("a2"))
            assert not again
            assert seconds < RING_TIMEOUT / 2


def test_many_threads_ringing_a_frozen_broker_all_stay_within_the_bound(own_redis):
    with own_redis() as (url, redis):
        bell = CeleryDoorbell(url)
        bell.code_article("while it is up")
        redis.send_signal(signal.SIGSTOP)
        spent: list[float] = []
        threads = [
            threading.Thread(target=lambda: spent.append(timed(lambda: bell.code_article("a"))[1])) for _ in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(spent) == 16
        assert max(spent) < BOUND_SECONDS


def test_counting_workers_of_a_frozen_broker_is_bounded(own_redis):
    with own_redis() as (url, redis):
        redis.send_signal(signal.SIGSTOP)
        count, seconds = timed(CeleryDoorbell(url).workers)
    assert count == {}
    assert seconds < 3


def test_the_bell_rings_again_once_the_broker_is_back(own_redis):
    with own_redis() as (url, redis):
        now = [0.0]
        bell = CeleryDoorbell(url, CircuitBreaker("Redis", monotonic=lambda: now[0]))
        redis.send_signal(signal.SIGSTOP)
        assert not bell.code_article("a1")
        redis.send_signal(signal.SIGCONT)
        assert not bell.code_article("still quiet")
        now[0] += FIRST_PAUSE
        assert bell.code_article("a2")


def test_a_broker_without_memory_refuses_and_is_asked_again(redis_url):
    bell = CeleryDoorbell(redis_url, CircuitBreaker("Redis"))
    with Redis.from_url(redis_url) as client:
        client.config_set("maxmemory", 1)
        try:
            assert not bell.code_article("a1")
        finally:
            client.config_set("maxmemory", 0)
    assert bell.code_article("a2")


def test_a_broker_that_is_gone_raises_nothing():
    bell = CeleryDoorbell("unix:///nowhere/redis.sock")
    rung, seconds = timed(lambda: bell.code_article("a1"))
    assert not rung
    assert seconds < BOUND_SECONDS


@pytest.mark.parametrize(
    ("url", "celery"),
    [
        ("redis://host:6379/2", "redis://host:6379/2"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("unix://:word@/run/redis.sock", "redis+socket://:word@/run/redis.sock"),
    ],
)
def test_a_socket_has_another_name_for_celery(url, celery):
    assert broker_url(url) == celery


def test_the_sweeper_never_waits_behind_articles():
    assert ROUTES[SWEEP] != ROUTES[CODE_ARTICLE]


@pytest.mark.parametrize(("ring", "work"), [("fetch_article", "fetch"), ("poll_feed", "poll"), ("deliver", "deliver")])
def test_each_kind_of_work_has_a_queue_of_its_own(redis_url, ring, work):
    bell = CeleryDoorbell(redis_url)
    getattr(bell, ring)("id")
    assert {kind: bell.waiting(kind) for kind in ("code", "fetch", "poll", "deliver")} == {
        kind: int(kind == work) for kind in ("code", "fetch", "poll", "deliver")
    }
