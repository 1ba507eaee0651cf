"""Reading one date phrase: its words, against the day of publication and the date told last, as a period."""

import calendar
import re
from datetime import date, datetime, timedelta
from functools import lru_cache

import dateparser

from entente.relations.periods import Period

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}


_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}


MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)


_WEEKDAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}


WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"


COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})"


_NUMBERS = {word: n for n, word in enumerate("zero one two three four five six seven eight nine ten".split())} | {
    "a": 1,
    "an": 1,
}


def read_safely(kind: str, phrase: str, today: date | None, anchor: Period | None) -> Period | None:
    """As `_read`, but a day that no calendar has, or one beyond the years 1–9999, is no date."""
    try:
        return _read(kind, phrase, today, anchor)
    except (OverflowError, ValueError):
        return None


def is_year(text: str, match: re.Match[str]) -> bool:
    """False for four digits that count something, or number an article or a resolution."""
    after = text[match.end() : match.end() + 14].lower()
    before = text[max(0, match.start() - 12) : match.start()].lower()
    return not re.match(
        r"[\d,.]*\d|\s?(?:%|people|troops|soldiers|km|miles|tons?|tonnes|euros?|dollars|-page)", after
    ) and not before.rstrip().endswith(("$", "€", "£", "article", "under", "resolution"))


def _read(kind: str, phrase: str, today: date | None, anchor: Period | None) -> Period | None:
    words = phrase.lower().replace(",", " ").replace(".", "").split()
    if kind in ("iso", "dmy", "mdy"):
        return _calendar_day(phrase, today)
    if kind == "mlast":
        told_year = anchor.first.year if anchor is not None else None
        year = told_year if "that" in words else (today.year - ("last" in words) if today else None)
        return Period(date(year, _MONTHS[words[0]], 1), "month") if year else None
    if kind == "my":
        year, month = (
            int(words[-1]),
            next(_MONTHS[w.removeprefix("mid-")] for w in words if w.removeprefix("mid-") in _MONTHS),
        )
        return Period(date(year, month, 1), "month")
    if kind == "year":
        return Period(date(int(words[0]), 1, 1), "year")
    if kind in ("yearafter", "anchored"):
        return _after(words, anchor)
    if kind in ("vague", "decade") or today is None:
        return None
    if kind == "lastmonth":
        month = next((_MONTHS[w.removeprefix("mid-")] for w in words if w.removeprefix("mid-") in _MONTHS), 0)
        if not month:
            return None
        year = today.year if month <= today.month else today.year - 1
        if words[0] in ("next", "until", "by") and month < today.month:
            year = today.year + 1
        if words[0] == "last" and month == today.month:
            year -= 1
        return Period(date(year, month, 1), "month")
    return _relative(kind, words, today, anchor)


@lru_cache(maxsize=4096)
def _calendar_day(phrase: str, today: date | None) -> Period | None:
    base = datetime.combine(today or date(2000, 1, 1), datetime.min.time())
    if today is None and not re.search(r"\d{4}", phrase):
        return None
    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "current_period", "DATE_ORDER": "MDY"}
    parsed = dateparser.parse(phrase.replace(" of ", " "), languages=["en"], settings=settings)
    if parsed is None:
        return None
    day = parsed.date()
    if today is not None and not re.search(r"\d{4}", phrase) and day > today + timedelta(days=150):
        day = _year_before(day)
    return Period.day(day)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _relative(kind: str, words: list[str], today: date, anchor: Period | None) -> Period | None:
    phrase = " ".join(words)
    told = anchor.first if anchor is not None and (anchor.precision == "day" or words[1:2] != ["days"]) else None
    if told is not None and kind != "ago" and anchor is not None and anchor.precision != "day":
        told = None
    if kind == "relday":
        if phrase in ("the next day", "the following day", "a day later", "a day after"):
            return Period.day(told + timedelta(days=1)) if told else None
        if phrase in ("the day before", "the previous day", "a day earlier", "a day before"):
            return Period.day((told or today) - timedelta(days=1))
        if phrase == "the same day":
            return Period.day(told) if told else None
        shift = {"yesterday": -1, "tomorrow": 1, "overnight": 0}.get(words[0], 0)
        return Period.day(today + timedelta(days=shift))
    if kind == "weekday":
        back = (today.weekday() - _WEEKDAYS[words[-1]]) % 7
        if words[0] == "next":
            return Period.day(today + timedelta(days=7 - back))
        if words[0] == "last" and back == 0:
            back = 7
        return Period.day(today - timedelta(days=back))
    if kind == "ago":
        return counted(words, today, told or _coarse_base(words[1].rstrip("s"), anchor))
    if words[0] in ("that", "the") and words[-2] in ("that", "very", "same"):
        return _same_unit(words[-1], anchor)
    unit, back_or_on = words[-1], {"last": -1, "next": 1, "previous": -1, "following": 1}.get(words[-2], 0)
    if unit == "year":
        return Period(date(today.year + back_or_on, 1, 1), "year")
    if unit == "month":
        return _month(today, back_or_on)
    return (
        Period.day(today)
        if back_or_on == 0 and unit == "weekend"
        else _month(today + timedelta(days=7 * back_or_on), 0)
    )


def _coarse_base(unit: str, anchor: Period | None) -> date | None:
    """A month or year told last, from which only units as coarse can be counted ("two months later")."""
    if anchor is None or unit not in ("month", "year", "decade"):
        return None
    return anchor.first if anchor.precision == "month" or unit != "month" else None


def counted(words: list[str], today: date, told: date | None) -> Period | None:
    """So many units before today or after the date told last: "two months ago", "three days later"."""
    if words[:2] == ["a", "few"]:
        few = counted(["3", *words[2:]], today, told)
        return Period(few.first.replace(day=1), "month") if few is not None and few.precision == "day" else None
    count = _NUMBERS.get(words[0]) or int(words[0]) if words[0].isdigit() or words[0] in _NUMBERS else 1
    sign = 1 if words[-1] == "later" else -1
    base = today if words[-1] == "ago" else told or (today if sign < 0 else None)
    if base is None:
        return None
    unit = words[1].rstrip("s")
    if unit == "day":
        return Period.day(base + timedelta(days=sign * count))
    if unit == "week":
        return _month(base + timedelta(days=sign * count * 7), 0)
    if unit == "month":
        return _month(base, sign * count)
    years = count * (10 if unit == "decade" else 1)
    return Period(date(max(1, base.year + sign * years), 1, 1), "year")


def _after(words: list[str], anchor: Period | None) -> Period | None:
    """As in "the following January", "the month after", "the next year": counted from the date told last."""
    if anchor is None:
        return None
    base, month = anchor.first, next((_MONTHS[w] for w in words if w in _MONTHS), 0)
    if month:
        return Period(date(base.year + (month <= base.month), month, 1), "month")
    step = -1 if "before" in words else 1
    if "year" in words:
        return Period(date(base.year + step, 1, 1), "year")
    return _month(base, step) if anchor.precision != "year" else None


def _same_unit(unit: str, anchor: Period | None) -> Period | None:
    """The month or year of the date told last, for "that very month" and "that year"."""
    if anchor is None or unit in ("week", "weekend"):
        return None
    if unit == "day":
        return anchor if anchor.precision == "day" else None
    if unit == "month":
        return Period(anchor.first.replace(day=1), "month") if anchor.precision != "year" else anchor
    return Period(date(anchor.first.year, 1, 1), "year")


def _month(day: date, shift: int) -> Period:
    index = day.year * 12 + day.month - 1 + shift
    return Period(date(index // 12, index % 12 + 1, 1), "month")
