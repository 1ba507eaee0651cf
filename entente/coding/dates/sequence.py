"""The date phrases of a text, sentence after sentence: "the next day" counts from the date told last."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from entente.coding.dates.phrases import DatePhrase, phrases
from entente.coding.text.sentences import Sentence
from entente.relations.periods import Period

#: After a date this far back, bare months of the same paragraph may go on telling history.
HISTORY_DAYS = 25

#: Words by which a text goes on with an old year. Without them "in March" is the last March even after "in 2014": so it
#: was in 100 of 106 places of labelled texts where it mattered. "That may" and "met today in Vienna" are none of them.
_GOES_ON = re.compile(
    r"\b[Tt]hat (?:same |very )?(?:year|month|week|spring|summer|autumn|fall|winter"
    r"|January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\bago (?:today|to the day)\b|\b[Oo]n this (?:very )?(?:day|date)\b"
    r"|\b(?:[Tt]his (?:very )?day|[Tt]oday) in (?:[A-Z][a-z]+ )?\d{4}\b"
)

#: A day of the last week named among old dates is no part of the history around it.
_THIS_WEEK = 7


def dates_of(sentences: Sequence[Sentence], today: date | None) -> Iterator[list[DatePhrase]]:
    """The date phrases of each sentence in turn. `today`: the day of publication, None if unknown."""
    anchor: Period | None = None
    paragraph, goes_on = -1, -1
    for sentence in sentences:
        if _GOES_ON.search(sentence.text):
            goes_on = sentence.paragraph
        old = anchor is not None and today is not None and (today - anchor.last).days > HISTORY_DAYS
        history = old and paragraph == goes_on == sentence.paragraph and sentence.field != "title"
        told = phrases(sentence.text, sentence.start, today, anchor, anchor if history else None)
        known = [phrase.period for phrase in told if phrase.period is not None and phrase.clause is None]
        days = [period for period in known if period.precision == "day"]
        last = (days or known)[-1:]
        recent = last and today is not None and (today - last[0].first).days <= _THIS_WEEK
        if last and not (history and recent):
            anchor, paragraph = last[0], sentence.paragraph
        yield told
