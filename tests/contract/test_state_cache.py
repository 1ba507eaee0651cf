"""The StateCache port, on a real Redis."""

import itertools
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from subprocess import Popen

import pytest
from redis import Redis
from redis.crc import key_slot

from entente.services.circuit_breaker import FIRST_PAUSE, CircuitBreaker
from entente.services.ports.cache import CachedRelation, CacheUnavailable
from entente.storage.cache.redis_cache import RedisStateCache
from entente.storage.cache.redis_keys import RECORD_TTL, Keys
from tests.contract.helpers import AFG_RUS, at_once

TODAY = date(2025, 7, 4)
YESTERDAY = TODAY - timedelta(days=1)

RunningRedis = Callable[[], AbstractContextManager[tuple[str, Popen[bytes]]]]


def entry(version: int, body: bytes | None = None) -> CachedRelation:
    return CachedRelation(body or f'{{"version": {version}}}'.encode(), version)


def version_of(cache: RedisStateCache, as_of: date = TODAY) -> int | None:
    found = cache.get("RUS", "AFG", as_of)
    return found.version if found else None


@pytest.fixture
def redis(redis_url: str) -> Iterator["Redis"]:
    with Redis.from_url(redis_url) as client:
        yield client


def test_a_record_comes_back_byte_for_byte(cache: RedisStateCache) -> None:
    body = bytes(range(256))
    assert cache.get("RUS", "AFG", TODAY) is None
    assert cache.put("RUS", "AFG", TODAY, CachedRelation(body, 7))
    assert cache.get("RUS", "AFG", TODAY) == CachedRelation(body, 7)


def test_the_two_directions_are_two_records_on_one_cluster_node(cache: RedisStateCache) -> None:
    cache.put("RUS", "AFG", TODAY, entry(1))
    assert cache.get("AFG", "RUS", TODAY) is None
    cache.put("AFG", "RUS", TODAY, entry(2))
    assert version_of(cache) == 1
    keys = Keys("entente")
    slots = {key_slot(keys.record("0", *pair).encode()) for pair in (("RUS", "AFG"), ("AFG", "RUS"))}
    assert len(slots) == 1
    assert key_slot(keys.current.encode()) == key_slot(keys.building.encode())


def test_a_record_of_another_day_is_a_miss(cache: RedisStateCache) -> None:
    cache.put("RUS", "AFG", TODAY, entry(1))
    assert version_of(cache, YESTERDAY) is None
    assert version_of(cache, TODAY + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("first", "second", "wins"),
    [
        ((2, TODAY), (1, TODAY), "first"),
        ((1, TODAY), (2, TODAY), "second"),
        ((1, TODAY), (1, YESTERDAY), "first"),
        ((1, YESTERDAY), (1, TODAY), "second"),
        ((1, TODAY), (2, YESTERDAY), "second"),
        ((2, YESTERDAY), (1, TODAY), "first"),
        ((9, TODAY), (10, TODAY), "second"),
    ],
)
def test_the_newer_version_wins_and_of_one_version_the_newer_day(
    cache: RedisStateCache, first: tuple[int, date], second: tuple[int, date], wins: str
) -> None:
    cache.put("RUS", "AFG", first[1], entry(first[0]))
    assert cache.put("RUS", "AFG", second[1], entry(second[0])) == (wins == "second")
    version, day = second if wins == "second" else first
    loser = first[1] if wins == "second" else second[1]
    assert version_of(cache, day) == version
    assert loser == day or version_of(cache, loser) is None


def test_of_sixteen_writers_that_pause_no_stale_one_ever_wins(redis_url: str, cache: RedisStateCache) -> None:
    versions = itertools.count(1)
    done = threading.Event()
    seen: list[int] = []

    def watch() -> None:
        while not done.is_set():
            seen.append(version_of(cache) or 0)

    def write(i: int) -> None:
        own = RedisStateCache(redis_url)
        pauses = random.Random(i)
        for _ in range(50):
            version = next(versions)
            time.sleep(pauses.choice((0, 0, 0.001, 0.01)))
            own.put("RUS", "AFG", TODAY, entry(version))
        own.close()

    reader = threading.Thread(target=watch)
    reader.start()
    at_once(write, 16)
    done.set()
    reader.join()
    assert len(set(seen)) > 10, "the reader saw too little to prove anything"
    assert seen == sorted(seen)
    assert version_of(cache) == 16 * 50


