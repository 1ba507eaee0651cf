"""RedisStateCache: the StateCache port on Redis.

A rebuild fills a new generation of keys while workers go on projecting. No write is lost: `put` writes into the
generation that is read and into the one being built. A writer that found none being built committed to the ledger
before the rebuild read it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from uuid import uuid4

from redis import Redis
from redis.backoff import NoBackoff
from redis.client import Pipeline
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout
from redis.retry import Retry

from entente.relations.dyads import Dyad
from entente.services.circuit_breaker import CircuitBreaker, CircuitOpen
from entente.services.ports.cache import CachedRelation, CacheUnavailable
from entente.storage.cache import scripts
from entente.storage.cache.redis_keys import BUILDING_TTL, FIRST_GENERATION, RECORD_TTL, Keys

#: Seconds that a call waits for Redis; beyond that, reading the ledger is faster.
TIMEOUT = 0.5

_SCAN = 1000


class RedisStateCache:
    """Relation records in Redis (`redis://`, `rediss://`, `unix://`). Connects on first use; safe between threads."""

    def __init__(self, url: str, prefix: str = "entente", breaker: CircuitBreaker | None = None) -> None:
        """`breaker`: the process's one for Redis; without it, this cache has its own."""
        self._breaker = breaker or CircuitBreaker("Redis")
        # One retry for a pooled connection that died while idle; none for a Redis that hangs.
        retry = Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
        self._redis = Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=retry)
        self._keys = Keys(prefix)
        self._put_if_newer = self._redis.register_script(scripts.load("put_if_newer"))
        self._outdate = self._redis.register_script(scripts.load("outdate"))
        self._flip = self._redis.register_script(scripts.load("flip"))
        # The current generation as last read. It may be outdated; every read checks it.
        self._generation = FIRST_GENERATION
        # What Redis could not be told, by dyad. It is told before anything is read again: a Redis that answers once
        # more still has the records from before.
        self._untold: dict[Dyad, int] = {}

    def get(self, source: str, target: str, as_of: date) -> CachedRelation | None:
        if self._untold:
            self.outdate({})
        with self._asked():
            guess = self._generation
            generation, record = self._look(guess, source, target)
            if generation != guess:
                self._generation = generation
                _, record = self._look(generation, source, target)
        version, day, body = record
        if version is None or body is None or day != as_of.isoformat().encode():
            return None
        return CachedRelation(body, int(version))

    def put(self, source: str, target: str, as_of: date, entry: CachedRelation) -> bool:
        with self._asked():
            written = [self._write(generation, source, target, as_of, entry) for generation in self._written_to()]
        return written[0]

    def put_all(self, as_of: date, entries: Sequence[tuple[str, str, CachedRelation]]) -> None:
        if not entries:
            return
        with self._asked(), self._redis.pipeline(transaction=False) as pipeline:
            for generation in self._written_to():
                for source, target, entry in entries:
                    self._write(generation, source, target, as_of, entry, pipeline)
            pipeline.execute()

    def outdate(self, versions: Mapping[Dyad, int]) -> None:
        for dyad, version in versions.items():
            self._untold[dyad] = max(version, self._untold.get(dyad, 0))
        told = dict(self._untold)
        if not told:
            return
        with self._asked(), self._redis.pipeline(transaction=False) as pipeline:
            for generation in self._written_to():
                for dyad, version in told.items():
                    for direction in ((dyad.a, dyad.b), (dyad.b, dyad.a)):
                        key = self._keys.record(generation, *direction)
                        self._outdate(keys=[key], args=[version, RECORD_TTL], client=pipeline)
            pipeline.execute()
        for dyad, version in told.items():
            # Another thread may have met a later version of it.
            if self._untold.get(dyad) == version:
                self._untold.pop(dyad, None)

    def start_generation(self) -> str:
        generation = uuid4().hex
        with self._asked():
            self._redis.set(self._keys.building, generation, ex=BUILDING_TTL)
        return generation

    def put_into(self, generation: str, source: str, target: str, as_of: date, entry: CachedRelation) -> None:
        with self._asked():
            self._write(generation, source, target, as_of, entry)

    def flip(self, generation: str) -> None:
        """Make that generation the one that is read, and drop the one before.

        A generation that is no longer the one being built (another rebuild began, or Redis was wiped) may be stale
        and is dropped instead.
        """
        with self._asked():
            before = self._flip(keys=[self._keys.current, self._keys.building], args=[generation, FIRST_GENERATION])
            self._drop(generation if before is None else _name(before))

    def ping(self) -> None:
        with self._asked():
            self._redis.ping()

    def close(self) -> None:
        """Close pooled connections; the cache opens new ones if it is used again."""
        self._redis.close()

    def _asked(self) -> AbstractContextManager[None]:
        return asked(self._breaker)

    def _look(self, generation: str, source: str, target: str) -> tuple[str, list[bytes | None]]:
        """The current generation, and the record as `generation` has it, in one round trip."""
        with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.get(self._keys.current)
            pipeline.hmget(self._keys.record(generation, source, target), "version", "day", "body")
            current, record = pipeline.execute()
        return _name(current), record

    def _written_to(self) -> list[str]:
        """The generation that is read, and the one being built, if any."""
        current, building = self._redis.mget(self._keys.current, self._keys.building)
        return [_name(current), *([_name(building)] if building else [])]

    def _write(
        self,
        generation: str,
        source: str,
        target: str,
        as_of: date,
        entry: CachedRelation,
        pipeline: Pipeline | None = None,
    ) -> bool:
        """True if written; in a pipeline the result is not known yet and has no meaning."""
        key = self._keys.record(generation, source, target)
        args: list[int | str | bytes] = [entry.version, as_of.isoformat(), entry.body, RECORD_TTL]
        return bool(self._put_if_newer(keys=[key], args=args, client=pipeline))

    def _drop(self, generation: str) -> None:
        some: list[bytes] = []
        for key in self._redis.scan_iter(self._keys.records(generation), count=_SCAN):
            some.append(key)
            if len(some) == _SCAN:
                self._redis.unlink(*some)
                some = []
        if some:
            self._redis.unlink(*some)


def _name(generation: bytes | str | None) -> str:
    return generation.decode() if isinstance(generation, bytes) else generation or FIRST_GENERATION


@contextmanager
def asked(breaker: CircuitBreaker) -> Iterator[None]:
    """Ask Redis in this context, unless it failed a moment ago. Raises CacheUnavailable."""
    try:
        with breaker.call(is_failure):
            yield
    except CircuitOpen as error:
        raise CacheUnavailable(str(error)) from None
    except RedisError as error:
        raise CacheUnavailable(f"Redis can't be reached: {error}") from error


def is_failure(error: Exception) -> bool:
    """Whether Redis failed to answer, instead of answering with a refusal."""
    return isinstance(error, (RedisConnectionError, RedisTimeout, OSError))
