"""Whether a date phrase can be that of an act: it is not in a clause that tells another, nor too far down.

"Kenya reopened the border that it had closed in 2011": the year dates the closing. Of the dates that the reader gave to
acts of labelled texts in spite of these signs most were not theirs (docs/adr/0041-whose-date-it-is.md).
"""

import re

_OPENS = re.compile(r"\b(?:that|which|who|whom|whose)\b")

#: How the words of an act begin that are a verb. After a noun the clause describes the act: "the war that began in".
_VERB = re.compile(
    r"(?:has|have|had|is|are|was|were|will|to|\w+ed|cut|shut|put|took|gave|sent|left|let|broke|withdrew|reopens?|lifts?|ends?"
    r"|claims?)\b",
    re.IGNORECASE,
)

#: Words of a participle that begins an aside: "its ambassador, recalled in March, is back".
_PARTICIPLE = re.compile(
    r"(?:\w+ed|shut|begun|put|made|held|broken|cut|taken|sent|lost|won|torn|drawn|withdrawn|frozen|built|given|driven"
    r"|thrown)\b"
)
#: After an aside the clause around it goes on with its verb; after "severed ties in 1975, when" none does.
_VERB_AFTER = re.compile(r",\s+(?:is|are|was|were|has|have|had|will|would|can|may|\w+ed)\b")

_RELATIVE = re.compile(r"(?:which|who|whom|whose|where)\b")

#: What leads to the date of the last time before: "have relations again, for the first time since 1978".
_LAST_TIME = re.compile(r"\bfirst\b[^,;:]*\bsince\b(?:\s+\w+){0,3}\s*", re.IGNORECASE)

#: Words from the pronoun to the date, at least: a verb, and what leads to the date.
_LEAST_CLAUSE = 2

#: Lines after that of the act, at most, in which its date may stand: after a headline, and after another line.
_AFTER_HEADLINE, _AFTER = 2, 1


def is_near(distance: int, headline: bool) -> bool:
    """True if a date so many lines after the act's may be the act's; `headline`: the act's line is one.

    Of the dates further down that the reader gave to acts of labelled texts none was theirs
    (docs/adr/0046-no-dates-from-further-down.md).
    """
    return distance <= (_AFTER_HEADLINE if headline else _AFTER)


def is_of_another(text: str, act: tuple[int, int], phrase: tuple[int, int]) -> bool:
    """True if the date phrase at text[phrase] is in a clause or an aside of its own, without the act's words, or tells
    when the like was before.

    `act`, `phrase`: code points [start, end) of a sentence.
    """
    if phrase[0] >= act[1]:
        return _is_last_time(text, act[1], phrase) or _follows_in_clause(text, act, phrase[0])
    return phrase[1] <= act[0] and _stands_in_aside(text, act[0], phrase)


def _is_last_time(text: str, act: int, phrase: tuple[int, int]) -> bool:
    """Whether the date says when the like was before: the act, then "first", then "since" and the date."""
    return any(found.start() < phrase[0] <= found.end() for found in _LAST_TIME.finditer(text, act, phrase[1]))


def _follows_in_clause(text: str, act: tuple[int, int], start: int) -> bool:
    """Whether a relative clause after the act's object leads to the date: "lifted the ban that it imposed in"."""
    opened = list(_OPENS.finditer(text, act[1], start))
    if not opened or not _VERB.match(text, act[0]):
        return False
    clause = text[opened[-1].end() : start]
    # "Agreed to that on Tuesday" has no clause.
    return "," not in clause and len(clause.split()) >= _LEAST_CLAUSE


def _stands_in_aside(text: str, act: int, phrase: tuple[int, int]) -> bool:
    """Whether commas part the date from the act after it: "Kuwait, which expelled him in 2017, has sent another"."""
    opened, closed = text.rfind(",", 0, phrase[0]), text.find(",", phrase[1])
    if opened < 0 or not 0 <= closed < act:
        return False
    inside = text[opened + 1 : phrase[0]].lstrip()
    return bool(_RELATIVE.match(inside) or (_PARTICIPLE.match(inside) and _VERB_AFTER.match(text, closed)))
