"""What counts as a date phrase: one rule a kind, each with an example; the first that fits is taken.

A blank in a pattern is any one white-space character. Words in small letters may begin with a capital.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from entente.coding.dates.words import (
    COUNT,
    EASTER,
    FEAST,
    FEASTS,
    MONTH,
    MONTH_ALONE,
    MONTHS,
    NO_WEEKDAY,
    NUMBERED,
    NUMBERS,
    ORDINAL,
    ORDINALS,
    OTHER_CALENDAR,
    OTHER_ERA_AFTER,
    OTHER_ERAS_BEFORE,
    OTHER_MONTH,
    SEASON,
    VAGUE,
    WEEKDAY,
    WEEKDAYS,
    any_of,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of date phrase. `starts`: the words, in small letters, of which the first must be one; "9" for digits.

    `reading.py` says what the named groups of `pattern` mean for a kind.
    """

    name: str
    starts: Collection[str]
    example: str
    pattern: str
    alone: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "alone", re.compile(rf"\b(?:{self.pattern})".replace(" ", r"\s")))


def _firsts(words: Iterable[str]) -> list[str]:
    return [word.split()[0] for word in words]


def unnamed(pattern: str) -> str:
    """The pattern with groups that have no names."""
    return re.sub(r"\?P<[a-z]+>", "?:", pattern)


_ST = r"(?:st|nd|rd|th)?"
_DAY = rf"\d{{1,2}}{_ST}"
_YEAR = r"(?P<year>\d{4})\b"
_THAT_YEAR = r"(?:of )?(?P<whose>last|this|next|(?:of )?that(?: same)?|the same|the previous|the following) year\b"
_OF_YEAR = rf"(?:(?:,? |, ?)(?:of )?{_YEAR}|,? {_THAT_YEAR})?"
_ON = rf"(?:{WEEKDAY},? \(?(?:the )?)?"
_TO = r"(?: ?[-–—] ?| to | through | and )"
_BETWEEN = r"(?P<between>[Bb]etween )?"
_UNIT = r"(?P<unit>day|week|fortnight|month|year|decade|century|centurie)s?"
_PART = r"(?:[Tt]he )?(?:(?:[Ee]arly|[Ll]ate)(?: in)?|[Mm]id|(?:[Ee]nd|[Ss]tart|[Mm]iddle|[Bb]eginning) of)[ -]"
_BEFORE_A_MONTH = "last next this by until in since during from for around through".split()
_BEFORE_A_WEEKDAY = [
    "last", "next", "this coming", "the coming", "coming", "this past", "this", "that same", "that", "following",
    "the following", "the next", "the previous",
]  # fmt: skip
_BEFORE_A_SEASON = "this last next in since during early late by".split()
_PARTS = "the early late mid end start middle beginning".split()
_DIGITS = ["9"]
_TIME = r"(?:day|morning|afternoon|evening|night)"

