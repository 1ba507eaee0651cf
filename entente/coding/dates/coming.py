"""What a weekday or a month without a year means of something that is still to come."""

import re
from datetime import date, timedelta

from entente.coding.dates.reading import MONTH, WEEKDAY
from entente.relations.periods import Period

_BARE_DAY = re.compile(rf"{WEEKDAY}\b")
_BARE_MONTH = re.compile(
    rf"(?:(?i:in|from|by|until|late|early|(?:end|start|middle|beginning)\ of)\ )?{MONTH}\b(?!\ \d)"
)


def coming(period: Period | None, phrase: str, today: date) -> Period | None:
    """The period that is meant of an act ahead ("will visit on Friday"); `phrase`: the text from the date on."""
    if period is None or period.first >= today:
        return period
    try:
        if period.precision == "day" and _BARE_DAY.match(phrase):
            return Period.day(period.first + timedelta(days=7))
        if period.precision == "month" and _BARE_MONTH.match(phrase) and period.last < today:
            return Period(date(period.first.year + 1, period.first.month, 1), "month")
    except (OverflowError, ValueError):
        return None  # beyond the last year of the calendar
    return period
