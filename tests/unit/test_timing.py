"""When messages are sent: groups end on the clock, and nothing is sent in quiet hours."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.services.ports.subscriptions import Timing
from entente.services.timing import after_quiet, group_ends, send_at


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("timing", "now", "sent"),
    [
        (Timing(), "2025-07-04 12:00", "2025-07-04 12:00"),
        (Timing(60), "2025-07-04 12:00", "2025-07-04 13:00"),
        (Timing(60), "2025-07-04 12:59", "2025-07-04 13:00"),
        (Timing(1440), "2025-07-04 12:00", "2025-07-05 00:00"),
        # The last group of a day is shorter where the day is no multiple of it.
        (Timing(1000), "2025-07-04 20:00", "2025-07-05 00:00"),
        (Timing(1440, zone="Asia/Tokyo"), "2025-07-04 16:00", "2025-07-05 15:00"),
        (Timing(0, "22:00", "07:00"), "2025-07-04 21:59", "2025-07-04 21:59"),
        (Timing(0, "22:00", "07:00"), "2025-07-04 22:00", "2025-07-05 07:00"),
        (Timing(0, "22:00", "07:00"), "2025-07-05 06:59", "2025-07-05 07:00"),
        (Timing(0, "22:00", "07:00"), "2025-07-05 07:00", "2025-07-05 07:00"),
        (Timing(0, "12:00", "14:00"), "2025-07-04 13:00", "2025-07-04 14:00"),
        (Timing(0, "22:00", "07:00", "Europe/Berlin"), "2025-07-04 20:30", "2025-07-05 05:00"),
        # A digest of the day comes when the night is over.
        (Timing(1440, "22:00", "07:00", "Europe/Berlin"), "2025-07-04 12:00", "2025-07-05 05:00"),
        # The night on which the clock goes forward has no 02:30, that on which it goes back two: both are quiet.
        (Timing(0, "22:00", "07:00", "Europe/Berlin"), "2025-03-29 23:00", "2025-03-30 05:00"),
        (Timing(0, "22:00", "07:00", "Europe/Berlin"), "2025-10-25 22:00", "2025-10-26 06:00"),
        (Timing(0, "22:00", "02:30", "Europe/Berlin"), "2025-03-29 23:00", "2025-03-30 01:30"),
        (Timing(0, "22:00", "02:30", "Europe/Berlin"), "2025-10-26 00:10", "2025-10-26 00:30"),
        (Timing(0, "22:00", "02:30", "Europe/Berlin"), "2025-10-26 01:10", "2025-10-26 01:30"),
        # Zones apart by half an hour, and a change of the clock by half an hour.
        (Timing(60, "22:00", "07:00", "Asia/Kathmandu"), "2025-07-04 16:20", "2025-07-05 01:15"),
        (Timing(0, "22:00", "07:00", "Australia/Lord_Howe"), "2025-10-04 12:00", "2025-10-04 20:00"),
        # In the hour that comes twice groups end on the clock each time.
        (Timing(30, zone="Europe/Berlin"), "2025-10-26 00:10", "2025-10-26 00:30"),
        (Timing(30, zone="Europe/Berlin"), "2025-10-26 00:50", "2025-10-26 01:00"),
        (Timing(30, zone="Europe/Berlin"), "2025-10-26 01:05", "2025-10-26 01:30"),
        (Timing(30, zone="Europe/Berlin"), "2025-10-26 01:25", "2025-10-26 01:30"),
        (Timing(60, zone="Europe/Berlin"), "2025-10-26 00:10", "2025-10-26 01:00"),
        (Timing(60, zone="Europe/Berlin"), "2025-10-26 01:10", "2025-10-26 02:00"),
        # The day on which the clock goes forward has 23 hours.
        (Timing(1440, zone="Europe/Berlin"), "2025-03-30 12:00", "2025-03-30 22:00"),
    ],
)
def test_a_message_is_sent_at_the_end_of_its_group_outside_quiet_hours(timing: Timing, now: str, sent: str) -> None:
    assert send_at(at(now), timing) == at(sent)


def test_a_zone_that_this_machine_does_not_know_is_taken_for_utc_with_a_warning() -> None:
    timing = Timing(60, "22:00", "07:00", "Atlantis/Poseidonis")

    with pytest.warns(RuntimeWarning, match=r"unknown time zone 'Atlantis/Poseidonis': .* UTC"):
        assert send_at(at("2025-07-04 12:10"), timing) == at("2025-07-04 13:00")
    assert send_at(at("2025-07-04 23:10"), timing) == at("2025-07-05 07:00")


_INSTANTS = st.integers(0, 3 * 366 * 86_400).map(lambda s: at("2024-01-01") + timedelta(seconds=s))
_ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"])
_CLOCK = st.times().map(lambda t: f"{t:%H:%M}")


@given(_INSTANTS, st.integers(1, 1440), _ZONES)
def test_a_group_ends_after_now_and_within_its_length_and_a_change_of_the_clock(
    now: datetime, minutes: int, zone: str
) -> None:
    ends = group_ends(now, Timing(minutes, zone=zone))
    assert now < ends <= now + timedelta(minutes=minutes, hours=1)


@given(_INSTANTS, _CLOCK, _CLOCK, _ZONES)
def test_after_quiet_is_never_earlier_nor_in_the_quiet_hours(now: datetime, begins: str, ends: str, zone: str) -> None:
    timing = Timing(0, begins, ends, zone)
    sent = after_quiet(now, timing)
    assert now <= sent <= now + timedelta(hours=25)
    first, last = time.fromisoformat(begins), time.fromisoformat(ends)
    local = sent.astimezone(ZoneInfo(zone)).time()
    quiet = first <= local < last if first <= last else local >= first or local < last
    # Where the clock is put back or forward, quiet hours may be an hour longer or shorter.
    assert (
        not quiet
        or now.astimezone(ZoneInfo(zone)).utcoffset()
        != (now + timedelta(hours=25)).astimezone(ZoneInfo(zone)).utcoffset()
    )
