"""Reading one date phrase, by the rule that found it, as a period."""

import re
from collections.abc import Callable

from entente.coding.dates import relative, written
from entente.coding.dates.against import Against
from entente.relations.periods import Period

Reading = Callable[[re.Match[str], Against], Period | None]


def _nothing(_: re.Match[str], __: Against) -> None:
    """Words of time that tell no date: "decades ago"."""


READINGS: dict[str, Reading] = {
    "othercalendar": _nothing,
    "feast": written.feast,
    "iso": written.written_day,
    "numeric": written.numeric,
    "twodates": written.written_day,
    "days": written.written_day,
    "dmy": written.written_day,
    "mdy": written.written_day,
    "thisday": written.this_day,
    "anniversary": relative.anniversary,
    "months": written.written_month,
    "years": written.whole_year,
    "between": _nothing,
    "monthyear": written.written_month,
    "month": written.bare_month,
    "dayofmonth": written.day_of_month,
    "relday": relative.from_today,
    "today": relative.from_today,
    "nextday": relative.next_day,
    "weekend": relative.weekend,
    "weekday": relative.weekday,
    "count": relative.counted,
    "hours": relative.hours,
    "stepped": relative.stepped,
    "unit": relative.unit,
    "season": written.season,
    "quarter": written.quarter,
    "year": written.whole_year,
    "decade": _nothing,
    "vague": _nothing,
}

#: What is a date phrase though it tells no date: an act told so has none.
UNDATED = frozenset({"othercalendar", "numeric", "between", "decade", "vague"})

#: Kinds that name no date of their own, from which "two days after" could count.
UNNAMED = UNDATED | {"count", "hours", "nextday", "stepped", "unit"}

#: Kinds whose date is in the past or the future as the words around them say.
EITHER_WAY = frozenset(
    {
        "feast",
        "twodates",
        "days",
        "dmy",
        "mdy",
        "months",
        "month",
        "dayofmonth",
        "weekend",
        "weekday",
        "season",
        "quarter",
    }
)


def read_safely(kind: str, match: re.Match[str], against: Against) -> Period | None:
    """The period of a phrase; a day that no calendar has, or one beyond the years 1–9999, is no date."""
    try:
        return READINGS[kind](match, against)
    except (OverflowError, ValueError):
        return None