def test_a_dyad_that_moved_is_a_miss_both_ways_until_a_record_of_its_new_version_comes(
    cache: RedisStateCache,
) -> None:
    cache.put_all(TODAY, [("RUS", "AFG", entry(1)), ("AFG", "RUS", entry(1))])
    assert version_of(cache) == 1
    cache.outdate({AFG_RUS: 2})
    assert version_of(cache) is None
    assert cache.get("AFG", "RUS", TODAY) is None
    assert not cache.put("RUS", "AFG", TODAY, entry(1)), "made from the state before, by a slow reader"
    assert cache.put("RUS", "AFG", TODAY, entry(2))
    assert version_of(cache) == 2


def test_what_tells_late_that_a_dyad_moved_takes_no_newer_record_away(cache: RedisStateCache) -> None:
    cache.put("RUS", "AFG", TODAY, entry(3))
    cache.outdate({AFG_RUS: 2})
    cache.outdate({AFG_RUS: 3})
    assert version_of(cache) == 3


def test_a_dyad_that_moves_during_a_rebuild_is_a_miss_after_the_flip(cache: RedisStateCache) -> None:
    generation = cache.start_generation()
    cache.outdate({AFG_RUS: 2})
    cache.put_into(generation, "RUS", "AFG", TODAY, entry(1))
    cache.flip(generation)
    assert version_of(cache) is None


def test_a_record_lives_a_day_and_a_half(cache: RedisStateCache, redis: Redis) -> None:
    cache.put("RUS", "AFG", TODAY, entry(1))
    (key,) = redis.keys("*")
    assert RECORD_TTL - 60 < redis.ttl(key) <= RECORD_TTL == 36 * 3600


def test_a_generation_is_unseen_until_it_is_flipped_to(cache: RedisStateCache, redis: Redis) -> None:
    cache.put("RUS", "AFG", TODAY, entry(3))
    generation = cache.start_generation()
    cache.put_into(generation, "RUS", "AFG", TODAY, entry(2, b"rebuilt"))
    assert version_of(cache) == 3
    cache.flip(generation)
    assert cache.get("RUS", "AFG", TODAY) == entry(2, b"rebuilt")
    assert cache.put("RUS", "AFG", TODAY, entry(4))
    assert version_of(cache) == 4
    assert len(redis.keys("*")) == 2, "one record and the pointer: the old generation is gone"


def test_a_flip_drops_any_number_of_old_records(cache: RedisStateCache, redis: Redis) -> None:
    for number in range(2500):
        cache.put("RUS", f"C{number:04}", TODAY, entry(1))
    cache.flip(cache.start_generation())
    assert len(redis.keys("*")) == 1


def test_what_is_projected_during_a_rebuild_outlives_the_flip(redis_url: str, cache: RedisStateCache) -> None:
    worker = RedisStateCache(redis_url)
    generation = cache.start_generation()
    cache.put_into(generation, "RUS", "AFG", TODAY, entry(1))
    worker.put("RUS", "AFG", TODAY, entry(2))
    cache.put_into(generation, "RUS", "AFG", TODAY, entry(1))
    assert version_of(worker) == 2
    cache.flip(generation)
    assert version_of(worker) == version_of(cache) == 2
    worker.close()


def test_a_process_that_knew_the_old_generation_reads_and_writes_the_new_one(
    redis_url: str, cache: RedisStateCache
) -> None:
    other = RedisStateCache(redis_url)
    other.put("RUS", "AFG", TODAY, entry(1))
    assert version_of(other) == 1
    for version in (2, 3):
        generation = cache.start_generation()
        cache.put_into(generation, "RUS", "AFG", TODAY, entry(version))
        cache.flip(generation)
        assert version_of(other) == version
    other.put("RUS", "AFG", TODAY, entry(4))
    assert version_of(cache) == 4
    other.close()


def test_a_rebuild_that_another_overtook_is_dropped(cache: RedisStateCache, redis: Redis) -> None:
    cache.put("RUS", "AFG", TODAY, entry(1))
    overtaken, latest = cache.start_generation(), cache.start_generation()
    cache.put_into(overtaken, "RUS", "AFG", TODAY, entry(2))
    cache.put_into(latest, "RUS", "AFG", TODAY, entry(3))
    cache.flip(overtaken)
    assert version_of(cache) == 1
    cache.flip(latest)
    assert version_of(cache) == 3
    assert len(redis.keys("*")) == 2


def test_a_wiped_redis_misses_and_can_be_filled_again(cache: RedisStateCache, redis: Redis) -> None:
    cache.flip(cache.start_generation())
    cache.put("RUS", "AFG", TODAY, entry(5))
    redis.flushall()
    redis.script_flush()
    assert version_of(cache) is None
    assert cache.put("RUS", "AFG", TODAY, entry(1))
    assert version_of(cache) == 1


