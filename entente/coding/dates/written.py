"""Reading dates that are written out: a day, month or year of the calendar, with its year or without."""

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache

import dateparser
from dateutil.easter import easter

from entente.coding.dates.against import Against, days_from, month_of, nearest, of_month, year
from entente.coding.dates.words import EASTER, FEASTS, MONTHS, ORDINALS, SEASONS
from entente.relations.periods import Period

#: Years looked back or ahead for one that has the day: 29 February comes after eight years at the latest.
_YEARS = 9

_YEARS_OFF = {"last": -1, "next": 1, "the previous": -1, "the following": 1}


def numeric(match: re.Match[str], _: Against) -> Period | None:
    """The day of "13/10/2025"; None of "3/4/2025", which is British or American. Dots are never American."""
    first, second, _year = map(int, re.findall(r"\d+", match[0]))
    if first <= 12 and second <= 12 and first != second and "." not in match[0]:
        return None
    order = "MDY" if second > 12 and "." not in match[0] else "DMY"
    return _calendar_day(match[0], order)


@lru_cache(maxsize=1024)
def _calendar_day(digits: str, order: str) -> Period | None:
    parsed = dateparser.parse(digits, languages=["en"], settings={"DATE_ORDER": order, "STRICT_PARSING": True})
    return Period.day(parsed.date()) if parsed is not None else None


def written_day(match: re.Match[str], against: Against) -> Period | None:
    """A day with its month; of a range the first day, or the month or year in which "between" lies."""
    told = match.groupdict()
    month = _month(told.get("month") or told.get("monthslash") or told["monthus"])
    day = _day(told.get("day") or told.get("dayus") or told.get("dayword") or "")
    end = told.get("endmonth") or told.get("endmonthus")
    named = _begins_in(_year_told(match, against), month, end)
    found = _in_year(day, month, named) if named else _without_year(day, month, against)
    if found is None or not told.get("between"):
        return found
    return month_of(found.first) if end is None or _month(end) == month else year(found.first.year)


def feast(match: re.Match[str], against: Against) -> Period | None:
    """A day with a name, in the year told; else the last one that came, or the next if it lies ahead."""
    name, named, today = (
        " ".join(match["feast"].lower().replace("’", "'").split()),
        _year_told(match, against),
        against.today,
    )
    if name in FEASTS:
        month, day = FEASTS[name]
        return _in_year(day, month, named) if named else _without_year(day, month, against)
    if named:
        return days_from(easter(named), EASTER[name])
    if today is None:
        return None
    days = [days_from(easter(today.year + shift), EASTER[name]) for shift in (-1, 0, 1)]
    past = next(period for period in reversed(days) if period.first <= today)
    future = next(period for period in days if period.first >= today)
    return nearest(past, future, today) if against.ahead else past


def written_month(match: re.Match[str], against: Against) -> Period | None:
    """A month with its year or without; of several months the first, or the year in which "between" lies."""
    told = match.groupdict()
    month = _month(told["month"] or told["first"])
    end = told.get("endmonth") or told.get("endfirst")
    named = _begins_in(_year_told(match, against) or int(told.get("inyear") or 0), month, end)
    found = Period(date(named, month, 1), "month") if named else of_month(month, against)
    return year(found.first.year) if found is not None and told.get("between") else found


def _begins_in(named: int | None, month: int, end: str | None) -> int | None:
    """The year in which a range begins whose end has the year that is told: the one before, across New Year."""
    return named - 1 if named and end and _month(end) < month else named


def bare_month(match: re.Match[str], against: Against) -> Period | None:
    """A month alone: of the history that is being told, else the last or the next one of that name."""
    month, which, today = _month(match["month"]), (match["which"] or "").lower(), against.today
    if match["after"]:
        base = against.told
        return Period(date(base.first.year + (month <= base.first.month), month, 1), "month") if base else None
    if today is None:
        return None
    if against.history is not None and which in ("in", "by"):
        base = against.history
        later = month < base.first.month and base.precision != "year"
        found = Period(date(base.first.year + later, month, 1), "month")
        if found.first <= today:
            return found
    if which == "last" and month == today.month:
        return Period(date(today.year - 1, month, 1), "month")
    if which == "next":
        return Period(date(today.year + (month <= today.month), month, 1), "month")
    return of_month(month, replace(against, ahead=(against.ahead or which == "by") and which not in ("last", "since")))


