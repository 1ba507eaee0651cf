"""Text from outside for a terminal: no title or address may move the cursor, or recolour or reorder the output."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import click

#: Unprintable to Python, yet part of words: the zero-width (non-)joiners of Persian, the scripts of India and emoji.
_JOINERS = "\u200c\u200d"


def printable(text: str) -> str:
    r"""The text with control, bidi and other format characters, line breaks and lone surrogates escaped: \x1b, \u202e.

    Spaces of every width are kept. Style the result, not its source: click's own colours would be escaped.
    """
    if text.isprintable():
        return text
    return "".join(c if _is_shown(c) else c.encode("unicode_escape").decode("ascii") for c in text)


def one_line(text: str) -> str:
    """The text printable, with a single space for every run of white space and line breaks."""
    return printable(" ".join(text.split()))


@contextmanager
def printable_errors() -> Iterator[None]:
    """Make the message of a ClickException printable; it may repeat an argument or a file. Its line breaks stay."""
    try:
        yield
    except click.ClickException as error:
        shown = "\n".join(printable(line) for line in error.message.split("\n"))
        error.message = shown  # type: ignore[misc]  # Final to mypy; a new error would lose its usage text
        raise


def _is_shown(character: str) -> bool:
    return character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"
