"""Generate malformed texts: news mutilated at random, and extreme sizes."""

import random
from collections.abc import Callable

from tests.golden.records import articles, quiet

NEWS = "Russia imposed sanctions on Ukraine on Tuesday and Japan condemned it. The move had been expected. "
COUNTRIES = ("Russia", "Ukraine", "France", "Japan", "Peru", "Chile", "Brazil", "Iran", "Mali", "Kenya", "China")
_SCRIPTS = (
    "Россия ввела санкции против Украины. ",
    "日本はロシアを非難した。",
    "العراق يدين القصف ",
    "ไทยและกัมพูชา ",
    "Ελλάδα ",
)
_SEASONING = (
    *"\x00\x07\x1b\x7f\u200b\u200d\u202e\u0301\ufeff\ufffd\ud800\udfff😀🇷🇺ß№",
    "“‘“",
    "’”",
    '"',
    "'s ",
    "...",
    " -- ",
    "\n\n",
    "\t",
    "<p>",
    "</script>",
    "<script>",
    "&nbsp;",
    "&amp",
    " not ",
    " and ",
    " of ",
    " 31 February 0000 ",
    " 9999 ",
    " 99 decades ago ",
)

#: Name → a text that is extreme in one way. The first sentences are English news, so that the rest is read at all.
EXTREMES: dict[str, str] = {
    "empty": "",
    "blank": " \n\t ",
    "one sentence of a megabyte": NEWS + "Russia and Ukraine agreed to talks, and " * 25_000,
    "one word of a megabyte": NEWS + "a" * 1_000_000,
    "a name a megabyte long": NEWS + "Russia" * 170_000,
    "ten thousand country names": NEWS * 40 + "The leaders of " + ", ".join(COUNTRIES * 910) + " met.",
    "ten thousand names and no comma": NEWS * 40 + " ".join(COUNTRIES * 910),
    "more sentences than are read": NEWS * 9_000,
    "a megabyte of dates": NEWS * 40 + "Russia attacked Ukraine on 1 January 2020, 2 January 2020, " * 16_000,
    "a megabyte of blanks": NEWS * 40 + " " * 900_000 + "x",
    "a megabyte of full stops": NEWS * 40 + "." * 900_000,
    "a megabyte of initials": NEWS * 40 + "A. " * 300_000,
    "a megabyte of opened scripts": NEWS * 40 + "<script>" * 120_000,
    "a megabyte of scripts": NEWS * 40 + "<script>x</script>" * 50_000,
    "a megabyte of quotation marks": NEWS * 40 + "“" * 900_000,
    "control characters": "".join(map(chr, range(32))) * 20 + NEWS,
    "cut within a word": NEWS[:-20],
    "mixed scripts": NEWS + "".join(_SCRIPTS) + NEWS,
    "nested quotes": "He said: “They said: ‘She said: \"Russia said: 'Ukraine attacked Japan.'\"’” " * 200 + NEWS,
    "lone surrogates": "\ud800 " + NEWS + " Rus\udfffsia attacked Ukraine. ",
    "dates of no calendar": "Russia attacked Ukraine on 31 February 0000, 99 decades later Japan did, 9999-12-31.",
}


def mutilated(chance: random.Random) -> str:
    """A text of the goldens after some random operations: never twice the same, the same for the same seed."""
    texts = [golden["text"] for golden in (*articles(), *quiet())]
    text: str = chance.choice(texts)
    for _ in range(chance.randint(1, 6)):
        text = chance.choice(_OPERATIONS)(text, chance, texts)[:20_000]
    return text


def _cut(text: str, chance: random.Random, _: list[str]) -> str:
    ends = sorted(chance.randint(0, len(text)) for _ in range(2))
    return text[ends[0] : ends[1]]


def _season(text: str, chance: random.Random, _: list[str]) -> str:
    for _ in range(chance.randint(1, 40)):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(_SEASONING) + text[at:]
    return text


def _repeat(text: str, chance: random.Random, _: list[str]) -> str:
    start = chance.randint(0, len(text))
    piece = text[start : start + chance.randint(1, 80)]
    return text[:start] + piece * chance.randint(2, 200) + text[start:]


def _splice(text: str, chance: random.Random, texts: list[str]) -> str:
    other, at = chance.choice(texts), chance.randint(0, len(text))
    return text[:at] + other[chance.randint(0, len(other)) :]


def _shuffle(text: str, chance: random.Random, _: list[str]) -> str:
    words = text.split(" ")
    chance.shuffle(words)
    return " ".join(words)


def _rewrite(text: str, chance: random.Random, _: list[str]) -> str:
    return chance.choice((text.upper(), text.lower(), text.title(), text.replace(". ", " "), text.replace(" ", "\n")))


def _translate(text: str, chance: random.Random, _: list[str]) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(_SCRIPTS) * chance.randint(1, 5) + text[at:]


def _list(text: str, chance: random.Random, _: list[str]) -> str:
    names = ", ".join(chance.choices(COUNTRIES, k=chance.randint(2, 60)))
    return text.replace(chance.choice(COUNTRIES), names, 3)


_OPERATIONS: tuple[Callable[[str, random.Random, list[str]], str], ...] = (
    _cut,
    _season,
    _repeat,
    _splice,
    _shuffle,
    _rewrite,
    _translate,
    _list,
)
