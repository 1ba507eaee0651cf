"""Dates of feed items: those that the standards name by the standard library, all others by dateparser."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from dateparser.date import DateDataParser

#: Plausible years of a date (UTC).
_YEARS = range(1600, 2200)

#: What programs write for a date that is not set.
_NO_DATE = (datetime(1970, 1, 1, tzinfo=UTC),)

#: Longest text that may be a date.
_LONGEST = 100

#: Most texts of one feed without a date in them that are tried: dateparser tries such a text in every language.
_MOST_UNREADABLE = 5

#: Languages whose words for days and months are known.
_LANGUAGES = """en fr de es pt it nl pl ru uk sv da nb fi cs sk hu ro bg el tr ar fa he zh ja ko id vi hr sr sl lt lv
et""".split()

#: RFC 822 as RSS prescribes it. Only such dates go to `email.utils`, which finds one in nearly every text.
_RFC_822 = re.compile(r"(?:[A-Za-z]{3,9},? +)?\d{1,2} +[A-Za-z]{3} +(?:\d{2}|\d{4}) +\d{1,2}:\d{2}")

_NUMERIC = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d{2})\b")
_NUMBER = re.compile(r"\d+")
_SECONDS = re.compile(r"[+-]?\d{9,10}(?:\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}")


class FeedDates:
    """Reads the dates of one feed. Times without an offset are UTC, days without a time begin at midnight UTC."""

    def __init__(self, texts: Iterable[str], language: str | None = None) -> None:
        """`texts`: all dates of the feed, which show whether it writes days or months first. `language`: its tag."""
        self._order = _order(texts, language)
        self._unreadable: set[str] = set()
        known = (language or "").lower().partition("-")[0]
        self._languages = [known, *_LANGUAGES] if known in _LANGUAGES else _LANGUAGES
        self._parser: DateDataParser | None = None

    def moment(self, value: object) -> datetime | None:
        """The date that a feed gives as a text or a number, None if it can't be read or is ambiguous."""
        text = " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
        if not text or len(text) > _LONGEST:
            return None
        with suppress(ValueError, TypeError, OverflowError, OSError):
            found = self._found(text)
            if found is not None:
                moment = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
                return moment if moment.year in _YEARS and moment not in _NO_DATE else None
        return None

    def _found(self, text: str) -> datetime | None:
        if _SECONDS.fullmatch(text):
            return datetime.fromtimestamp(float(text), UTC)
        if _MILLISECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        with suppress(ValueError):
            return datetime.fromisoformat(text)
        if _RFC_822.match(text):
            with suppress(ValueError, TypeError):
                return parsedate_to_datetime(text)
        return self._in_any_language(text)

    def _in_any_language(self, text: str) -> datetime | None:
        numeric = _NUMERIC.match(text)
        if numeric and self._order is None and _first(*numeric.groups()) is None:
            return None
        # A date has at least a day and a year.
        if len(_NUMBER.findall(text)) < 2 or text in self._unreadable or len(self._unreadable) >= _MOST_UNREADABLE:
            return None
        if self._parser is None:
            settings = {
                "DATE_ORDER": self._order or "DMY",
                "PARSERS": ["absolute-time"],
                "REQUIRE_PARTS": ["day", "month", "year"],
                "RETURN_AS_TIMEZONE_AWARE": True,
                "TIMEZONE": "UTC",
            }
            self._parser = DateDataParser(languages=self._languages, settings=settings)
        found: datetime | None = self._parser.get_date_data(text).date_obj
        if found is None:
            self._unreadable.add(text)
        return found


def _order(texts: Iterable[str], language: str | None) -> str | None:
    """How a feed writes numeric dates: "DMY" or "MDY"; None if its dates and its language leave it open."""
    found = {_first(*numeric.groups()) for text in texts if (numeric := _NUMERIC.match(text))} - {None}
    if found:
        return found.pop() if len(found) == 1 else None
    if not language or language.lower() == "en":
        return None
    return "MDY" if language.lower() == "en-us" else "DMY"


def _first(first: str, separator: str, second: str) -> str | None:
    """What a numeric date puts first, None if it may be either."""
    if separator == "." or int(first) > 12:
        return "DMY"
    return "MDY" if int(second) > 12 else None
