"""Formats: the layouts of the data sets that can be imported, as seeds/formats/ or a mapping file describes them."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: What the rows of a format hold: events, further reports of events, values of facets, or scores of a pair.
KINDS = ("events", "reports", "states", "scores")

#: Begins what stands for itself in place of a column: `=4`.
CONSTANT = "="

#: Characters of a first line that are looked at.
_LONGEST_HEADER = 20_000

#: What may stand between the cells of a file with a header.
DELIMITERS = "\t,;"

#: Begins the text of files of some programs.
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class FactRule:
    """What one column of a row says of a facet. `values`: what is written there → value of the facet.

    `reverse`: the value is target → source. Values that `values` doesn't list say nothing.
    """

    column: str
    values: Mapping[str, str]
    facet: str
    item: str = ""
    reverse: bool = False

    def __hash__(self) -> int:
        return hash((self.column, self.facet, self.item, self.reverse))


@dataclass(frozen=True)
class Format:
    """A layout. `columns`: lists of columns of files without a header, told apart by their length; empty: a header.

    `needs`: columns that only this format's header has together, in lower case; columns may come in any order, between
    commas, tabs or semicolons. `other_units`: column that only another file of the same data set has, in lower case →
    what to import in its place. `starts`: of files without a header, column → pattern of the values in it. `fields`:
    field → column, `=constant`, or columns of year, month and day. `schemes`: schemes of codes that parties are written
    in, tried in order. `party`: pattern whose first group is the country in a party's name. `dates`: formats of dates,
    of `strptime`. `quads`: text of a quad class → its number. `official`: sectors that act for their state. `scale`:
    name of the scale of intensities, with its bounds.

    Of states: `facts` say what a row tells. `group`: the rows of one group are members, paired with one another, or
    with the other side's. `yearly`: a row is an observation of a year, and equal ones in a sequence make one value.
    `wide`: columns are named like organisations, and rules with the column "*" are of each; `organisations` says which
    one a column means whose name Entente does not know. `begins2` and `ends2` are of a second spell of a row, if both
    are known. `inclusive`: `ends` gives
    the last day, month or year of a value. `covers`: the last year of which the data set tells; what holds in it lasts.
    `publisher`, `document`, `document_date`, `citation`: as of a state fact.

    Of scores: `measures` are their columns; `year_offset` is added to the number in `year` (sessions of the UN). Of
    reports: `of` is the format of their events.
    """

    name: str
    title: str
    kind: str
    delimiter: str = ","
    quoted: bool = True
    json: bool = False
    columns: Sequence[Sequence[str]] = ()
    needs: frozenset[str] = frozenset()
    other_units: Mapping[str, str] = field(default_factory=dict)
    starts: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    schemes: Sequence[str] = ("key",)
    party: str = ""
    dates: Sequence[str] = ("%Y-%m-%d",)
    missing: frozenset[str] = frozenset({"", "NA"})
    quads: Mapping[str, int] = field(default_factory=dict)
    official: frozenset[str] = frozenset()
    scale: str = ""
    bounds: tuple[float, float] = (-10.0, 10.0)
    facts: Sequence[FactRule] = ()
    yearly: bool = False
    wide: bool = False
    organisations: Mapping[str, str] = field(default_factory=dict)
    inclusive: bool = False
    covers: str = ""
    publisher: str = ""
    document: str = ""
    document_date: str = ""
    citation: str = ""
    measures: Sequence[str] = ()
    of: str = ""

    def dialect(self, delimiter: str, has_header: bool) -> Any:
        """Keyword arguments of `csv.reader` for a file with this delimiter, a mapping."""
        # An extract with another delimiter was written by a program that quotes.
        quoted = self.quoted or delimiter != self.delimiter
        if not has_header and self.needs:
            quoted = False
        return {
            "delimiter": delimiter,
            "quoting": csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
            "strict": False,
        }

    def has_header(self, cells: Sequence[str]) -> bool:
        """Whether these cells are a header of this format."""
        return bool(self.needs) and self.needs <= names(cells)

    def has(self, cells: Sequence[str]) -> bool:
        """Whether a file whose first row has these cells is of this format."""
        if self.has_header(cells):
            return True
        named = next((names for names in self.columns if len(names) == len(cells)), None)
        if named is None:
            return False
        first = dict(zip(named, cells, strict=True))
        return all(re.fullmatch(pattern, first[column]) for column, pattern in self.starts.items())


def names(cells: Iterable[str]) -> frozenset[str]:
    """Names of columns as they are compared: without spaces around them, in lower case."""
    return frozenset(cell.strip().lower() for cell in cells)


def first_line(start: str) -> str:
    """The first line of a file, from the start of its text, whatever its lines end with."""
    return re.split("[\r\n]", start.removeprefix(BYTE_ORDER_MARK), maxsplit=1)[0]


def recognised(start: str, formats: Iterable[Format]) -> Format | None:
    """The format of a file, from the start of its text; None if it is none of these."""
    first = first_line(start)[:_LONGEST_HEADER]
    known = list(formats)
    for delimiter in DELIMITERS:
        cells = [cell.strip().strip('"') for cell in first.split(delimiter)]
        for form in known:
            if form.has_header(cells) or (form.delimiter == delimiter and form.has(cells)):
                return form
    looks_json = start.lstrip()[:1] == "{"
    return next((f for f in known if f.json and looks_json and all(f'"{name}"' in start for name in f.needs)), None)
