"""Formats: the layouts of the data sets that can be imported, as seeds/formats/ or a mapping file describes them."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

#: What the rows of a format hold: events, further reports of events, values of facets, or scores of a pair.
KINDS = ("events", "reports", "states", "scores")

#: Begins what stands for itself in place of a column: `=4`.
CONSTANT = "="

#: Characters of a first line that are looked at.
_LONGEST_HEADER = 20_000

_DELIMITERS = "\t,;"


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

    `needs`: columns that only this format's header has together, in lower case. `starts`: of files without a header,
    column → pattern of the values in it. `fields`: field → column, `=constant`, or columns of year, month and day.
    `schemes`: schemes of codes that parties are written in, tried in order. `party`: pattern whose first group is the
    country in a party's name. `dates`: formats of dates, of `strptime`. `quads`: text of a quad class → its number.
    `official`: sectors that act for their state. `scale`: the name of the scale of intensities, with its bounds.

    Of states: `facts` say what a row tells. `group`: the rows of one group are members, paired with one another, or
    with the other side's. `yearly`: a row is an observation of a year, and equal ones in a sequence make one value.
    `wide`: columns are named like organisations, and rules with the column "*" are of each. `inclusive`: `ends` gives
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
    inclusive: bool = False
    covers: str = ""
    publisher: str = ""
    document: str = ""
    document_date: str = ""
    citation: str = ""
    measures: Sequence[str] = ()
    of: str = ""

    @cached_property
    def dialect(self) -> Any:
        """Keyword arguments of `csv.reader`, a mapping."""
        quoting = csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE
        return {"delimiter": self.delimiter, "quoting": quoting, "strict": False}

    def has(self, cells: Sequence[str]) -> bool:
        """Whether a file whose first row has these cells is of this format."""
        if not self.columns:
            return bool(self.needs) and self.needs <= {cell.strip().lower() for cell in cells}
        named = next((names for names in self.columns if len(names) == len(cells)), None)
        if named is None:
            return False
        first = dict(zip(named, cells, strict=True))
        return all(re.fullmatch(pattern, first[column]) for column, pattern in self.starts.items())


def recognised(start: str, formats: Iterable[Format]) -> Format | None:
    """The format of a file, from the start of its text; None if it is none of these."""
    first = start.partition("\n")[0].rstrip("\r")[:_LONGEST_HEADER]
    known = list(formats)
    for delimiter in _DELIMITERS:
        cells = [cell.strip().strip('"') for cell in first.split(delimiter)]
        for form in known:
            if (not form.columns or form.delimiter == delimiter) and form.has(cells):
                return form
    looks_json = start.lstrip()[:1] == "{"
    return next((f for f in known if f.json and looks_json and all(f'"{name}"' in start for name in f.needs)), None)
