"""Sentences: the title and the cleaned text cut into sentences, with offsets into the original field."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: A longer stretch without a full stop is cut at a semicolon, comma or blank.
MAX_CHARACTERS = 900

_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof gen col lt sgt capt maj adm sen rep gov st jr sr inc ltd co corp vs etc no art al messrs rev
    hon pres cmdr brig e.g i.e u.s u.k u.n u.s.a a.m p.m jan feb mar apr jun jul aug sep sept oct nov dec ft mt
    vol bn approx dept est fig ie eg eq dem sts
    """.split()
)
_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s|$)|\n{2,}|[.!?]+[\"'”’)\]]*\n")

_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is the code points [start, end) of the field: title or text. Paragraphs are numbered from 0."""

    field: str
    start: int
    end: int
    text: str
    paragraph: int = 0


def split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(start, end) of the sentences within text[start:end], blanks trimmed."""
    begin = start
    cased = _CAPITAL.search(text, start, end) is not None
    for match in _END.finditer(text, start, end):
        if text[match.start()] == "." and _is_abbreviation(text, begin, match, cased):
            continue
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, end)


def _is_abbreviation(text: str, begin: int, match: re.Match[str], cased: bool) -> bool:
    before = text[max(begin, match.start() - 12) : match.start()].rsplit(None, 1)
    word = (before[-1] if before else "").lstrip("(\"'“‘").lower()
    following = text[match.end() : match.end() + 3].lstrip()
    if "\n\n" in text[match.end() : match.end() + 3]:
        return False
    # In a text without capitals a small letter says nothing.
    if cased and following[:1].islower():
        return True
    if word in ("u.s", "u.k", "u.n", "a.m", "p.m", "inc", "co", "corp", "ltd", "etc", "no", "u.s.a", "jr", "sr"):
        return (
            text[match.end() : match.end() + 2].strip().isdigit()
            if word == "no"
            else following[:1].isupper() and word in ("u.s", "u.k", "u.n") and not _starts_clause(text, match.end())
        )
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")


_STARTERS = frozenset(
    """
    The A An In On At It He She They We But And This That As After Before For Since When While If
    """.split()
)


def _starts_clause(text: str, end: int) -> bool:
    words = text[end : end + 20].split()
    return bool(words) and words[0] in _STARTERS


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_CHARACTERS:
        window = text[start : start + MAX_CHARACTERS]
        cut = max(window.rfind("; "), window.rfind(", "), 0) or window.rfind(" ")
        cut = cut + 1 if cut > 0 else MAX_CHARACTERS
        yield start, start + cut
        start += cut
    if end > start:
        yield start, end