def whole_year(match: re.Match[str], _: Against) -> Period | None:
    """A year; of several the first."""
    return year(int(match["year"]))


def this_day(match: re.Match[str], against: Against) -> Period | None:
    """The day of publication in another year: "on this day in 1973", "75 years ago today"."""
    today = against.today
    return Period.day(today.replace(year=int(match["year"]))) if today is not None else None


def season(match: re.Match[str], against: Against) -> Period | None:
    """The year of a season. Winter lies in two."""
    today, which, begins = against.today, match["which"].lower(), SEASONS[match["season"].lower()]
    if today is None:
        return None
    if which == "next":
        return year(today.year + 1)
    if which == "this":
        return year(today.year)
    over = begins + 3 if which == "last" else begins
    passed = today.month >= over
    return year(today.year + passed) if against.ahead else year(today.year - (not passed))


def quarter(match: re.Match[str], against: Against) -> Period | None:
    """The year of the last quarter of that number of which a month has passed, or of the next."""
    second = 3 * ORDINALS[match["quarter"].lower()] - 1
    month = of_month(second, against)
    return year(month.first.year) if month is not None else None


def day_of_month(match: re.Match[str], against: Against) -> Period | None:
    """Read "the 3rd": of the month told in the sentence or in history, else the last one or the next."""
    today, day = against.today, int(match["day"] or match["dayalone"])
    if today is None:
        return None
    if match["whose"]:
        shift = {"last": -1, "next": 1}.get(match["whose"].lower(), 0)
        return Period.day(month_of(today, shift).first.replace(day=day))
    base = against.here or against.history
    if base is not None and base.precision != "year" and (base.precision == "month" or against.history):
        return Period.day(base.first.replace(day=day))
    for shift in range(4):
        month = month_of(today, shift if against.ahead else -shift)
        if day <= month.last.day:
            found = month.first.replace(day=day)
            if found == today or (found > today) == against.ahead:
                return Period.day(found)
    return None


def _without_year(day: int, month: int, against: Against) -> Period | None:
    """A day and month: of the history that is told, else the last one that came or the next to come."""
    today, history = against.today, against.history
    if today is None:
        return None
    if history is not None and month == history.first.month:
        return _in_year(day, month, history.first.year)
    past, future = (_first_year(day, month, today, step) for step in (-1, 1))
    return nearest(past, future, today) if against.ahead else past


def _first_year(day: int, month: int, today: date, step: int) -> Period | None:
    """The day in the first year that has it, from this year on or, with `step` -1, back; today counts for both."""
    years = range(today.year, today.year + step * _YEARS, step)
    days = (_in_year(day, month, number) for number in years)
    return next((found for found in days if found is not None and (found.first - today).days * step >= 0), None)


def _year_told(match: re.Match[str], against: Against) -> int:
    """The year written or pointed at ("of last year"); 0 for none. Raises ValueError if nothing is pointed at."""
    told = match.groupdict()
    if told.get("year"):
        return int(told["year"])
    whose = (told.get("whose") or "").lower().removeprefix("of ")
    if not whose:
        return 0
    base = against.today if whose in ("last", "this", "next") else against.told.first if against.told else None
    if base is None:
        raise ValueError("no year told before")
    return base.year + _YEARS_OFF.get(whose, 0)


def _month(word: str) -> int:
    return int(word) if word.isdigit() else MONTHS[word.rstrip(".").lower()]


def _day(word: str) -> int:
    return ORDINALS.get(word.lower()) or int(word.rstrip("stndrh"))


def _in_year(day: int, month: int, number: int) -> Period | None:
    try:
        return Period.day(date(number, month, day))
    except ValueError:
        return None
