"""Types of the columns of tables: what Parquet and a Frictionless schema say of them."""

from collections.abc import Mapping

#: A cell: text, integer, float, or empty. A date is its ISO text.
Cell = str | int | float | None

#: Column → type. `code`: text of few values, a dictionary in Parquet. `date`: a day; `month`: YYYY-MM. A partial date
#: is a `string`.
Columns = Mapping[str, str]

#: Types that a column may have. `instant`: RFC 3339 in UTC.
TYPES = ("string", "code", "integer", "number", "date", "month", "instant")
