"""What depends on the reader of a page: language of names, spelling of dates and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal
from flask import Request

from entente.relations.entities import Entities
from entente.relations.errors import RelationsError
from entente.relations.periods import Period
from schemas.localisation import local_name, locale_for

#: Characters of a date of less than a day's precision.
_LENGTHS = {"month": 7, "year": 4}


@dataclass(frozen=True, slots=True)
class Reader:
    """Names in the reader's language, dates and numbers as spelt there."""

    locale: Locale
    entities: Entities

    @property
    def tag(self) -> str:
        """The BCP 47 tag of the reader's language."""
        return str(self.locale).replace("_", "-")

    def name(self, key: str) -> str:
        """The name of an entity; the key itself of one that is unknown."""
        entity = self.entities.get(key.partition(":")[0])
        return local_name(entity, self.locale) if entity else key

    def day(self, given: str | date | None) -> str:
        """A date as precise as it is given: YYYY, YYYY-MM or YYYY-MM-DD."""
        if given is None:
            return "unknown"
        try:
            period = Period.parse(given) if isinstance(given, str) else Period.day(given)
        except ValueError:
            return str(given)
        if period.precision == "day":
            return str(format_date(period.first, "medium", self.locale))
        if period.precision == "month":
            return str(format_skeleton("yMMM", period.first, locale=self.locale))
        return str(period.first.year)

    def since(self, change: Mapping[str, Any]) -> str:
        """The date on which a change (MovedSchema) took effect, as precisely as it is known."""
        first: str = change["effective_on"]
        return self.day(first[: _LENGTHS.get(change["precision"] or "day", len(first))])

    def moment(self, given: str | datetime | None) -> str:
        """An instant, in UTC."""
        if given is None:
            return "unknown"
        when = datetime.fromisoformat(given) if isinstance(given, str) else given
        return f"{format_datetime(when.astimezone(UTC), 'medium', locale=self.locale)} UTC"

    def number(self, given: float, digits: int = 0) -> str:
        """A number with so many digits behind the point."""
        pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
        # Without the sum, -0.04 would be -0.0.
        return str(format_decimal(round(given, digits) + 0.0, pattern, locale=self.locale))

    def percent(self, given: float) -> str:
        """A probability, in percent."""
        return f"{self.number(given * 100)}\u00a0%"


def reader_of(request: Request, entities: Entities) -> Reader:
    """The reader whose browser sent this request."""
    return Reader(locale_for(tag for tag, quality in request.accept_languages if quality), entities)


def known(entities: Entities, text: str) -> str | None:
    """The key of a code or name, or None."""
    try:
        return entities.resolve(text).key
    except RelationsError:
        return None
