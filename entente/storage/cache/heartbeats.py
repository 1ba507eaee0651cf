"""RedisHeartbeats: the Heartbeats port as Redis keys that expire."""

from collections.abc import Sequence
from contextlib import suppress

from redis import Redis
from redis.exceptions import RedisError

from entente.services.ports.cache import CacheUnavailable
from entente.storage.cache.redis_cache import TIMEOUT
from entente.storage.cache.redis_keys import HEARTBEAT_TTL, Keys


class RedisHeartbeats:
    """One key a part, whichever of its processes wrote it last."""

    def __init__(self, url: str, prefix: str = "entente") -> None:
        self._redis = Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
        self._keys = Keys(prefix)

    def note(self, part: str) -> None:
        # The next one comes in two seconds.
        with suppress(RedisError):
            self._redis.set(self._keys.heartbeat(part), b"", ex=HEARTBEAT_TTL)

    def missing(self, parts: Sequence[str]) -> list[str]:
        try:
            found = self._redis.mget([self._keys.heartbeat(part) for part in parts])
        except RedisError as error:
            raise CacheUnavailable(f"Redis can't be reached: {error}") from error
        return [part for part, seen in zip(parts, found, strict=True) if seen is None]
