"""Tables: rows that are streamed, and answers as DataFrames of pandas, which is imported on use."""

from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from entente.client.connection import Connection, Parameters

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

#: Members that are always whole days, and instants. Other dates may be a month or a year: they stay text.
_DAYS = ("as_of", "change_unconfirmed", "effective_on", "known_by", "last_change", "published_on", "until", "valid_to")
_INSTANTS = ("known_at", "published_at", "received_at", "recorded_at")
#: Days of a bucket. Only these: the ends of other columns' names are the same.
_BUCKET = ("from", "to")
#: Columns of streamed tables that are whole days; `valid_from` and `valid_to` there may be a month or a year.
_OF_TABLES = (
    "first_day",
    "last_day",
    "known_by",
    *(f"valid_{end}_{day}" for end in ("from", "to") for day in ("first", "last")),
)
#: Members of answers that are numbers and may be null.
_NUMBERS = ("lasts_days", "mean_intensity")


class Table(Generic[T]):
    """A table of any length, streamed row by row as it is iterated over. Each iteration asks the server anew.

    Raises EntenteError, `Unreachable` also where the stream breaks off.
    """

    def __init__(self, connection: Connection, path: str, parameters: Parameters) -> None:
        self._connection = connection
        self._path = path
        self._parameters = parameters

    def __iter__(self) -> Iterator[T]:
        return cast("Iterator[T]", self._connection.rows(self._path, self._parameters))

    def to_pandas(self) -> "pd.DataFrame":
        """The whole table as a DataFrame: days are datetime64, codes text, an empty number is NaN. Needs pandas."""
        pandas = _pandas()
        columns: dict[str, list[Any]] = {}
        # By column: a row as a dictionary of its own takes several times the memory.
        for row in cast("Iterable[Mapping[str, Any]]", self):
            for name, cell in row.items():
                columns.setdefault(name, []).append(cell)
        frame = pandas.DataFrame(columns)
        for column in frame.columns.intersection(list(_OF_TABLES)):
            frame[column] = frame[column].astype("datetime64[s]")
        # Texts of tables are empty, never null, so what has only nulls is a number.
        for column in frame.columns[frame.isna().all()].difference(list(_OF_TABLES)):
            frame[column] = frame[column].astype("float64")
        return cast("pd.DataFrame", frame)


def to_pandas(rows: Iterable[object]) -> "pd.DataFrame":
    """A DataFrame with a row for each answer, its columns named by path: `source_key`, `score_net`.

    Whole days are datetime64, instants the same in UTC; dates that may be a month or a year stay text. Raises
    ImportError where pandas is missing.
    """
    pandas = _pandas()
    frame = pandas.json_normalize(cast("list[dict[str, Any]]", list(rows)), sep="_")
    for column in frame.columns:
        if (column in _BUCKET or _ends(column, _DAYS)) and _whole(frame[column]):
            frame[column] = frame[column].astype("datetime64[s]")
        elif _ends(column, _INSTANTS):
            frame[column] = pandas.to_datetime(frame[column], format="ISO8601", utc=True)
        elif _ends(column, _NUMBERS):
            frame[column] = frame[column].astype("float64")
    return cast("pd.DataFrame", frame)


def _whole(dates: "pd.Series[Any]") -> bool:
    """Whether every date is a day. An entity's `valid_to` may be a year, which must not become its first day."""
    return bool(dates.dropna().astype(str).str.len().eq(len("YYYY-MM-DD")).all())


def _pandas() -> ModuleType:
    try:
        import pandas
    except ImportError:
        raise ImportError("to_pandas needs pandas: pip install pandas") from None
    return pandas


def _ends(column: str, members: tuple[str, ...]) -> bool:
    """Whether a column's path ends with one of these members."""
    return any(column == member or column.endswith(f"_{member}") for member in members)
