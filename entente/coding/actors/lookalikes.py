"""Look-alikes: names of places that are part of another name, and peoples that are no government.

The words that show it are data: seeds/actors/lookalikes.toml.
"""

import re
import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path

from entente.coding.actors.mentions import Name

#: Roles of names that other things are named after.
_COUNTRIES = frozenset({"state", "contested", "territory", "historic"})

#: Roles of names that teams play under: England is a place.
TEAMS = _COUNTRIES | {"place"}
_TOWNS = frozenset({"capital", "place", "seat"})

#: In a headline these are the only words that are not capitalised, so there a capital shows no surname.
_SMALL = re.compile(
    r"\b(?!(?:a|an|and|as|at|but|by|for|from|in|into|of|off|on|or|over|per|the|to|up|via|vs|with|after|amid|s)\b)[a-z]"
)
#: What follows shows that the names before are those of a list: "Athens, Georgia and Armenia".
_LIST = r"(?:, [A-Z]\w+)*,? (?:and|or) (?:the )?[A-Z]"
_IS_LISTED = re.compile(_LIST)
_SURNAME = re.compile(r" (?:[A-Z]\. )?((?:[A-Z][a-z]*[’'])?[A-Z][a-zà-ÿ]+(?:-[A-Z][a-z]+)?)(?!\w)")
_TOWN_BEFORE = re.compile(r"\b[A-Z][\w’'.-]+, $")
_PASSIVE = re.compile(r" (?:was|were|are|is|(?:have|has|had|will) be(?:en)?|being|held|detained|jailed)\b")
_SCORE = re.compile(r"\b\d{1,2}[-–]\d{1,2}\b")


class LookAlikes:
    """Tells whether a name found at text[start:end] stands for its entity."""

    def __init__(self, path: Path, institutions: Iterable[str]) -> None:
        """Read lookalikes.toml; `institutions`: nouns that may follow a country's name without being a surname."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        self._first = frozenset(table["first_names"].split())
        self._last = frozenset(table["surnames"].split())
        self._no_surname = frozenset(table["no_surnames"].split()) | {
            noun.split()[0].capitalize() for noun in institutions
        }
        given, titles = table["given_names"].split(), table["titles"].split()
        self._given = re.compile(rf"\b(?:{_any(given)})(?: [A-Z]\.)? $")
        self._titles = tuple(f"{title} " for title in titles)
        self._regions = frozenset(_listed(table["regions"]))
        self._region = re.compile(rf", (?:{_any(self._regions)})(?![\w-])(?!{_LIST})")
        self._in_georgia = re.compile(rf"\b(?:{_any(table['towns_of_georgia'].split())}), $")
        modifiers = _any(table["modifiers"].split())
        treaties = _any(_listed(table["treaties"]))
        self._treaty = re.compile(rf"(?: (?:{modifiers})){{0,2}} (?:{treaties})\b", re.IGNORECASE)
        self._talks_to = re.compile(r" (?:peace |nuclear |trade )?talks (?:to|with|about|of|up|down|tough)\b")
        self._of = tuple(f"{noun} of " for noun in _listed(table["of"]))
        self._firms_before = tuple(f" {noun} " for noun in _listed(table["firms_before"]))
        firms, others = _any(_listed(table["firms_after"])), _any(_listed(table["not_firms"]))
        self._firm_after = re.compile(rf" (?:{firms})\b(?! (?:{others})\b)")
        self._ships = frozenset(_listed(table["ships"]))
        beats = _any(_listed(table["beats"]))
        self._beats = re.compile(rf" (?:were |was )?(?:{beats})\b")
        self._sports = tuple(f" {word}" for word in _listed(table["sports"]))
        quantities = _any(table["quantities"].split())
        self._many = re.compile(rf"\W*(?:(?:{quantities}|of|\d[\d,.]*|[a-z]+-year-old) )+", re.IGNORECASE)

    def hides(self, text: str, start: int, end: int, name: Name) -> bool:
        """True if the name is part of another name there, so that it stands for nobody."""
        if not name.roles & (_COUNTRIES | _TOWNS):
            return False
        if self._firm_after.match(text, end) or not self._ships.isdisjoint(
            text[max(0, start - 25) : start].split()[-2:]
        ):
            return True
        if f" {text[max(0, start - 25) : start]}".endswith(self._firms_before):
            return True
        if self._person(text, start, end):
            return True
        if name.demonym:
            return False
        return self._town(text, start, end) or (bool(name.roles & _TOWNS) and self._treaty_of(text, start, end))

    def _person(self, text: str, start: int, end: int) -> bool:
        word = text[start:end]
        if text.endswith(self._titles, 0, start):
            return True
        if word in self._last and self._given.search(text, max(0, start - 20), start):
            return True
        if word not in self._first:
            return False
        after = _SURNAME.match(text, end)
        return after is not None and after[1] not in self._no_surname and not _is_headline(text)

    def _town(self, text: str, start: int, end: int) -> bool:
        """True for "Moscow" and "Georgia" in "Moscow, Idaho" and "Athens, Georgia", and for the region itself."""
        if self._region.match(text, end):
            return True
        word = text[start:end]
        if word in self._regions:
            return bool(_TOWN_BEFORE.search(text, max(0, start - 25), start)) and not _IS_LISTED.match(text, end)
        if word == "Georgia":
            return bool(self._in_georgia.search(text, max(0, start - 20), start)) and not _IS_LISTED.match(text, end)
        georgia = end + len(", Georgia")
        return (
            text[end:georgia] == ", Georgia"
            and bool(self._in_georgia.search(text, start, end + 2))
            and not _IS_LISTED.match(text, georgia)
        )

    def _treaty_of(self, text: str, start: int, end: int) -> bool:
        if text.endswith(self._of, 0, start):
            return True
        if self._talks_to.match(text, end):
            # "Moscow talks to Ankara" against "the Vienna talks to revive the deal".
            return text[max(0, start - 4) : start].lower() == "the "
        return bool(self._treaty.match(text, end))

    def is_people(self, text: str, start: int, end: int) -> bool:
        """True if the plural of a people means members of it that act: "Thousands of Venezuelans crossed".

        Nationals to whom something is done ("two Canadians were freed") stand for their state, as in training/passages.
        """
        if text[max(0, start - 7) : start].lower() == "ethnic ":
            return True
        return bool(self._many.fullmatch(text, 0, start)) and not _PASSIVE.match(text, end)

    def is_sport(self, text: str, ends: Collection[int]) -> bool:
        """True if the text tells of a match: a word of sports, or a country that beats another with a score."""
        lower = text.lower()
        return any(word in lower for word in self._sports) or (
            any(self._beats.match(text, end) for end in ends) and bool(_SCORE.search(text))
        )


def _is_headline(text: str) -> bool:
    """True if every word is capitalised but articles, prepositions and the like."""
    return not _SMALL.search(text)


def _listed(field: str) -> list[str]:
    return [part.strip() for part in field.replace("\n", "|").split("|") if part.strip()]


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=len, reverse=True)))
