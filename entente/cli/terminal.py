"""Text from outside for a terminal: no title or address may move the cursor, or recolour or reorder the output."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from entente.bootstrap.printable import printable

__all__ = ["one_line", "printable", "printable_errors"]


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
