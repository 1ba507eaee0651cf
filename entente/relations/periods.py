"""Period: a day, a month or a year, as precise as the text that gives it."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

#: Finest first.
PRECISIONS = ("day", "month", "year")

_LABEL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A day, a month or a year of the Gregorian calendar; `first` is its first day."""

    first: date
    precision: str = "day"

    @classmethod
    def day(cls, day: date) -> "Period":
        """The period that is one day."""
        return cls(day, "day")

    @classmethod
    def parse(cls, label: str) -> "Period":
        """Read `2025-07-03`, `2025-07` or `2025`. Raises ValueError."""
        match = _LABEL.fullmatch(label)
        if not match:
            raise ValueError(f"{label!r} is no date: YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = match.groups()
        precision = "day" if day else "month" if month else "year"
        return cls(date(int(year), int(month or 1), int(day or 1)), precision)

    @property
    def last(self) -> date:
        """The last day of the period, inclusive."""
        if self.precision == "day":
            return self.first
        if self.precision == "month":
            return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])
        return self.first.replace(month=12, day=31)

    @property
    def label(self) -> str:
        """`2025-07-03`, `2025-07` or `2025`, by the precision of the period."""
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]

    def within(self, other: "Period") -> bool:
        """True if the whole of this period lies inside `other`."""
        return other.first <= self.first and self.last <= other.last
