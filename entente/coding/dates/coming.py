"""What a month or a day of the calendar without a year means of something that is still to come."""

import re
from datetime import MAXYEAR, date

from entente.coding.dates.against import nearest
from entente.coding.dates.words import MONTH, WEEKDAY
from entente.relations.periods import Period

_NO_YEAR = re.compile(
    rf"(?:(?i:in|from|by|for|during|until|late|early|mid|the|end|start|middle|beginning|of|{WEEKDAY},?)[\s-]){{0,4}}"
    rf"(?:{MONTH}|\d{{1,2}}(?:st|nd|rd|th)?(?:\sof)?\s{MONTH}|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?)(?![\w:]|,?\s(?:of\s)?\d)"
)


def coming(period: Period | None, phrase: str, today: date) -> Period | None:
    """The period that is meant of an act ahead ("to be signed on 3 March"); `phrase`: the text from the date on.

    The next of that name, unless the last is far nearer. A weekday is left as read: an act ahead is more often told on
    it than due on it, and the words around it have been looked at.
    """
    if period is None or period.precision == "year" or period.last >= today or not _NO_YEAR.match(phrase):
        return period
    later = today.year + ((period.first.month, period.last.day) < (today.month, today.day))
    if later > MAXYEAR:
        return period
    day = 28 if (period.first.month, period.first.day) == (2, 29) else period.first.day
    return nearest(period, Period(date(later, period.first.month, day), period.precision), today)
