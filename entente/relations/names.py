"""Look-up of a name in the ways it is written: inverted, abbreviated, without accents or articles, in capitals.

Two writings are one name if `folded` gives one text for both. `Names` also knows what no folding makes equal: "Korea,
Republic of", "S. Sudan", "Kingdom of Spain".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

#: Longest text that is looked up as a name; longer ones are none.
_LONGEST = 120

#: Words that make no difference between two names.
_EMPTY = frozenset({"the", "of", "and"})

#: Abbreviations and variants, read as the word on the right. Not in a name of one word: "Island" is Iceland in German.
_WORDS = {
    short: words.split()
    for shorts, words in (
        ("st", "saint"),
        ("rep repub", "republic"),
        ("dem", "democratic"),
        ("fed federated", "federal"),
        ("soc", "socialist"),
        ("sts", "states"),
        ("utd", "united"),
        ("people ppl", "peoples"),
        ("is isl isls island", "islands"),
        ("ter terr territories", "territory"),
        ("eq equat", "equatorial"),
        ("br brit", "british"),
        ("fr", "french"),
        ("am amer", "american"),
        ("afr", "african"),
        ("dom", "dominican"),
        ("herz herzeg hercegovina", "herzegovina"),
        ("dr", "democratic republic"),
        ("pr", "peoples republic"),
        ("dpr", "democratic peoples republic"),
        ("pdr", "peoples democratic republic"),
        ("ir", "islamic republic"),
        ("ar", "arab republic"),
        ("rb", "bolivarian republic"),
        ("fyr", "former yugoslav republic"),
    )
    for short in shorts.split()
}

#: First words that a name may have in one letter ("S. Sudan"). The text looked up is not shortened, so that "Southern
#: Africa" is not South Africa.
_INITIALS = {word: word[0] for word in "north northern south southern east eastern west western central new".split()}

#: What a state calls itself before its name, and what may stand before that ("Federal Democratic Republic of").
_FORMS = frozenset({"republic", "kingdom", "principality", "sultanate"})
_ADJECTIVES = frozenset("arab democratic federal independent islamic peoples socialist sovereign united".split())

_APOSTROPHES = frozenset("'’‘‛ʼʻʾʿ`´′")
_INITIALISM = re.compile(r"\b(\w)\.\s?(?=\w\b)")
_ARTICLE = re.compile(r"(?:l['’]|(?:la|le|les|el|los|las|il|lo|gli|die|der|das) )(?=\w)", re.IGNORECASE)
_BRACKETED_ARTICLE = re.compile(r"\(the\)", re.IGNORECASE)
_PARTS = re.compile(r"([^,(\[]+)[,(\[]\s*([^)\]]+)[)\]]?\s*")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def folded(name: str) -> str:
    """The text that all writings of a name share: no case, accents, punctuation, spaces, "the", "of" or "and"."""
    return "".join(_words(name))


def _words(name: str) -> list[str]:
    words = _plain(name).split()
    told = [word for word in words if word not in _EMPTY]
    return [full for word in told for full in _WORDS.get(word, [word])] if len(told) > 1 else told or words


def _plain(name: str) -> str:
    """Letters and digits in lower case without accents, and spaces."""
    text = _INITIALISM.sub(r"\1", name) if "." in name else name
    return unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)


class _Letters(dict[int, str]):
    """What each character of a name is read as, for str.translate; worked out once a character."""

    def __missing__(self, code: int) -> str:
        self[code] = kept = self._kept(chr(code))
        return kept

    @staticmethod
    def _kept(character: str) -> str:
        # Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. Vowel signs of other scripts are letters.
        if "\u0300" <= character <= "\u036f" or "\u0591" <= character <= "\u05c7" or "\u064b" <= character <= "\u0655":
            return ""
        if character in _APOSTROPHES:
            return ""
        return character if character.isalnum() or unicodedata.category(character)[0] == "M" else " "


_LETTERS = _Letters(
    str.maketrans(
        {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ə": "e", "&": " and "}
        | {"ی": "ي", "ى": "ي", "ک": "ك", "ة": "ه", "ـ": ""}
    )
)


def variants(name: str) -> Iterator[str]:
    """Folded writings of a name that folding alone does not make equal to it."""
    head, of, tail = name.partition(" of ")
    if of:
        yield folded(f"{tail} {head}")
    words = _words(name) if " " in name else []
    # Only the first word: "Korea, North" is not written "Korea N".
    if len(words) > 1 and words[0] in _INITIALS:
        yield "".join([_INITIALS[words[0]], *words[1:]])
    if not name.isascii():
        yield folded(unicodedata.normalize("NFC", name.casefold()).translate(_UMLAUTS))


class Names:
    """Keys by name. A name with several keys is ambiguous."""

    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, ...]] = {}

    def add(self, names: Iterable[tuple[str, str]]) -> None:
        """Add (folded name, key) pairs. A name that an earlier call added keeps the keys it has."""
        found: dict[str, dict[str, None]] = {}
        for name, key in names:
            if name and name not in self._keys:
                found.setdefault(name, {})[key] = None
        self._keys.update((name, tuple(keys)) for name, keys in found.items())

    def keys(self, text: str) -> tuple[str, ...]:
        """Keys of the entities that `text` may name; empty if it names none."""
        if len(text) > _LONGEST or ":" in text:
            return ()
        text = _BRACKETED_ARTICLE.sub(" ", text)
        for name in _readings(text):
            known = self._keys.get(name)
            # "Irã" is not the IRA: so short a text must have no accents to lose.
            if known is not None and (text.isascii() or len(name) > 3 or not name.isascii()):
                return known
        return self._both(text)

    def _both(self, text: str) -> tuple[str, ...]:
        """Keys of a text of two names, if both have the same: "Myanmar (Burma)"."""
        parts = _PARTS.fullmatch(text)
        one, other = (self._keys.get(folded(part), ()) for part in parts.groups()) if parts else ((), ())
        return one if one == other else ()


def _readings(text: str) -> Iterator[str]:
    """Folded names that a text may stand for: as it stands, turned round at a comma or bracket, without its form."""
    yield folded(text)
    parts = _PARTS.fullmatch(text)
    turned = f"{parts[2]} {parts[1]}" if parts else text
    yield folded(turned)
    for writing in (text, turned):
        words = _words(writing)
        form = next((i for i, word in enumerate(words) if word in _FORMS), None)
        if form is not None and all(word in _ADJECTIVES for word in words[:form]):
            yield "".join(words[form + 1 :])
    yield folded(_ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text)
