"""Stand-ins for what Redis holds where none is configured: services behave as when Redis is down."""

# ruff: noqa: ARG002 - the methods have the ports' parameters and use none

from collections.abc import Mapping, Sequence
from datetime import date

from entente.relations.dyads import Dyad
from entente.services.ports.cache import CachedRelation, CacheUnavailable
from entente.services.ports.queue import Work


class AbsentCache:
    """A `StateCache` whose methods raise CacheUnavailable: readers go to the ledger, writers leave the dyad dirty."""

    def get(self, source: str, target: str, as_of: date) -> CachedRelation | None:
        raise _absent()

    def put(self, source: str, target: str, as_of: date, entry: CachedRelation) -> bool:
        raise _absent()

    def put_all(self, as_of: date, entries: Sequence[tuple[str, str, CachedRelation]]) -> None:
        raise _absent()

    def outdate(self, versions: Mapping[Dyad, int]) -> None:
        raise _absent()

    def start_generation(self) -> str:
        raise _absent()

    def put_into(self, generation: str, source: str, target: str, as_of: date, entry: CachedRelation) -> None:
        raise _absent()

    def flip(self, generation: str) -> None:
        raise _absent()

    def ping(self) -> None:
        raise _absent()


class AbsentHeartbeats:
    """`Heartbeats` without a place to note them."""

    def note(self, part: str) -> None:
        return

    def missing(self, parts: Sequence[str]) -> list[str]:
        raise _absent()


class AbsentDoorbell:
    """A `TaskQueue` without a broker: it queues nothing and has no workers."""

    def code_article(self, article_id: str) -> bool:
        return False

    def fetch_article(self, article_id: str) -> bool:
        return False

    def poll_feed(self, feed_id: str) -> bool:
        return False

    def deliver(self, delivery_id: str) -> bool:
        return False

    def waiting(self, work: Work) -> int:
        return 0

    def depths(self) -> Mapping[str, int]:
        return {}

    def workers(self) -> Mapping[str, int]:
        return {}


def _absent() -> CacheUnavailable:
    return CacheUnavailable("no Redis is configured (ENTENTE_REDIS_URL)")
