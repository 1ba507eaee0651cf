"""Finding the date phrases of a sentence."""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, date

from entente.coding.dates.reading import COUNT, MONTH, WEEKDAY, is_year, read_safely
from entente.relations.periods import Period

_PHRASE = re.compile(
    rf"""(?P<iso>\b\d{{4}}-\d\d-\d\d\b)
    |(?P<dmy>\b\d{{1,2}}(?:st|nd|rd|th)?(?:\ of)?\ {MONTH}(?:,?\ \d{{4}})?\b)
    |(?P<mdy>\b{MONTH}\ \d{{1,2}}(?:st|nd|rd|th)?\b(?!:)(?:,?\ \d{{4}}\b)?)
    |(?P<mlast>\b{MONTH}\ (?:last|this|of\ last|of\ this|of\ that|that)\ year\b)
    |(?P<my>\b(?:(?i:early\ |late\ |mid-))?{MONTH},?\ (?:of\ )?\d{{4}}\b)
    |(?P<yearafter>\b(?:the\ following|the\ next)\ {MONTH}\b)
    |(?P<lastmonth>\b(?i:last|in|since|this|next|until|by|late|early|during|mid-
            |(?:end|start|middle|beginning)\ of)\ ?{MONTH}\b
        (?!\ \d)(?!\ (?:of\ )?(?:last|this|that)\ year))
    |(?P<relday>\b(?i:today|yesterday|tomorrow|tonight|overnight|the\ next\ day
        |the\ day\ before|the\ following\ day|a\ day\ (?:later|earlier|after|before)|the\ previous\ day
            |the\ same\ day)\b)
    |(?P<weekday>\b(?:(?i:last\ |next\ |this\ |that\ same\ |that\ ))?{WEEKDAY}\b)
    |(?P<ago>\b(?i:{COUNT}|a\ few)\ (?:days?|weeks?|months?|years?|decades?)\ (?:ago|earlier|later|before(?=[.,;]|$)
        |after(?=[.,;]|$)))
    |(?P<anchored>\bthe\ (?:following|next)\ (?:month|year)\b|\bthe\ (?:month|year)\ (?:after|before)\b)
    |(?P<relunit>\b(?i:last|next|this|earlier\ this|later\ this|the\ previous|the\ following|previous
        |that\ very|that\ same|that|the\ same)\ (?:week|month|year|weekend|day)\b)
    |(?P<year>\b(?:1[789]|20)\d\d\b)
    |(?P<decade>\b(?:1[789]|20)\d0s\b)
    |(?P<vague>\b(?:decades|years|months)\ (?:ago|earlier)\b|\b(?:previously|historically|(?<!at\ )once)\b)""",
    re.VERBOSE,
)


_TOLD = ("ago", "relday", "relunit", "yearafter", "anchored", "mlast")


_BARE = ("in", "un", "by")


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A date phrase at text[start:end] of the field; `period` None for one that only says "long ago"."""

    start: int
    end: int
    period: Period | None


def phrases(
    text: str, start: int, today: date | None, anchor: Period | None, history: Period | None = None
) -> list[DatePhrase]:
    """The date phrases of a sentence that begins at `start`.

    `anchor`: the date told last, for "two days later"; `history`: the old date that the paragraph goes on from, whose
    year a bare month has.
    """
    found: list[DatePhrase] = []
    for match in _PHRASE.finditer(text):
        kind = match.lastgroup or ""
        if kind == "year" and not is_year(text, match):
            continue
        period = read_safely(kind, match[0], today, _told(found, anchor) if kind in _TOLD else anchor)
        if kind == "lastmonth" and history is not None and period is not None and match[0][:2].lower() in _BARE:
            later = period.first.month < history.first.month and history.precision != "year"
            period = Period(date(min(MAXYEAR, history.first.year + later), period.first.month, 1), "month")
        if (
            kind in ("dmy", "mdy")
            and re.match(r",?\s(?:of\s)?that\s(?:same\s)?year", text[match.end() :])
            and anchor
            and period
        ):
            period = Period.day(_in_year(period.first, anchor.first.year))
        bare = kind in ("dmy", "mdy") and period is not None and not re.search(r"\d{4}", match[0])
        if bare and history is not None and period is not None and period.first.month == history.first.month:
            period = Period.day(_in_year(period.first, history.first.year))
        if kind in ("dmy", "mdy") and found and period is not None and not re.search(r"\d{4}", match[0]):
            year = found[-1].period.first.year if found[-1].period is not None else period.first.year
            period = Period.day(_in_year(period.first, year)) if year < period.first.year - 1 else period
        if period is not None or kind in ("vague", "decade"):
            found.append(DatePhrase(match.start() + start, match.end() + start, period))
    return found


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _told(found: list[DatePhrase], anchor: Period | None) -> Period | None:
    """The date told last: earlier in the sentence, or before it."""
    return next((phrase.period for phrase in reversed(found) if phrase.period is not None), anchor)
