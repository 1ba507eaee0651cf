"""NearStateCache: the StateCache port on Redis with in-process copies, by server-assisted client-side caching.

One connection tracks every key under the prefix; a thread receives the invalidations on a second one. The thread also
pings on both. A pong on the second means that every invalidation sent before the ping has arrived, so copies may be
served for MAX_AGE after the ping was sent. If the connection is lost or the thread starved, no copies are served.
"""

import os
import threading
import time
import weakref
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import date
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.exceptions import RedisError
from redis.retry import Retry

from entente.relations.dyads import Dyad
from entente.services.circuit_breaker import CircuitBreaker
from entente.services.ports.cache import CachedRelation, CacheUnavailable
from entente.storage.cache.redis_cache import TIMEOUT, RedisStateCache

#: Seconds for which copies may be served after an answered ping was sent.
MAX_AGE = 0.1
_PING_EVERY = 0.03
_RETRY_AFTER = 0.5
_CHANNEL = "__redis__:invalidate"

#: Most records kept in a process, about 4 kB each; the oldest entry is dropped first.
CAPACITY = 10_000

_Name = tuple[str, str]


class NearStateCache(RedisStateCache):
    """A RedisStateCache that serves reads from in-process copies while they are known to be current."""

    def __init__(self, url: str, prefix: str = "entente", breaker: CircuitBreaker | None = None) -> None:
        super().__init__(url, prefix, breaker)
        self._prefix = f"{prefix}:"
        # Under RESP3, the default, invalidations are push messages, which redis-py's PubSub doesn't return.
        self._plain = Redis.from_url(
            url, protocol=2, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0)
        )
        self._reset()
        _reset_after_fork(self)

    def _reset(self) -> None:
        self._copies: dict[_Name, tuple[CachedRelation, date] | object] = {}
        self._good_until = 0.0
        self._starting = threading.Lock()
        self._listener: threading.Thread | None = None
        self._stopped = threading.Event()

    def get(self, source: str, target: str, as_of: date) -> CachedRelation | None:
        name = (source, target)
        if time.monotonic() < self._good_until:
            copy = self._copies.get(name)
            if type(copy) is tuple and copy[1] == as_of:
                found: CachedRelation = copy[0]
                return found
        elif self._listener is None:
            self._listen()
        # An invalidation during the read removes the mark, and then the record is not kept.
        mark = object()
        self._copies[name] = mark
        entry = super().get(source, target, as_of)
        if entry is not None and self._copies.get(name) is mark:
            self._copies[name] = (entry, as_of)
            self._make_room()
        return entry

    def outdate(self, versions: Mapping[Dyad, int]) -> None:
        try:
            super().outdate(versions)
        finally:
            # Not only when the invalidation comes: who writes and then reads in one process reads what he wrote.
            for dyad in versions:
                self._copies.pop((dyad.a, dyad.b), None)
                self._copies.pop((dyad.b, dyad.a), None)

    def close(self) -> None:
        """Stop listening, close pooled connections; the cache opens new ones if it is used again."""
        self._stopped.set()
        if self._listener:
            self._listener.join(timeout=2)
        self._reset()
        self._plain.close()
        super().close()

    def _listen(self) -> None:
        with self._starting:
            if self._listener is None:
                name = "cache-invalidations"
                self._listener = threading.Thread(target=_follow, args=(weakref.ref(self),), name=name, daemon=True)
                self._listener.start()

    def _make_room(self) -> None:
        while len(self._copies) > CAPACITY:
            self._copies.pop(next(iter(self._copies)), None)

    def _vouch(self, sent: float) -> None:
        self._good_until = sent + MAX_AGE

    def _forget(self, keys: Iterable[bytes] | None) -> None:
        """Drop the copies of these keys; all copies if Redis was flushed or the current generation changed."""
        for key in keys or [b"*"]:
            direction = key.decode().rpartition(":")[2].partition(">")
            if direction[1]:
                self._copies.pop((direction[0], direction[2]), None)
            else:
                self._copies.clear()

    def _lose(self) -> None:
        self._good_until = 0.0
        self._copies.clear()


def _follow(reference: "weakref.ref[NearStateCache]") -> None:
    """Listen for invalidations while the cache exists; reconnect after a lost connection."""
    while (cache := reference()) is not None:
        stopped = cache._stopped
        try:
            _hear(cache, stopped)
        except (CacheUnavailable, RedisError, OSError):
            # Copies are dropped below; reads go to Redis until the thread listens again.
            pass
        finally:
            cache._lose()
        del cache
        if stopped.wait(_RETRY_AFTER):
            return


def _hear(cache: NearStateCache, stopped: threading.Event) -> None:
    plain: Any = cache._plain  # redis-py doesn't type `pubsub` and `client`
    with ExitStack() as connections:
        with cache._asked():
            heard = connections.enter_context(plain.pubsub())
            tracker = connections.enter_context(plain.client())
            # Before subscribing: in RESP2 a subscribed connection takes no other commands.
            heard.connection = plain.connection_pool.get_connection()
            heard.connection.send_command("CLIENT", "ID")
            listener = heard.connection.read_response()
            heard.subscribe(_CHANNEL)
            tracker.execute_command("CLIENT", "TRACKING", "ON", "REDIRECT", listener, "BCAST", "PREFIX", cache._prefix)
        cache._lose()
        while not stopped.is_set():
            sent = time.monotonic()
            with cache._asked():
                # Tracking ends with its connection, so that one is pinged as well.
                tracker.ping()
                heard.ping()
                # A pong that comes late is no failure: it may be this thread that had to wait.
                answered = _until_answered(cache, heard, sent + MAX_AGE)
            if not answered:
                return
            cache._vouch(sent)
            _take(cache, heard, sent + _PING_EVERY)


def _until_answered(cache: NearStateCache, heard: PubSub, deadline: float) -> bool:
    while (left := deadline - time.monotonic()) > 0:
        message = heard.get_message(timeout=left)
        if message and message["type"] == "pong":
            return True
        _note(cache, message)
    return False


def _take(cache: NearStateCache, heard: PubSub, deadline: float) -> None:
    while (left := deadline - time.monotonic()) > 0:
        _note(cache, heard.get_message(timeout=left))


def _note(cache: NearStateCache, message: dict[str, object] | None) -> None:
    if message and message["type"] == "message":
        data = message["data"]
        cache._forget(data if isinstance(data, list) else None)


def _reset_after_fork(cache: NearStateCache) -> None:
    """Reset the cache in a forked child: threads don't survive a fork, so it has no copies until it listens."""
    reference = weakref.ref(cache)

    def reset() -> None:
        found = reference()
        if found is not None:
            found._reset()

    os.register_at_fork(after_in_child=reset)