def test_a_rebuild_during_which_redis_was_wiped_shows_nothing_stale(cache: RedisStateCache, redis: Redis) -> None:
    generation = cache.start_generation()
    redis.flushall()
    cache.put("RUS", "AFG", TODAY, entry(2))
    cache.put_into(generation, "RUS", "AFG", TODAY, entry(1))
    cache.flip(generation)
    assert version_of(cache) == 2


def test_caches_of_different_prefixes_dont_meet(redis_url: str, cache: RedisStateCache) -> None:
    other = RedisStateCache(redis_url, prefix="staging")
    other.put("RUS", "AFG", TODAY, entry(1))
    cache.flip(cache.start_generation())
    assert version_of(cache) is None
    assert version_of(other) == 1
    other.close()


def test_a_connection_that_died_while_idle_is_replaced(cache: RedisStateCache, redis: Redis) -> None:
    cache.put("RUS", "AFG", TODAY, entry(1))
    redis.client_kill_filter(_type="normal", skipme=True)
    assert version_of(cache) == 1


def every_call(cache: RedisStateCache) -> list[Callable[[], object]]:
    return [
        cache.ping,
        cache.start_generation,
        lambda: cache.get("RUS", "AFG", TODAY),
        lambda: cache.put("RUS", "AFG", TODAY, entry(1)),
        lambda: cache.put_all(TODAY, [("RUS", "AFG", entry(1))]),
        lambda: cache.outdate({AFG_RUS: 1}),
        lambda: cache.put_into("g", "RUS", "AFG", TODAY, entry(1)),
        lambda: cache.flip("g"),
    ]


def test_without_redis_every_call_says_so_at_once(own_redis: RunningRedis) -> None:
    with own_redis() as (url, process):
        cache = RedisStateCache(url)
        cache.ping()
        process.kill()
        process.wait()
        for number in range(len(every_call(cache))):
            # A cache of its own each: the first failure would spare the others theirs.
            other = RedisStateCache(url)
            started = time.monotonic()
            with pytest.raises(CacheUnavailable, match="can't be reached"):
                every_call(other)[number]()
            assert time.monotonic() - started < 2
            other.close()
        cache.close()


def test_a_frozen_redis_is_given_up_within_a_second_and_then_left_alone(own_redis: RunningRedis) -> None:
    with own_redis() as (url, process):
        now = [0.0]
        cache = RedisStateCache(url, breaker=CircuitBreaker("Redis", monotonic=lambda: now[0]))
        cache.ping()
        process.send_signal(signal.SIGSTOP)
        started = time.monotonic()
        with pytest.raises(CacheUnavailable, match="can't be reached"):
            cache.ping()
        # Two time-outs, each of half a second. The rest is room for a busy machine; with two more it would fail.
        assert time.monotonic() - started < 1.9
        for call in every_call(cache):
            with pytest.raises(CacheUnavailable, match="not asked again"):
                call()
        process.send_signal(signal.SIGCONT)
        now[0] += FIRST_PAUSE
        for call in every_call(cache):
            call()
        cache.close()


def test_a_dyad_that_moved_while_redis_was_frozen_is_never_served_as_before(own_redis: RunningRedis) -> None:
    with own_redis() as (url, process):
        now = [0.0]
        cache = RedisStateCache(url, breaker=CircuitBreaker("Redis", monotonic=lambda: now[0]))
        cache.put("RUS", "AFG", TODAY, entry(1))
        process.send_signal(signal.SIGSTOP)
        for version in (3, 2):
            with pytest.raises(CacheUnavailable):
                cache.outdate({AFG_RUS: version})
        process.send_signal(signal.SIGCONT)
        with pytest.raises(CacheUnavailable, match="not asked again"):
            cache.get("RUS", "AFG", TODAY)
        now[0] += FIRST_PAUSE
        assert cache.get("RUS", "AFG", TODAY) is None
        assert not cache.put("RUS", "AFG", TODAY, entry(2)), "the later of the two is what it was told"
        assert cache.put("RUS", "AFG", TODAY, entry(3))
        assert version_of(cache) == 3
        cache.close()


def test_a_full_redis_is_unavailable_for_writing_and_readable(cache: RedisStateCache, redis: Redis) -> None:
    cache.put("RUS", "AFG", TODAY, entry(1))
    redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(CacheUnavailable, match="memory"):
            cache.put("RUS", "AFG", TODAY, entry(2))
        assert version_of(cache) == 1
    finally:
        redis.config_set("maxmemory", "0")