RULES = (
    Rule(
        "othercalendar",
        [*_DIGITS, "year", "the", *(word.lower() for word in OTHER_ERAS_BEFORE)],
        "12 Ramadan 1446",
        rf"(?:{_DAY} (?:of )?{OTHER_MONTH},?(?: \d{{3,4}})?(?: {OTHER_ERA_AFTER})?"
        rf"|{_DAY} (?:of )?{MONTH},? \d{{3,4}} {OTHER_ERA_AFTER}"
        rf"|(?:[Tt]he )?(?:[Yy]ear )?\d{{3,4}} (?:{OTHER_ERA_AFTER}|(?:of|in|by|on) the {OTHER_CALENDAR} calendar)"
        rf"|{any_of(OTHER_ERAS_BEFORE)} \d{{1,3}}\b)(?!\w)",
    ),
    Rule(
        "feast",
        sorted({name.split()[0].split("'")[0] for name in [*FEASTS, *EASTER]}),
        "New Year's Eve",
        rf"(?P<feast>{FEAST})\b(?! (?:[Aa]greement|[Aa]ccord|[Pp]eace|[Dd]eal|[Mm]assacre|[Ii]sland|[Dd]eclaration))"
        rf"{_OF_YEAR}",
    ),
    Rule("iso", _DIGITS, "2025-10-13", r"(?P<year>\d{4})(?:-(?P<month>\d\d)-|/(?P<monthslash>\d\d)/)(?P<day>\d\d)\b"),
    Rule(
        "numeric",
        _DIGITS,
        "13/10/2025",
        r"(?<![\d/.-])(?:\d\d?/\d\d?/|\d\d?\.\d\d?\.|\d\d?-\d\d?-)(?:1[5-9]|20)\d\d\b(?![/-])",
    ),
    Rule(
        "twodates",
        [*_DIGITS, *MONTHS, "between"],
        "13 June to 24 June 2025",
        rf"{_BETWEEN}(?:(?P<day>{_DAY}) (?P<month>{MONTH}){_TO}{_DAY} (?P<endmonth>{MONTH})"
        rf"|(?P<monthus>{MONTH}) (?P<dayus>{_DAY}){_TO}(?P<endmonthus>{MONTH}) {_DAY}\b){_OF_YEAR}",
    ),
    Rule(
        "days",
        [*_DIGITS, *MONTHS, "between"],
        "3 to 5 May",
        rf"{_BETWEEN}(?:(?P<day>{_DAY}){_TO}{_DAY}(?: of)? (?P<month>{MONTH})"
        rf"|(?P<monthus>{MONTH}) (?P<dayus>{_DAY}){_TO}{_DAY}\b(?! {MONTH})(?![:,]\d)){_OF_YEAR}",
    ),
    Rule(
        "dmy",
        [*_DIGITS, *WEEKDAYS, *ORDINALS],
        "Wednesday, 8 Oct. 2025",
        rf"{_ON}(?:(?P<day>{_DAY})(?: of)?|(?P<dayword>{ORDINAL}) of) (?P<month>{MONTH})(?!\w){_OF_YEAR}",
    ),
    Rule(
        "mdy",
        [*MONTHS, *WEEKDAYS],
        "Wednesday, Oct. 8, 2025",
        rf"{_ON}(?P<month>{MONTH}) (?:the )?(?P<day>{_DAY})\b(?!:){_OF_YEAR}",
    ),
    Rule(
        "thisday",
        ["this", "today"],
        "this day in 1973",
        rf"(?:[Tt]his (?:very )?(?:day|date)|[Tt]oday) in (?:{MONTH} )?{_YEAR}",
    ),
    Rule(
        "anniversary",
        ["this"],
        "this day 80 years ago",
        rf"[Tt]his (?:very )?(?:day|date) (?P<count>{COUNT}) years ago\b",
    ),
    Rule(
        "months",
        [*MONTHS, "between"],
        "March to May 2024",
        rf"(?P<month>{MONTH})(?: ?[-–—] ?| to | through )(?P<endmonth>{MONTH})\b{_OF_YEAR}"
        rf"|(?P<between>[Bb]etween) (?P<first>{MONTH}) and (?P<endfirst>{MONTH})\b(?:,? (?P<inyear>\d{{4}})\b)?",
    ),
    Rule("years", _DIGITS, "2016 to 2021", r"(?P<year>(?:1[789]|20)\d\d)(?: to |[-–—])(?:1[789]|20)?\d\d\b"),
    Rule("between", ["between"], "between 2014 and 2016", r"[Bb]etween (?:1[789]|20)\d\d and (?:1[789]|20)?\d\d\b"),
    Rule(
        "monthyear",
        [*MONTHS, *_PARTS],
        "mid-April 2023",
        rf"(?:{_PART})?(?P<month>{MONTH})(?:,? (?:of )?{_YEAR}|,? {_THAT_YEAR})",
    ),
    Rule(
        "month",
        [*_BEFORE_A_MONTH, *_PARTS],
        "in March",
        rf"(?:(?P<which>{any_of(_BEFORE_A_MONTH)}) (?:{_PART})?|{_PART}|(?P<after>[Tt]he (?:following|next)) )"
        rf"(?P<month>{MONTH_ALONE})(?! \d|,? (?:of )?\d{{4}}\b|,? {unnamed(_THAT_YEAR)}|{_TO}{MONTH})",
    ),
    Rule(
        "dayofmonth",
        _DIGITS,
        "on the 3rd",
        rf"(?<=the )(?P<day>\d\d?)(?:st|nd|rd|th) of (?P<whose>last|this|next|the(?: same)?|that) month\b"
        rf"|(?:(?<=[Oo]n the )|(?<=[Oo]f the )|(?<=[Bb]y the )|(?<=[Ss]ince the )|(?<=[Uu]ntil the ))"
        rf"(?P<dayalone>\d\d?)(?:st|nd|rd|th)\b(?=$|[,.;:)]| (?!(?:[A-Z]\w+ )?{NUMBERED})[A-Z]"
        rf"| (?:and|but|was|were|had|has|when|after|before|in|at|with|to|against) )",
    ),
    Rule("relday", ["the"], "the day before yesterday", r"[Tt]he day (?:before yesterday|after tomorrow)\b"),
    Rule(
        "today",
        "today yesterday tomorrow tonight overnight last this".split(),
        "last night",
        rf"(?:[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight|[Oo]vernight|[Ll]ast night|[Tt]his (?!day){_TIME})\b",
    ),
    Rule(
        "nextday",
        ["the", "that"],
        "the next day",
        rf"(?:[Tt]he (?P<step>next|following|previous) {_TIME}|(?P<same>[Tt]he same|[Tt]hat(?: same| very)?) {_TIME}"
        rf"|[Tt]he {_TIME} (?P<side>before|after(?=[.,;]|$)))\b",
    ),
    Rule(
        "weekend",
        "over at on during in the last past this next coming previous following".split(),
        "over the weekend",
        r"(?:(?:[Oo]ver|[Aa]t|[Oo]n|[Dd]uring|[Ii]n) the weekend"
        r"|(?:[Tt]he )?(?P<which>[Ll]ast|past|[Tt]his past|[Tt]his|[Nn]ext|coming|previous|following) weekend)\b",
    ),
    Rule(
        "weekday",
        [*WEEKDAYS, *_firsts(_BEFORE_A_WEEKDAY)],
        "Tuesday last week",
        rf"(?:(?P<which>{any_of(_BEFORE_A_WEEKDAY)}) )?{NO_WEEKDAY}"
        rf"(?P<weekday>{WEEKDAY})\b(?: (?:of )?(?P<week>last|next|this) week\b)?",
    ),
    Rule(
        "count",
        [*_DIGITS, *_firsts([*NUMBERS, *VAGUE]), "the"],
        "two weeks ago",
        rf"(?:(?P<count>{COUNT}) {_UNIT}|(?P<theday>[Tt]he day)) (?:(?P<side>ago today|ago|earlier|later|afterwards"
        r"|(?:before|after)(?=[.,;]|$))|(?P<onward>before|after))\b",
    ),
    Rule(
        "hours",
        [*_DIGITS, "hour", "hours", "minute", "minutes", "within"],
        "hours later",
        r"(?:(?:(?P<count>\d+) )?(?:[Hh]our|[Mm]inute)s? (?P<side>ago|later|earlier|after|before|afterwards)"
        r"|[Ww]ithin (?:[a-z]+ )?(?:hour|minute)s?)\b",
    ),
    Rule(
        "stepped",
        ["the"],
        "the following month",
        r"[Tt]he (?:(?P<step>following|next|previous) (?P<unit>week|month|year)"
        r"|(?P<unitalone>week|month|year) (?P<side>before|after))\b",
    ),
    Rule(
        "unit",
        "last next this that the previous past coming".split(),
        "last month",
        r"(?P<which>[Ll]ast|[Nn]ext|[Tt]his|[Tt]hat(?: very| same)?|[Tt]he same|[Pp]revious|[Pp]ast|[Cc]oming) "
        r"(?P<unit>week|month|year)\b",
    ),
    Rule(
        "season",
        _BEFORE_A_SEASON,
        "in the spring",
        rf"(?P<which>{any_of(_BEFORE_A_SEASON)}) (?:the )?(?P<season>{SEASON})\b"
        r"(?! (?:of )?(?:\d|last|this|next))(?! of )",
    ),
    Rule(
        "quarter",
        ORDINALS,
        "the third quarter",
        rf"(?<=the )(?P<quarter>{ORDINAL}) quarter\b(?! (?:of|last|this|next))",
    ),
    Rule("year", _DIGITS, "1998", r"(?P<year>(?:1[789]|20)\d\d)\b"),
    Rule("decade", _DIGITS, "1990s", r"(?:1[5-9]|20)\d0s\b"),
    Rule(
        "vague",
        "decades years months previously historically once".split(),
        "decades ago",
        r"(?:(?:[Dd]ecades|[Yy]ears|[Mm]onths) (?:ago|earlier)|[Pp]reviously|[Hh]istorically|(?<!at )[Oo]nce)\b",
    ),
)
