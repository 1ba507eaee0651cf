"""Answers as tables for pandas, which is imported on use."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import pandas as pd

#: Members that are always whole days, and instants. Other dates may be a month or a year: they stay text.
_DAYS = ("as_of", "change_unconfirmed", "effective_on", "known_by", "last_change", "published_on", "until", "valid_to")
_INSTANTS = ("known_at", "published_at", "received_at", "recorded_at")
#: Days of a bucket. Only these: the ends of other columns' names are the same.
_BUCKET = ("from", "to")


def to_pandas(rows: Iterable[object]) -> "pd.DataFrame":
    """A DataFrame with a row for each answer, its columns named by path: `source_key`, `score_net`.

    Whole days are datetime64, instants the same in UTC; dates that may be a month or a year stay text. Raises
    ImportError where pandas is missing.
    """
    try:
        import pandas as pd
    except ImportError:
        raise ImportError("to_pandas needs pandas: pip install pandas") from None
    frame = pd.json_normalize(cast("list[dict[str, Any]]", list(rows)), sep="_")
    for column in frame.columns:
        if column in _BUCKET or _ends(column, _DAYS):
            frame[column] = frame[column].astype("datetime64[s]")
        elif _ends(column, _INSTANTS):
            frame[column] = pd.to_datetime(frame[column], format="ISO8601", utc=True)
    return frame


def _ends(column: str, members: tuple[str, ...]) -> bool:
    """Whether a column's path ends with one of these members."""
    return any(column == member or column.endswith(f"_{member}") for member in members)
