"""The words that dates are told with (seeds/coder/dates.toml), as tables and as parts of patterns."""

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files

_TABLE = tomllib.loads(files("seeds").joinpath("coder", "dates.toml").read_text(encoding="utf-8"))


def any_of(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first. One in small letters may begin with a capital."""
    cased = (f"[{word[0].upper()}{word[0]}]{word[1:]}" if word[0].islower() else word for word in words)
    return f"(?:{'|'.join(sorted(cased, key=len, reverse=True))})"


_SHORT = {name[:3]: number for number, name in enumerate(_TABLE["months"], 1) if len(name) > 3} | {"Sept": 9}

#: By the name in small letters, without a full stop.
MONTHS: dict[str, int] = {name.lower(): number for number, name in enumerate(_TABLE["months"], 1)}
MONTHS |= {name.lower(): number for name, number in _SHORT.items()}
WEEKDAYS: dict[str, int] = {name.lower(): number for number, name in enumerate(_TABLE["weekdays"])}
SEASONS: dict[str, int] = _TABLE["seasons"]
ORDINALS: dict[str, int] = _TABLE["ordinals"]
NUMBERS: dict[str, int] = _TABLE["numbers"]
VAGUE: dict[str, int] = _TABLE["vague"]

#: A month as told beside a day or a year, and one told alone, whose short form has a full stop.
MONTH = rf"(?:{any_of(_TABLE['months'])}|{any_of(_SHORT)}\b\.?)"
MONTH_ALONE = rf"(?:{any_of(_TABLE['months'])}\b|{any_of(_SHORT)}\.)"
WEEKDAY = any_of(_TABLE["weekdays"])
NO_WEEKDAY = "".join(rf"(?<!\b{word} )" for word in _TABLE["named_weekdays"])
SEASON = any_of(SEASONS)
ORDINAL = any_of(ORDINALS)
NUMBERED = any_of(_TABLE["numbered"])
COUNT = rf"(?:{any_of([*NUMBERS, *VAGUE])}(?:-{any_of(word for word, n in NUMBERS.items() if n < 10)})?|\d{{1,3}})"


#: Month and day of a feast of the calendar; days from Easter Sunday of the others. By the name in small letters.
FEASTS: dict[str, tuple[int, int]] = {
    name.lower(): (int(day[:2]), int(day[3:])) for name, day in _TABLE["feasts"].items()
}
EASTER: dict[str, int] = {name.lower(): days for name, days in _TABLE["easter"].items()}
FEAST = any_of([*_TABLE["feasts"], *_TABLE["easter"]]).replace("'", "['’]")

OTHER_MONTH = any_of(_TABLE["other_months"])
OTHER_ERA_AFTER = any_of(re.escape(word) for word in _TABLE["other_eras_after"])
OTHER_ERAS_BEFORE: list[str] = _TABLE["other_eras_before"]
OTHER_CALENDAR = any_of(_TABLE["other_calendars"])

AHEAD: list[str] = _TABLE["ahead"]
AHEAD_BESIDE: list[str] = _TABLE["ahead_beside"]
AHEAD_BESIDE_WEEKDAY: list[str] = _TABLE["ahead_beside_weekday"]
PASSIVE: list[str] = _TABLE["passive"]
NOT_TOLD: list[str] = _TABLE["not_told"]
TOLD: list[str] = _TABLE["told"]
ENDS: list[str] = _TABLE["ends"]
NOT_A_YEAR_AFTER: tuple[str, ...] = tuple(_TABLE["not_a_year_after"])
NOT_A_YEAR_BEFORE: list[str] = _TABLE["not_a_year_before"]


def number(word: str) -> int | None:
    """The number that a word or digits tell: "three", "twenty-five", "30"; None for one that tells about how many."""
    word = word.lower()
    if word.isdigit():
        return int(word)
    if word in NUMBERS:
        return NUMBERS[word]
    tens, dash, ones = word.partition("-")
    return NUMBERS[tens] + NUMBERS[ones] if dash and tens in NUMBERS and ones in NUMBERS else None
