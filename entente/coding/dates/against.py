"""What a date phrase is read against, and steps from one period to another."""

from dataclasses import dataclass
from datetime import date, timedelta

from entente.relations.periods import Period


@dataclass(frozen=True, slots=True)
class Against:
    """`today`: the day of publication; `told`: the date told last, `here` if in this sentence; `history`: the old date
    that the paragraph goes on from; `ahead`: the words before the phrase tell of something to come.
    """

    today: date | None
    told: Period | None = None
    here: Period | None = None
    history: Period | None = None
    ahead: bool = False

    @property
    def told_day(self) -> date | None:
        """The day told last, if it was told to the day."""
        return self.told.first if self.told is not None and self.told.precision == "day" else None


def month_of(day: date, shift: int = 0) -> Period:
    """The month of a day, or one so many months later."""
    index = day.year * 12 + day.month - 1 + shift
    return Period(date(index // 12, index % 12 + 1, 1), "month")


def year(number: int) -> Period:
    """A year as a period."""
    return Period(date(number, 1, 1), "year")


def days_from(day: date, shift: int) -> Period:
    """The day so many days later."""
    return Period.day(day + timedelta(days=shift))


def moved(base: Period, count: int, unit: str, exact: bool = True) -> Period | None:
    """So many units after `base`, as precise as unit and base allow: a week is seven days, several are a month.

    `exact`: False for "several" units, which tell no day. None where the base is coarser than the unit.
    """
    if unit in ("year", "decade", "century", "centurie"):
        return year(base.first.year + count * {"year": 1, "decade": 10}.get(unit, 100))
    if unit == "month":
        return month_of(base.first, count) if base.precision != "year" else None
    if base.precision != "day":
        return None
    day = base.first + timedelta(days=count * {"day": 1, "week": 7}.get(unit, 14))
    exact = exact and (unit == "day" or (unit == "week" and abs(count) == 1))
    return Period.day(day) if exact else month_of(day)


def nearest(past: Period | None, future: Period | None, today: date) -> Period | None:
    """Of what lies ahead the future reading, unless the past one is far nearer: "will reopen what it shut in May"."""
    if past is None or future is None:
        return future or past
    return future if (future.first - today) <= 2 * (today - past.last) else past


def of_month(number: int, against: Against) -> Period | None:
    """The month of that number: the last one begun by the day of publication, or the next if it lies ahead."""
    today = against.today
    if today is None:
        return None
    begun = number <= today.month
    past = Period(date(today.year - (not begun), number, 1), "month")
    if not against.ahead or past.last >= today:
        return past
    return nearest(past, Period(date(today.year + (number < today.month), number, 1), "month"), today)
