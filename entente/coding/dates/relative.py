"""Reading dates that count from the day of publication or from the date told last."""

import re
from datetime import date

from entente.coding.dates.against import Against, days_from, month_of, moved, year
from entente.coding.dates.words import VAGUE, WEEKDAYS, number
from entente.relations.periods import Period

_DAYS_OFF = {
    "yesterday": -1,
    "last night": -1,
    "tomorrow": 1,
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
}
_BACK, _ON = ("last", "previous", "the previous", "past", "this past"), ("next", "coming", "following", "the following")
_SATURDAY = 5


def from_today(match: re.Match[str], against: Against) -> Period | None:
    """Read "today" and its neighbours; the night of "overnight" is that of the day of publication."""
    return days_from(against.today, _DAYS_OFF.get(_words(match[0]), 0)) if against.today is not None else None


def next_day(match: re.Match[str], against: Against) -> Period | None:
    """The day told last, that after or that before; "the day before" may count from the day of publication."""
    step, side = (match["step"] or "").lower(), (match["side"] or "").lower()
    back = step == "previous" or side == "before"
    base = against.told_day or (against.today if back else None)
    if base is None:
        return None
    return days_from(base, -1 if back else int(not match["same"]))


def weekend(match: re.Match[str], against: Against) -> Period | None:
    """The Saturday of the last weekend, or of the coming one if it lies ahead."""
    today, which = against.today, _words(match["which"])
    if which in ("following", "previous"):
        base = against.told_day
        return _weekday_from(base, _SATURDAY, which == "following") if base is not None else None
    if today is None:
        return None
    if which in ("next", "coming") or (against.ahead and which not in _BACK):
        return _weekday_from(today, _SATURDAY, True)
    back = (today.weekday() - _SATURDAY) % 7
    return days_from(today, -back - 7 * (which in _BACK and back < 2))


def weekday(match: re.Match[str], against: Against) -> Period | None:
    """A weekday: the last one, or the coming one if it lies ahead. That of "next" or "last week" is in that week."""
    today, which, week = against.today, _words(match["which"]), match["week"]
    day = WEEKDAYS[match["weekday"].lower()]
    if which in ("following", "the following", "the next", "the previous"):
        base = against.told_day
        return _weekday_from(base, day, which != "the previous") if base is not None else None
    if today is None:
        return None
    if week or which == "next":
        shift = {"last": -7, "next": 7}.get((week or which).lower(), 0)
        return days_from(today, day - today.weekday() + shift)
    if which == "that same":
        return against.told if against.told_day is not None and against.told_day.weekday() == day else None
    if "coming" in which or (against.ahead and which not in _BACK):
        return days_from(today, (day - today.weekday()) % 7)
    back = (today.weekday() - day) % 7
    return days_from(today, -back - 7 * (which == "last" and back == 0))


def counted(match: re.Match[str], against: Against) -> Period | None:
    """So many units before today, or before or after the date told last; "75 years ago today" is a day."""
    many = _count(match["count"] or "a")
    today = Period.day(against.today) if against.today is not None else None
    if today is None or many is None:
        return None
    (count, exact), side, unit = many, match["side"], (match["unit"] or "day").lower()
    if side == "ago today" and unit == "year":
        return Period.day(today.first.replace(year=today.first.year - count))
    if side.startswith("ago"):
        return moved(today, -count, unit, exact)
    forward = side in ("later", "after", "afterwards")
    found = moved(against.told, count if forward else -count, unit, exact) if against.told is not None else None
    return found or (moved(today, -count, unit, exact) if not forward else None)


def counted_from(match: re.Match[str], base: Period, to_the_act: bool) -> Period | None:
    """Of "two days after": the date so long after `base`; or, if `base` is when the later act was, that of the act
    that it came after (`to_the_act`). None beyond the calendar.
    """
    many = _count(match["count"] or "a")
    if many is None:
        return None
    count, exact = many
    forward = (match["onward"] == "after") != to_the_act
    try:
        return moved(base, count if forward else -count, (match["unit"] or "day").lower(), exact)
    except (OverflowError, ValueError):
        return None


def hours(match: re.Match[str], against: Against) -> Period | None:
    """The day told last, a day further for every 24 hours; of "hours after" only one told in the same sentence.

    "Hours ago" counts from the day of publication.
    """
    side = (match["side"] or "").lower()
    if side == "ago":
        base = against.today
    elif side in ("after", "before"):
        base = against.here.first if against.here is not None and against.here.precision == "day" else against.today
    else:
        base = against.told_day
    days = (number(match["count"]) or 0) // 24 if match["count"] and "hour" in match[0] else 0
    return days_from(base, days if side in ("later", "afterwards", "before") else -days) if base is not None else None


def stepped(match: re.Match[str], against: Against) -> Period | None:
    """The week, month or year after or before the date told last; "previous" may count from the day of publication."""
    step, unit = (match["step"] or match["side"]).lower(), (match["unit"] or match["unitalone"]).lower()
    back = step in ("previous", "before")
    today = Period.day(against.today) if against.today is not None else None
    base = against.told or (today if back else None)
    if base is None:
        return None
    return moved(base, -1 if back else 1, unit, exact=False)


def unit(match: re.Match[str], against: Against) -> Period | None:
    """A week (as the month it lies in), month or year: that of publication, its neighbours, or that told last."""
    which, unit, today = match["which"].lower(), match["unit"].lower(), against.today
    if which.startswith(("that", "the")):
        return _unit_told(unit, against.told)
    if today is None:
        return None
    shift = -1 if which in _BACK else int(which in _ON)
    return moved(Period.day(today), shift, unit, exact=False)


def anniversary(match: re.Match[str], against: Against) -> Period | None:
    """The day of publication so many years ago."""
    count, today = number(match["count"]), against.today
    return Period.day(today.replace(year=today.year - count)) if today is not None and count else None


def _unit_told(unit: str, told: Period | None) -> Period | None:
    if told is None or unit == "week":
        return None
    if unit == "month":
        return month_of(told.first) if told.precision != "year" else told
    return year(told.first.year)


def _weekday_from(base: date, day: int, forward: bool) -> Period:
    """The first such weekday after `base`, or the last before it."""
    shift = (day - base.weekday()) % 7
    return days_from(base, (shift or 7) if forward else (shift - 7 if shift else -7))


def _count(words: str) -> tuple[int, bool] | None:
    """How many, and whether that is exact; None if it is no number."""
    words = _words(words)
    if words in VAGUE:
        return VAGUE[words], False
    exact = number(words)
    return (exact, True) if exact is not None else None


def _words(told: str | None) -> str:
    """In small letters, with a blank wherever there is white space."""
    return " ".join((told or "").lower().split())
