"""NearStateCache: in-process copies are never older than MAX_AGE, and are dropped with the connection."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from redis import Redis

from entente.relations.dyads import Dyad
from entente.services.ports.cache import CachedRelation, CacheUnavailable
from entente.storage.cache.near_cache import MAX_AGE, NearStateCache
from entente.storage.cache.redis_cache import RedisStateCache

DAY = date(2025, 7, 4)


def entry(version: int) -> CachedRelation:
    return CachedRelation(b"record %d" % version, version)


@pytest.fixture
def near(redis_url: str) -> Iterator[NearStateCache]:
    near = NearStateCache(redis_url)
    yield near
    near.close()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def served_from_the_process(near: NearStateCache) -> bool:
    """True once a read is answered without Redis: the very object comes back."""
    return near.get("RUS", "AFG", DAY) is near.get("RUS", "AFG", DAY)


def test_a_record_read_before_is_served_from_the_process(near: NearStateCache, cache: RedisStateCache) -> None:
    cache.put("RUS", "AFG", DAY, entry(1))
    wait_for(lambda: served_from_the_process(near))
    assert near.get("RUS", "AFG", DAY) == entry(1)
    assert near.get("AFG", "RUS", DAY) is None


def test_what_is_written_elsewhere_is_served_within_a_tenth_of_a_second_and_never_taken_back(
    near: NearStateCache, cache: RedisStateCache
) -> None:
    cache.put("RUS", "AFG", DAY, entry(1))
    wait_for(lambda: served_from_the_process(near))
    seen, taken = 1, []
    for version in range(2, 100):
        cache.put("RUS", "AFG", DAY, entry(version))
        written = time.monotonic()
        while seen < version:
            found = near.get("RUS", "AFG", DAY)
            assert found
            assert found.version >= seen
            seen = found.version
        taken.append(time.monotonic() - written)
    # Single ones may take longer where the machine is busy.
    assert statistics.median(taken) < MAX_AGE
    assert max(taken) < MAX_AGE + 5


def test_what_is_outdated_in_the_process_itself_is_never_served_from_it_again(
    near: NearStateCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    near.put("RUS", "AFG", DAY, entry(1))
    wait_for(lambda: served_from_the_process(near))
    # However late the invalidation comes.
    monkeypatch.setattr(NearStateCache, "_forget", lambda *_: None)
    monkeypatch.setattr(near, "_good_until", time.monotonic() + 60)

    near.outdate({Dyad.of("RUS", "AFG"): 2})

    assert near.get("RUS", "AFG", DAY) is None


def test_a_new_generation_and_a_flush_are_seen(near: NearStateCache, cache: RedisStateCache, redis_url: str) -> None:
    cache.put("RUS", "AFG", DAY, entry(1))
    wait_for(lambda: served_from_the_process(near))
    generation = cache.start_generation()
    cache.put_into(generation, "RUS", "AFG", DAY, entry(2))
    cache.flip(generation)
    wait_for(lambda: near.get("RUS", "AFG", DAY) == entry(2))
    with Redis.from_url(redis_url) as client:
        client.flushall()
    wait_for(lambda: near.get("RUS", "AFG", DAY) is None)


def test_a_killed_redis_takes_the_copies_with_it(own_redis) -> None:  # type: ignore[no-untyped-def]  # a fixture
    with own_redis() as (url, process):
        near = NearStateCache(url)
        near.put("RUS", "AFG", DAY, entry(1))
        wait_for(lambda: served_from_the_process(near))
        process.kill()
        process.wait()
        time.sleep(2 * MAX_AGE)
        with pytest.raises(CacheUnavailable):
            near.get("RUS", "AFG", DAY)
        near.close()
