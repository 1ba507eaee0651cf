"""Dates as data sets write them."""

from collections.abc import Sequence
from datetime import date, datetime

from entente.relations.periods import Period
from entente.services.importing.errors import BadRow

#: Numbers that stand for an unknown month or day in the Correlates of War and their like, beside blanks.
_UNKNOWN = frozenset({"", "0", "-9", "-8", "-7", "-1", "NA", "."})


class Days:
    """Days written in one of these formats of `strptime`; each is read once."""

    def __init__(self, formats: Sequence[str]) -> None:
        self._formats = formats
        self._known: dict[str, date] = {}

    def read(self, written: str) -> date:
        """The day. Raises BadRow."""
        found = self._known.get(written)
        if found is None:
            found = self._known[written] = self._read(written.strip())
        return found

    def _read(self, written: str) -> date:
        for form in self._formats:
            try:
                return datetime.strptime(written, form).date()  # noqa: DTZ007  # a day, without a time
            except ValueError:
                continue
        raise BadRow("no date", repr(written[:40]))


def year_of(written: str) -> int:
    """A year, also if it is written as `2020.0`. Raises BadRow."""
    try:
        return date(int(float(written)), 1, 1).year
    except (ValueError, OverflowError):
        raise BadRow("no date", repr(written[:40])) from None


def period(parts: Sequence[str], days: Days) -> Period | None:
    """The date in a column, or in columns of year, month and day, as precise as it is known; None if unknown."""
    if len(parts) == 1:
        written = parts[0].strip()
        if written in _UNKNOWN:
            return None
        try:
            return Period.parse(written.partition("T")[0])
        except ValueError:
            return Period.day(days.read(written))
    known = []
    for part in parts:
        if part.strip() in _UNKNOWN:
            break
        known.append(part.strip())
    if not known:
        return None
    try:
        numbers = [int(float(part)) for part in known]
        return Period(date(numbers[0], *[*numbers[1:], 1, 1][:2]), ("year", "month", "day")[len(numbers) - 1])
    except (ValueError, OverflowError):
        raise BadRow("no date", repr("-".join(known)[:40])) from None
