"""Rows of CSV files as others write them, in which a quotation mark that is not closed swallows no rows.

The csv module reads on to the next quotation mark or to the end of the file, and tells nobody. Its strict mode would
also refuse what can be read, such as quotation marks within a text that are not doubled.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

#: What to do about a quotation mark that is not closed.
REMEDY = "close it, or write it twice where it belongs to the text"


@dataclass(frozen=True, slots=True)
class Unclosed:
    """In place of a row: the line, from 1, of a quotation mark that opens a cell and is not closed."""

    line: int


@dataclass(frozen=True, slots=True)
class TooLong:
    """In place of a row: its last line, from 1. A cell has more than `csv.field_size_limit()` characters."""

    line: int


#: A row: the number of its last line, and its cells.
CsvRow = tuple[int, list[str]]


def csv_rows(lines: Iterable[str], **dialect: Any) -> Iterator[CsvRow | Unclosed | TooLong]:
    """Yield the rows of the lines of a file, each with its end, by these arguments of `csv.reader`.

    After an `Unclosed` come the rows from the line after it on. A blank line is no row.
    """
    source, waiting, kept = iter(lines), deque[str](), list[str]()
    ended = False

    def taken() -> Iterator[str]:
        """The lines, each kept until its row is complete."""
        nonlocal ended
        while True:
            line = waiting.popleft() if waiting else next(source, None)
            if line is None:
                break
            kept.append(line)
            yield line
        ended = True

    quoted = dialect.get("quoting", csv.QUOTE_MINIMAL) != csv.QUOTE_NONE
    reader = csv.reader(taken(), **dialect)
    last = 0
    while True:
        kept.clear()
        try:
            cells: list[str] | None = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        # The reader asks for another line within a cell alone.
        if quoted and (len(kept) > 1 or ended or cells is None):
            opened = _unclosed(kept, dialect.get("delimiter", ","))
            if opened is not None:
                last += opened + 1
                yield Unclosed(last)
                waiting.extendleft(reversed(kept[opened + 1 :]))
                reader = csv.reader(taken(), **dialect)
                continue
        last += len(kept)
        if cells is None:
            yield TooLong(last)
        elif cells:
            yield last, cells


def _unclosed(lines: Sequence[str], delimiter: str) -> int | None:
    """The place among the lines of a row of a quotation mark that opens a cell and is not closed, or None.

    One is not closed if the text ends within its cell. And if its cell has several lines and what closes it opens
    another cell, or is one of an odd number and followed by more than the end of the cell.
    """
    text = "".join(lines)
    ends = re.compile(f"[{re.escape(delimiter)}\r\n]")
    closed = re.compile(rf"[^\S\r\n{re.escape(delimiter)}]*([{re.escape(delimiter)}\r\n]|\Z)")
    at = 0
    while at < len(text):
        if text[at] == '"':
            opened, at = at, _closing(text, at + 1)
            several = "\n" in text[opened:at] or "\r" in text[opened:at]
            if at < 0:
                return _line_of(opened, lines)
            if several and not closed.match(text, at + 1):
                opens_another = bool(ends.match(text[at - 1]))
                if opens_another or text.count('"') % 2:
                    return _line_of(opened, lines)
            at += 1
        end = ends.search(text, at)
        if end is None:
            return None
        at = end.end()
    return None


def _closing(text: str, at: int) -> int:
    """The place of the quotation mark that closes a cell, from `at` within it; -1 if none does."""
    while (found := text.find('"', at)) >= 0 and text[found + 1 : found + 2] == '"':
        at = found + 2
    return found


def _line_of(place: int, lines: Sequence[str]) -> int:
    for number, line in enumerate(lines):
        place -= len(line)
        if place < 0:
            return number
    return len(lines) - 1
