"""Text from outside for a terminal: no title or address may move the cursor, or recolour or reorder the output."""

import unicodedata

#: Unprintable to Python, yet part of words: the zero-width (non-)joiners of Persian, the scripts of India and emoji.
_JOINERS = "\u200c\u200d"


def printable(text: str) -> str:
    r"""The text with control, bidi and other format characters, line breaks and lone surrogates escaped: \x1b, \u202e.

    Spaces of every width are kept. Style the result, not its source: click's own colours would be escaped.
    """
    if text.isprintable():
        return text
    return "".join(c if _is_shown(c) else c.encode("unicode_escape").decode("ascii") for c in text)


def _is_shown(character: str) -> bool:
    return character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"
