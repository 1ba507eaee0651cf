"""ReadClocks: the clocks of a read: `as_of` (the world), `known_at` (the ledger), `published_by` (the press)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from entente.services.errors import Invalid
from entente.services.ports.system import Clock


@dataclass(frozen=True, slots=True)
class ReadClocks:
    """Clocks of a read. `known_at` None: all that is known now. `is_now`: as of today, with all that is known now.

    `published_by`: only what the press had said by that day counts, whenever it was recorded; None: all.
    """

    as_of: date
    known_at: datetime | None
    is_now: bool
    published_by: date | None = None


def read_clocks(
    clock: Clock,
    as_of: date | None = None,
    known_at: date | datetime | None = None,
    published_by: date | None = None,
) -> ReadClocks:
    """Check and complete the clocks of a read; None is now. Raises Invalid for times in the future.

    A `known_at` that is a date means the end of that day (UTC), or now if it is today.
    `published_by` may lie in the future: a publication day is that of the publisher's place, not the UTC day.
    """
    now = clock.now()
    today = now.date()
    if as_of is not None and as_of > today:
        raise Invalid("as_of", f"{as_of} lies in the future: today is {today} (UTC)")
    if known_at is not None and not isinstance(known_at, datetime):
        end = datetime.combine(known_at, time.max, UTC)
        known_at = now if known_at == today else end
    if known_at is not None and known_at > now:
        raise Invalid("known_at", f"{known_at:%Y-%m-%dT%H:%M:%SZ} lies in the future: it is {now:%Y-%m-%dT%H:%M:%SZ}")
    is_now = known_at is None and published_by is None and as_of in (None, today)
    return ReadClocks(as_of or today, known_at, is_now, published_by)
