"""The day of a text's dateline: "OSLO, May 28, 2024 (Reuters) -"."""

import re
from datetime import date

from entente.coding.dates.phrases import phrases
from entente.coding.text import cleaning

#: Days before publication that a dateline may have; an older one belongs to a text that is printed again.
DATELINE_DAYS = 3

#: Lines from the beginning, and characters of each, in which a dateline without the form of an agency's is looked for.
_LINES, _LINE_CHARACTERS = 5, 140

#: A place, in capitalised words, and a full date before the story: "Oslo, 28 May 2024 –".
_PLACE_AND_FULL_DATE = re.compile(
    r"(?:[A-Z](?:[^\W\d]|[.'’\-/])*(?: \([A-Z][^)\d]{1,30}\))?,?\s+(?:(?:of|the|de|la|and|am) )?){1,7}"
    r"\(?(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4}|\d{4}-\d\d-\d\d)\)?,?\s*"
    r"(?:[/(]?[A-Z][\w.\- ]{1,24}[/)]?\s*)?(?:--|[-–—:])\s"
)


def written_on(published: date, text: str) -> date:
    """The day in the text's dateline, if it is one of the last before publication; else the day of publication."""
    days = _days(cleaning.dateline(text) or "", published)
    return days[0] if days and 0 <= (published - days[0]).days <= DATELINE_DAYS else published


def day_in_full(text: str, received: date | None = None) -> date | None:
    """The day in the text's dateline if that gives it with its year, and it is not after the day of receipt."""
    heads = [cleaning.dateline(text) or ""]
    lines = [line.strip() for line in text[: _LINES * 400].split("\n") if line.strip()]
    heads += [found[0] for line in lines[:_LINES] if (found := _PLACE_AND_FULL_DATE.match(line[:_LINE_CHARACTERS]))]
    days = [day for head in heads for day in _days(head, None)]
    return next((day for day in days if received is None or day <= received), None)


def _days(dateline: str, published: date | None) -> list[date]:
    """The days in a dateline; with `published` None only those with their year."""
    told = [phrase.period for phrase in phrases(dateline, 0, published, None)]
    return [period.first for period in told if period is not None and period.precision == "day"]
