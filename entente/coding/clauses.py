"""The clause of a sentence that tells an act, without what only tells why, when, or who says so (items.toml)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Takes the place of what is not looked at, so that offsets stay those of the sentence.
BLOT = "\n"

#: "and" before another subject or another verb with its object ("and recalled its envoy").
_AND_ANEW = (
    r", (?:and|or) (?=[A-Z])"
    r"|\band (?=(?:(?:also|then|has|have|had) )*"
    r"(?:[a-z]+ed|sent|gave|cut|shut|put|took|withdrew|sold|bought|told|said) "
    r"(?:(?:the|a|an|its|their|all|two|three|to|from|on|for|in|of|that)\b|[A-Z0-9]))"
)


@dataclass(frozen=True, slots=True)
class Clauses:
    """What parts a sentence: the words where clauses end, asides begin, reports are made, and those of who acts."""

    ends: re.Pattern[str]
    asides: re.Pattern[str]
    reports: re.Pattern[str]
    bodies: re.Pattern[str]

    @classmethod
    def read(cls, row: Mapping[str, Sequence[str]]) -> "Clauses":
        """From the table `clause` of items.toml."""
        ends, asides, times = (any_of(row[part]) for part in ("ends", "asides", "spans_of_time"))
        return cls(
            re.compile(rf"[;:]|,? {ends.pattern}|{_AND_ANEW}"),
            re.compile(rf"{asides.pattern}(?! (?:the )?\w+ {times.pattern})", re.IGNORECASE),
            any_of(row["speech"]),
            any_of(row["bodies"]),
        )

    def heard(self, sentence: str, start: int, end: int) -> str:
        """The clause around [start, end) without its asides; the rest blotted out, so that offsets stay."""
        begin, finish = 0, len(sentence)
        for match in self.ends.finditer(sentence):
            if match.end() <= start:
                begin = match.end()
            elif match.start() >= end and match[0] != ":":
                finish = match.start()
                break
        kept = _blotted(_blotted(sentence, 0, begin), finish, len(sentence))
        for report in self.reports.finditer(kept):
            if report.end() <= start:
                kept = _blotted(kept, 0, report.end())
            elif (comma := kept.rfind(",", end, report.start())) >= 0:
                kept = _blotted(kept, comma, report.end())
        for aside in self.asides.finditer(kept):
            comma = kept.find(",", aside.end())
            stop = comma if comma >= 0 else finish
            if stop <= start or aside.start() >= end:
                kept = _blotted(kept, aside.start(), stop)
        return self.bodies.sub(lambda body: BLOT * len(body[0]), kept[:start]) + kept[start:]


def any_of(cues: Sequence[str]) -> re.Pattern[str]:
    """Any of the words, whole: a blank is also a hyphen, * is any letters, ' also ’."""
    words = "|".join(
        (r"\b" if cue[0].isalnum() or cue[0] in "*'" else "")
        + re.escape(cue).replace(r"\*", r"\w*").replace(r"\ ", "[ -]").replace("'", "['’]")
        + r"\b"
        for cue in cues
    )
    return re.compile(f"(?:{words})", re.IGNORECASE)


def _blotted(text: str, begin: int, finish: int) -> str:
    return text[:begin] + BLOT * (finish - begin) + text[finish:]
