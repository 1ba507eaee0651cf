"""When a message may be sent: at the end of its group, outside quiet hours."""

from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from warnings import warn
from zoneinfo import ZoneInfo

from entente.services.ports.subscriptions import Timing

_DAY = timedelta(days=1)


def group_ends(now: datetime, timing: Timing) -> datetime:
    """The end of the group of a change that is dispatched now: when to send its message, quiet hours apart."""
    if not timing.group_minutes:
        return now
    local = now.astimezone(_zone(timing.zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    length = timedelta(minutes=timing.group_minutes)
    # On the clock: a day on which it is put forward or back has its groups at the same times as any other.
    passed = (local.replace(tzinfo=None) - midnight.replace(tzinfo=None)) // length
    ends = min(midnight + (passed + 1) * length, midnight + _DAY)
    # The hour that comes twice has groups of its own each time: of the times at which the clock shows the end, the next
    # one; and in its first pass the time at which it would, were it not put back.
    times = [ends.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    if local.fold == 0 and local.utcoffset() != local.replace(fold=1).utcoffset():
        times.append(ends.replace(tzinfo=timezone(local.utcoffset() or timedelta())).astimezone(UTC))
    return min((moment for moment in times if moment > now), default=now + length)


def after_quiet(when: datetime, timing: Timing) -> datetime:
    """`when`, or if that is in the quiet hours, their end."""
    if timing.quiet_from is None or timing.quiet_until is None:
        return when
    local = when.astimezone(_zone(timing.zone))
    begins, ends = time.fromisoformat(timing.quiet_from), time.fromisoformat(timing.quiet_until)
    at = local.time()
    over_midnight = begins > ends
    if not (at >= begins or at < ends if over_midnight else begins <= at < ends):
        return when
    morning = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    if over_midnight and at >= begins:
        morning += _DAY
    return max(when, morning.astimezone(UTC))


def send_at(now: datetime, timing: Timing) -> datetime:
    """When to send the message about a change that is dispatched now."""
    return after_quiet(group_ends(now, timing), timing)


@lru_cache
def _zone(name: str) -> tzinfo:
    """The zone, or UTC with a warning if this machine's time zone data lacks it, as those of another may have it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        told = f"unknown time zone {name!r}: messages are sent by UTC; update the time zone data (package tzdata)"
        warn(told, RuntimeWarning, stacklevel=2)
        return UTC
