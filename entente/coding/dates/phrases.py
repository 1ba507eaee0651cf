"""Finding the date phrases of a sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entente.coding.dates.against import Against
from entente.coding.dates.direction import ends_a_period, is_year, lies_ahead
from entente.coding.dates.finding import hits
from entente.coding.dates.reading import EITHER_WAY, UNDATED, UNNAMED, read_safely
from entente.coding.dates.relative import counted_from
from entente.coding.dates.rules import RULES
from entente.relations.periods import Period

_ALONE = {rule.name: rule.alone for rule in RULES}

#: What may stand between "two days after" and the date that it counts from: "the coup of", "Hamas struck on".
_NO_CLAUSE_ENDS = re.compile(r"[^,;:.]{0,60}")


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """A date phrase at text[start:end] of the field; `period` None for one that only says "long ago".

    `clause`: if it is of the act that its own clause came after or before ("returned a year after it was recalled"),
    when that clause's own act was, else None; no later "the next day" goes on from such a phrase.
    """

    start: int
    end: int
    period: Period | None
    clause: Period | None = None


def dated(phrase: DatePhrase, text: str, start: int, act: int) -> Period | None:
    """The date that a phrase gives to an act of its sentence, which begins at `start`; the act's words at text[act].

    "A year after" dates the act that follows it in its clause ("returned a year after it was recalled"), and neither
    one that stands before it nor one after that clause ("a year after it was recalled, it returned").
    """
    comma = text.find(",", phrase.end - start)
    follows = phrase.start - start < act and not 0 <= comma < act
    return phrase.period if phrase.clause is None or follows else phrase.clause


def phrases(
    text: str, start: int, today: date | None, anchor: Period | None, history: Period | None = None
) -> list[DatePhrase]:
    """The date phrases of a sentence that begins at `start`.

    `anchor`: the date told last, for "two days later"; `history`: the old date that the paragraph goes on from, whose
    year a bare month has.
    """
    found: list[DatePhrase] = []
    named: list[DatePhrase] = []
    counts: list[re.Match[str]] = []
    for hit in hits(text):
        kind, (begin, end) = hit.lastgroup or "", hit.span()
        match = _ALONE[kind].match(text, begin)
        if match is None or (kind == "year" and not is_year(text, begin, end)) or ends_a_period(text, begin, end):
            continue
        if kind == "count" and match["onward"]:
            counts.append(match)
            continue
        here = next((phrase.period for phrase in reversed(found) if phrase.period is not None), None)
        ahead = kind in EITHER_WAY and lies_ahead(text, begin, end, kind == "weekday")
        period = read_safely(kind, match, Against(today, here or anchor, here, history, ahead))
        if period is not None or kind in UNDATED:
            found.append(DatePhrase(start + begin, start + end, period))
            if period is not None and kind not in UNNAMED:
                named.append(found[-1])
    if not counts:
        return found
    published = history or (Period.day(today) if today is not None else None)
    counted = (_counted(match, text, start, named, published) for match in counts)
    return sorted([*found, *(phrase for phrase in counted if phrase is not None)], key=lambda phrase: phrase.start)


def _counted(
    match: re.Match[str], text: str, start: int, named: Sequence[DatePhrase], published: Period | None
) -> DatePhrase | None:
    """The phrase "two days after", which counts from a date that follows it in its clause.

    Without one it stands before another act and tells when that was, counted back from the date of its own clause: the
    day named before or after it in the sentence, or else that of publication.
    """
    at, period, clause = start + match.end(), None, None
    following = next((phrase for phrase in named if phrase.start >= at), None)
    if following and following.period and _NO_CLAUSE_ENDS.fullmatch(text, match.end(), following.start - start):
        period = counted_from(match, following.period, False)
    else:
        days = [phrase for phrase in named if phrase.period is not None and phrase.period.precision == "day"]
        before = [phrase.period for phrase in days if phrase.start < at]
        after = [phrase.period for phrase in days if phrase.start >= at]
        clause = (before[-1:] + after[:1] + [published])[0]
        period = counted_from(match, clause, True) if clause is not None else None
    return DatePhrase(start + match.start(), at, period, clause) if period is not None else None
