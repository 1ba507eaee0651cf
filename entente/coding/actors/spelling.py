"""Spelling: texts and names made comparable, and the ways in which one name of a country is written.

`plain` and `lowered` keep the length of a text, so that an offset into either is one into the text.
"""

import re
import unicodedata
from collections.abc import Iterator

_APOSTROPHES = "’‘‛ʼʻʾʿ`´′"
_HYPHENS = "‐‑–"
_BLANKS = "\n\r\t\u00a0\u2009\u202f"
_LETTERS = {"ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "ł": "l", "Ł": "L", "ı": "i", "ə": "e"}

#: Words of a country's name and how tables and headlines shorten them.
_SHORT = {
    "Republic": "Rep.",
    "Democratic": "Dem.",
    "Islands": "Is.",
    "Federated": "Fed.",
    "Federation": "Fed.",
    "Federal": "Fed.",
    "States": "Sts.",
    "Equatorial": "Eq.",
    "Saint": "St.",
    "Northern": "N.",
    "North": "N.",
    "Southern": "S.",
    "South": "S.",
    "Eastern": "E.",
    "East": "E.",
    "Western": "W.",
    "West": "W.",
    "Central": "C.",
    "Herzegovina": "Herz.",
}
_DIRECTIONS = frozenset("Northern North Southern South Eastern East Western West Central".split())
_FORM = re.compile(
    r"((?:[\w’'.]+ )*?(?:Republic|Rep\.|Kingdom|State|States|Sts\.|Union|Principality|Sultanate)) of( the)? (.+)"
)


_STRAIGHT = str.maketrans(_APOSTROPHES, "'" * len(_APOSTROPHES))


class _Plain(dict[int, str]):
    """What each character is read as, for str.translate: one character for one."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        base = unicodedata.normalize("NFD", character)[0]
        self[code] = kept = base if base.isascii() and base.isalpha() else character
        return kept


_PLAIN = _Plain(
    str.maketrans(
        dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_HYPHENS, "-") | dict.fromkeys(_BLANKS, " ") | _LETTERS
    )
)


def plain(text: str) -> str:
    """The text without accents, with straight apostrophes, hyphens and blanks; as long as before."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_PLAIN)


def lowered(text: str) -> str:
    """The text in lower case, as long as before."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def spellings(name: str) -> Iterator[str]:
    """Patterns for plain texts: the name itself, and for accents that the text writes as characters of their own."""
    yield plain(unicodedata.normalize("NFC", name))
    if not name.isascii():
        yield unicodedata.normalize("NFD", name).translate(_STRAIGHT)


def writings(name: str) -> Iterator[str]:
    """Other ways to write a country's name: "Korea, Rep.", "S. Sudan", "Trinidad & Tobago", "Korea (North)"."""
    for joined in {name, name.replace(" & ", " and "), name.replace(" and ", " & ")}:
        shortened = set(_shortened(joined))
        yield from shortened
        for form in shortened:
            yield from _inverted(form)


def _shortened(name: str) -> Iterator[str]:
    """The name with none, one, or all of its words shortened. Directions are shortened only before another word."""
    words = name.split(" ")
    short = [
        _SHORT[word] if word in _SHORT and len(words) > 1 and (word not in _DIRECTIONS or i == 0) else word
        for i, word in enumerate(words)
    ]
    yield name
    yield " ".join(short)
    for i, word in enumerate(short):
        yield " ".join([*words[:i], word, *words[i + 1 :]])
    if words[0] == "Saint":
        yield " ".join(["St", *words[1:]])


def _inverted(name: str) -> Iterator[str]:
    match = _FORM.fullmatch(name)
    if match:
        form, the, head = match[1], match[2] or "", match[3]
        yield f"{head}, {form} of{the}"
        yield f"{head} ({form} of{the})"
        if form.endswith("."):
            yield f"{form} {head}"
        if " " in form or form.endswith("."):  # "Israel, State" may begin "Israel, State Department officials"
            yield f"{head}, {form}"
    direction, _, rest = name.partition(" ")
    if direction in _DIRECTIONS and rest and " " not in rest:
        yield f"{rest}, {direction}"
        yield f"{rest} ({direction})"
