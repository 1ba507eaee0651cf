"""RedisHeartbeats: the Heartbeats port as Redis keys that expire."""

from collections.abc import Sequence
from contextlib import suppress

from redis import Redis

from entente.services.circuit_breaker import CircuitBreaker
from entente.services.ports.cache import CacheUnavailable
from entente.storage.cache.redis_cache import TIMEOUT, asked
from entente.storage.cache.redis_keys import HEARTBEAT_TTL, Keys


class RedisHeartbeats:
    """One key a part, whichever of its processes wrote it last."""

    def __init__(self, url: str, prefix: str = "entente", breaker: CircuitBreaker | None = None) -> None:
        """`breaker`: the process's one for Redis; without it, this has its own."""
        self._breaker = breaker or CircuitBreaker("Redis")
        self._redis = Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
        self._keys = Keys(prefix)

    def note(self, part: str) -> None:
        # The next one comes in two seconds.
        with suppress(CacheUnavailable), asked(self._breaker):
            self._redis.set(self._keys.heartbeat(part), b"", ex=HEARTBEAT_TTL)

    def missing(self, parts: Sequence[str]) -> list[str]:
        with asked(self._breaker):
            found = self._redis.mget([self._keys.heartbeat(part) for part in parts])
        return [part for part, seen in zip(parts, found, strict=True) if seen is None]
