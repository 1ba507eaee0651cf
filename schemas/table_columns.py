"""Types of the columns of tables: what Parquet and a Frictionless schema say of them; and batches of their rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

#: A cell: text, integer, float, or empty. A date is its ISO text.
Cell = str | int | float | None

#: Column → type. `code`: text of few values, a dictionary in Parquet. `date`: a day; `month`: YYYY-MM. A partial date
#: is a `string`.
Columns = Mapping[str, str]

#: Types that a column may have. `instant`: RFC 3339 in UTC.
TYPES = ("string", "code", "integer", "number", "date", "month", "instant")

#: Rows as columns: the cells of each, as many in one as in another, in the order of the table's columns.
Batch = Sequence[Sequence[Cell]]

#: Rows put into one batch.
_TOGETHER = 500


def batches(columns: Columns, rows: Iterable[Mapping[str, Cell]]) -> Iterator[Batch]:
    """The rows of a table, some hundred at a time, as columns."""
    waiting = iter(rows)
    while some := list(islice(waiting, _TOGETHER)):
        yield [[row[name] for row in some] for name in columns]


def n_rows(batch: Batch) -> int:
    """The number of rows of a batch."""
    return len(batch[0]) if batch else 0
