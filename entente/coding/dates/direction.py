"""What the words around a date phrase say of it: that it lies ahead, that it ends a period, that it is no date."""

import re

from entente.coding.dates.words import (
    AHEAD,
    AHEAD_BESIDE,
    AHEAD_BESIDE_WEEKDAY,
    ENDS,
    NOT_A_YEAR_AFTER,
    NOT_A_YEAR_BEFORE,
    NOT_TOLD,
    PASSIVE,
    TOLD,
    any_of,
)

#: Characters before a phrase that are looked at.
_REACH = 80

_PASSIVE = "".join(rf"(?<!\b{word}\s)" for word in PASSIVE)
_VERB = re.compile(
    rf"\b(?:(?P<ahead>{any_of(AHEAD)})|{_PASSIVE}(?:{any_of(TOLD)}|(?!{any_of(NOT_TOLD)}\b)[a-z]+ed))\b|[;:.]\s"
)
_BESIDE = {
    False: re.compile(rf"\b{any_of(AHEAD_BESIDE)}\s(?:the\s)?$"),
    True: re.compile(rf"\b{any_of(AHEAD_BESIDE_WEEKDAY)}\s(?:noon\son\s|midnight\son\s)?$"),
}
_END = re.compile(rf"\b{any_of(ENDS)}\s(?:the\s)?(?:(?:end|start|middle|beginning)\sof\s)?$", re.IGNORECASE)
_NOT = re.compile(r"(?:\bnot|n't|\bnever|\bno)\b", re.IGNORECASE)
_COUNTED = re.compile(rf"[\d,.]*\d|[\s-]?{any_of(NOT_A_YEAR_BEFORE)}")


def lies_ahead(text: str, start: int, end: int, weekday: bool) -> bool:
    """Whether the last telling verb before the phrase is one of what is still to come: "will visit on Friday"."""
    verbs = list(_VERB.finditer(text, max(0, start - _REACH), start))
    if verbs and verbs[-1]["ahead"] is not None:
        return True
    beside = _BESIDE[weekday].search(text, max(0, start - _REACH), start) is not None
    return beside and not text.startswith(("'s", "’s", " to "), end)


def ends_a_period(text: str, start: int, end: int) -> bool:
    """True of "(extended) until 15 March"; what did "not" happen until then did happen then."""
    first = text[start:end].split(None, 1)[0].lower()
    at = start if first not in ENDS else start + len(first) + 1
    before = text[max(0, at - _REACH) : at]
    if not any(word in before[-30:].lower() for word in ENDS):
        return False
    match = _END.search(before)
    if match is None:
        return False
    return not _NOT.search(re.split(r"[;:.,]\s", before[: match.start()])[-1])


def is_year(text: str, start: int, end: int) -> bool:
    """False for four digits that count something, or number an article or a resolution."""
    after = text[end : end + 14].lower()
    before = text[max(0, start - 12) : start].lower().rstrip()
    return not _COUNTED.match(after) and not before.endswith(NOT_A_YEAR_AFTER)
