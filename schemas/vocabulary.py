"""Codes and names for the shapes, and their common spelling of paths, times and dates."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from entente.relations.codebook import Codebook
from entente.relations.entities import Entities
from entente.relations.periods import Period
from entente.relations.states import Interval

#: Characters of a date, by its precision.
_LENGTHS = {"day": 10, "month": 7, "year": 4}

#: A JSON object as the schemas of this package describe it.
Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The codebook, for codes, and the entities, for names."""

    codebook: Codebook
    entities: Entities

    def cow(self, key: str) -> str:
        """The Correlates of War number of an entity, "" without one."""
        entity = self.entities.get(key)
        return entity.codes.get("cow_number", "") if entity else ""

    def party(self, party: str) -> Shape:
        """`RUS` or `RUS:CVL` in the shape of `PartySchema`."""
        key, _, sector = party.partition(":")
        return {"key": key, "name": self.entities.name(key), **({"sector": sector} if sector else {})}


@lru_cache(maxsize=4096)
def path(*parts: str) -> str:
    """The path of a resource in this version of the API, each part percent-encoded."""
    return "/v1/" + "/".join(quote(part, safe=":") for part in parts)


def spelt(asked: dict[str, Any]) -> dict[str, Any]:
    """Loaded query parameters as spelt in a query string."""
    return {name.rstrip("_"): _spelt(value) for name, value in asked.items()}


def _spelt(value: Any) -> Any:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return instant_text(value) if isinstance(value, datetime) else value


def instant_text(when: datetime | str | None) -> str | None:
    """RFC 3339 in UTC; a string is taken to be UTC already."""
    text = when.astimezone(UTC).isoformat() if isinstance(when, datetime) else when
    return text.replace("+00:00", "Z") if text else text


def day_text(day: date | None) -> str | None:
    """YYYY-MM-DD, or None."""
    return day.isoformat() if day else None


def period_of(first: str | None, precision: str | None) -> Period | None:
    """The period of a first day (YYYY-MM-DD) and a precision; None if either is unknown."""
    return Period(date.fromisoformat(first), precision) if first and precision else None


def last_day(first: str | None, precision: str | None) -> str | None:
    """The last day of that period, YYYY-MM-DD."""
    if precision == "day":
        return first
    period = period_of(first, precision)
    return period.last.isoformat() if period else None


def label_of(first: str | None, precision: str | None) -> str:
    """The label of that period, as precise as it is known; "" if it is unknown."""
    return first[: _LENGTHS[precision]] if first and precision else ""


def dated(period: Period | None) -> dict[str, str | None]:
    """A date as precise as it is known, and how precise that is."""
    return {"date": period.label if period else None, "precision": period.precision if period else "unknown"}


#: Statuses of a value: how certain it is that it holds, or that it is only pending, threatened or unconfirmed.
STATUSES = ("effective", "reported", "disputed", "expired", "pending", "threatened", "unconfirmed")

#: Statuses of a change.
CHANGE_STATUSES = ("effective", "pending", "threatened", "unconfirmed")


def status_of(standing: str) -> str:
    """The status on the wire of a change's standing: `effective` for `held`."""
    return "effective" if standing == "held" else standing


def status_on(interval: Interval, day: date) -> str:
    """The status on the wire of a value as of `day`, one of STATUSES."""
    return interval.status_on(day) if interval.standing == "held" else interval.standing
