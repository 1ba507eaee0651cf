"""Dates as people and programs write them in tables, read to RFC 3339."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import dateparser

#: Orders of day and month in a date of numbers.
ORDERS = ("dmy", "mdy")

_ISO = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*([Zz]|[+-]\d\d:?\d\d)?)?")
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[Tt]?(\d\d)(\d\d)(\d\d)?[Zz]?)?")
_EPOCH = re.compile(r"\d{10}|\d{13}")
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})\b(.*)")

_SETTINGS = {"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"], "STRICT_PARSING": True}
_LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "ru"]


def read_moment(written: str, order: str | None = None) -> str | None:
    """A date, with its time and offset if it has them, in RFC 3339; None if it can't be read.

    `order` ("dmy" or "mdy") decides on 3/4/2025; without it such a date is not read.
    """
    text = written.strip()
    try:
        return _spelt(_read(text, order), with_time=":" in text or bool(_EPOCH.fullmatch(text)))
    except (ValueError, OverflowError, TypeError):
        return None


def _read(text: str, order: str | None) -> datetime:
    if _ISO.fullmatch(text):
        return datetime.fromisoformat(re.sub(r"\s+(?=[Zz+-])", "", text).replace("z", "Z"))
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    if digits := _DIGITS.fullmatch(text):
        return datetime(*(int(part) for part in digits.groups() if part), tzinfo=UTC)  # type: ignore[misc,arg-type]
    if numbers := _NUMBERS.fullmatch(text):
        return _numeric(numbers, order)
    if re.match(r"[A-Za-z]{3}, \d", text):
        return parsedate_to_datetime(text)
    found = dateparser.parse(text, languages=_LANGUAGES, settings=_SETTINGS)
    if found is None:
        raise ValueError(text)
    return found


def _numeric(numbers: re.Match[str], order: str | None) -> datetime:
    """A date of numbers whose order is known: by `order`, by the dots of continental Europe, or as only one fits."""
    first, mark, second, year, time = numbers.groups()
    one, other = int(first), int(second)
    if one != other and one <= 12 and other <= 12 and order is None and mark != ".":
        raise ValueError("day or month first?")
    by_day = order == "dmy" or mark == "." or one > 12
    day, month = (one, other) if by_day and other <= 12 else (other, one)
    return datetime.fromisoformat(f"{year}-{month:02}-{day:02}{_of_day(time)}")


def _of_day(time: str) -> str:
    found = re.fullmatch(r"[,T\s]*(\d{1,2}):(\d\d)(?::(\d\d))?\s*", time)
    if time.strip() and not found:
        raise ValueError(time)
    return f"T{int(found[1]):02}:{found[2]}:{found[3] or '00'}" if found else ""


def _spelt(moment: datetime, *, with_time: bool) -> str:
    if not with_time and moment.tzinfo in (None, UTC):
        return moment.date().isoformat()
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.isoformat(timespec="seconds")
