"""Fields stricter than marshmallow's: one spelling of each value, described in JSON Schema."""

import re
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields, validate

from entente.relations.periods import Period
from entente.services.addresses import NO_LOGIN, has_login
from entente.services.reading.relation_lists import CHOICES

#: Years of a publication date: from the century of the first newspapers to far enough in the future.
YEARS = range(1600, 2200)
_YEARS = "^(1[6-9]|2[01])[0-9]{2}-"

#: Not blank, and without NUL. Explicit ranges, since regex dialects differ in what is white space. Only blanks come
#: before the first character that is not blank: two runs that overlap would take quadratic time.
_NOT_BLANK = r"[\u0001-\u0020\u007f-\u00a0]*[^\u0000-\u0020\u007f-\u00a0][^\u0000]*"

_LINE = r"[\u0020\u00a0]*[^\u0000-\u0020\u007f-\u00a0][^\u0000-\u001f\u007f-\u009f]*"

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?([eE][+-]?\d{1,3})?", re.ASCII)
_HOST = r"([A-Za-z0-9\-._~:\[\]!$&'()*+,;=]|%[0-9A-Fa-f]{2})+"
_URL = rf"https?://{_HOST}([/?#]([A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{{2}})*)?"
_ENCODED = "%[0-9A-Fa-f]{2}"
_IN_PATHS = rf"([A-Za-z0-9._~:/@!$&'()*+,;=-]|{_ENCODED})*"
_IN_QUERIES = rf"([A-Za-z0-9._~:/?@!$&'()*+,;=-]|{_ENCODED})*"
#: A URL as RFC 3986 has it; _URL lets more pass, since addresses of articles come as they are.
_STRICT_URL = (
    rf"https?://([A-Za-z0-9._~-]{{1,253}}|\[[0-9A-Fa-f:.]{{2,45}}\])(:[0-9]{{1,5}})?"
    rf"(/{_IN_PATHS})?(\?{_IN_QUERIES})?(#{_IN_QUERIES})?"
)
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#: RFC 5322's dot-atom, of what a mailto URL may hold as it is (RFC 6068), and of lengths that servers take (RFC 5321).
_MAIL = rf"[A-Za-z0-9!$'*+_~-]{{1,20}}(\.[A-Za-z0-9!$'*+_~-]{{1,20}}){{0,2}}@({_LABEL}\.){{1,3}}{_LABEL}"
_WHOLE = re.compile(r"\d{1,18}", re.ASCII)


class Text(fields.String):
    """A string that is not blank, of at most `high` characters if given."""

    rule, broken = _NOT_BLANK, "Blank."

    def __init__(self, *, high: int | None = None, **kwargs: Any) -> None:
        super().__init__(
            validate=[validate.Length(min=1, max=high), validate.Regexp(rf"{self.rule}\Z", error=self.broken)],
            metadata={"pattern": f"^{self.rule}$"} | kwargs.pop("metadata", {}),
            **kwargs,
        )


class Line(Text):
    """A Text without line breaks or other control characters, since it is shown in lists and logs."""

    rule, broken = _LINE, "Blank, or holds a line break or another control character."


class WebAddress(fields.String):
    """An absolute http or https URL (RFC 3986, so ASCII) of at most 2,048 characters, without a user name.

    Whether it may be fetched is not checked here.
    """

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"format": "uri", "pattern": f"^{_URL}$", "maxLength": 2048}
        super().__init__(metadata=metadata | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        url: str = super()._deserialize(value, attr, data, **kwargs)
        if len(url) > 2048:
            raise ValidationError("Longer than 2,048 characters.")
        try:
            parts = urlsplit(url)
            if has_login(url):
                raise ValidationError(f"The address {NO_LOGIN}.")
            usable = re.fullmatch(_URL, url) and parts.hostname and parts.port != 0
        except ValidationError:
            raise
        except ValueError:
            usable = False
        if not usable:
            raise ValidationError("Not an http or https URL.")
        return url


class SubscriberAddress(WebAddress):
    """A WebAddress as RFC 3986 has it, or `mailto:` and an e-mail address that needs no quotes in either."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            metadata={"pattern": f"^({_STRICT_URL}|mailto:{_MAIL})$"} | kwargs.pop("metadata", {}), **kwargs
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, str) and value.startswith("mailto:"):
            if not re.fullmatch(f"mailto:{_MAIL}", value):
                raise ValidationError("Not an e-mail address.")
            return value
        url = super()._deserialize(value, attr, data, **kwargs)
        if not re.fullmatch(_STRICT_URL, url):
            raise ValidationError("Not an http or https URL.")
        return url


class Flag(fields.Boolean):
    """A JSON boolean: neither 0 nor "yes"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ARG002  # marshmallow's signature
        if not isinstance(value, bool):
            raise ValidationError("Not a valid boolean.")
        return value


class Cursor(fields.String):
    """A cursor (api/http/paging.py), as the links to other pages carry it."""

    def __init__(self) -> None:
        rule = r"[A-Za-z0-9_-]{1,600}"
        metadata = {"description": "Cursor from the link to this page", "pattern": f"^{rule}$"}
        super().__init__(validate=validate.Regexp(f"{rule}\\Z", error="Not a cursor."), metadata=metadata)


#: Formats of tables. `csv-raw`: CSV whose texts are left as they are.
TABLE_FORMATS = ("csv", "csv-raw", "ndjson", "parquet")


class TableFormat(fields.String):
    """Format of a table, which is always streamed."""

    def __init__(self) -> None:
        told = "Overrides the Accept header; `csv` if neither is given. docs/export.md tells the two CSVs apart"
        super().__init__(validate=validate.OneOf(TABLE_FORMATS), metadata={"description": told})


class Format(fields.String):
    """Format of a list: a page in JSON, or a stream of the whole list."""

    def __init__(self) -> None:
        told = (
            "Overrides the Accept header: a page in JSON, or the whole list as CSV, NDJSON or Parquet. In `csv` a text "
            "that a spreadsheet would take for a formula has a leading apostrophe; in `csv-raw` it has not"
        )
        super().__init__(validate=validate.OneOf(["json", *TABLE_FORMATS]), metadata={"description": told})


class UnconfirmedChoice(fields.String):
    """What a list does with what is unconfirmed: include it (as it does by default), exclude it, or show it only."""

    def __init__(self, told: str) -> None:
        super().__init__(validate=validate.OneOf(CHOICES), metadata={"description": f"{told}; `include` if left out"})


class Instant(fields.Field[datetime]):
    """An RFC 3339 date and time with its offset, or a date for its midnight (UTC). Loads as aware UTC."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {
            "type": "string",
            "description": "RFC 3339: 2025-07-03T12:00:00Z, or the day alone: 2025-07-03",
            "pattern": _YEARS,
            "anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}],
        }
        if kwargs.get("allow_none"):
            metadata["anyOf"] = [*metadata["anyOf"], {"type": "null"}]
            del metadata["type"]
        super().__init__(metadata=metadata | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:  # noqa: ARG002  # marshmallow's signature
        try:
            moment = self._read(value)
        except (ValueError, OverflowError):
            message = "Not a date: RFC 3339 with an offset (2025-07-03T12:00:00Z), or YYYY-MM-DD."
            raise ValidationError(message) from None
        if moment.year not in YEARS:
            raise ValidationError(f"Not in the years {YEARS.start} to {YEARS.stop - 1}.")
        return moment

    def _read(self, value: Any) -> datetime:
        if not isinstance(value, str):
            raise ValueError
        if _MOMENT.fullmatch(value):
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        return datetime.combine(_day(value), time(), UTC)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # noqa: ARG002  # marshmallow's signature
        return value


class PublicationTime(Instant):
    """An Instant that keeps its offset: its day is that of the place where it was written."""

    def __init__(self, **kwargs: Any) -> None:
        told = (
            "RFC 3339: 2025-07-03T12:00:00+03:00, or the day alone: 2025-07-03. The article is of the day that the "
            "offset's clock showed"
        )
        super().__init__(metadata={"description": told} | kwargs.pop("metadata", {}), **kwargs)

    def _read(self, value: Any) -> datetime:
        moment = super()._read(value)
        return datetime.fromisoformat(value.upper()) if _MOMENT.fullmatch(value) else moment


class RecordTime(Instant):
    """A time of recording: aware UTC, or a date for the end of that day (entente/services/reading/clocks.py).

    `note` ends its description, without a full stop.
    """

    def __init__(self, note: str = "") -> None:
        told = (
            "Use what was recorded and not yet retired by then. RFC 3339 (2025-07-03T12:00:00Z), or a date "
            "(2025-07-03) for the end of that day; now if left out; in the future, 422. In a URL, write `+` as `%2B`"
        )
        told = f"{told}. {note}" if note else told
        super().__init__(metadata={"description": told, "pattern": "^[0-9]{4}-"})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ARG002  # marshmallow's signature
        try:
            return _day(value) if len(value) == 10 else self._read(value)
        except OverflowError:
            # Beyond the calendar, as an offset moves it: before all records, or after them.
            return datetime(MINYEAR if value.startswith("0001") else MAXYEAR, 1, 1, tzinfo=UTC)
        except (ValueError, TypeError):
            raise ValidationError(
                "Not a moment: RFC 3339 with an offset (2025-07-03T12:00:00Z; write + as %2B), or YYYY-MM-DD."
            ) from None


class Day(fields.Field[date]):
    """A date, only as YYYY-MM-DD."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"type": "string", "format": "date"}
        super().__init__(metadata=metadata | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:  # noqa: ARG002  # marshmallow's signature
        try:
            return _day(value)
        except (ValueError, TypeError):
            raise ValidationError("Not a date: YYYY-MM-DD.") from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # noqa: ARG002  # marshmallow's signature
        return value


class PublishedBy(Day):
    """The day by which an article must have been published for its reports to count. `note` ends its description."""

    def __init__(self, note: str = "") -> None:
        told = (
            "Use only what articles published by this day report and documents dated by it say, whenever recorded: "
            "YYYY-MM-DD; all if left out"
        )
        super().__init__(metadata={"description": f"{told}. {note}" if note else told})


def published_by_field() -> fields.String:
    """The `published_by` of an answer; null if articles of any day count."""
    return fields.String(allow_none=True, metadata={"format": "date"})


class Whole(fields.Integer):
    """A whole number in a query string, in plain digits, from `low` to `high`."""

    def __init__(self, *, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=low, max=high), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _WHOLE.fullmatch(value):
            raise ValidationError("Not a whole number in plain digits.")
        return super()._deserialize(value, attr, data, **kwargs)


class WholeNumber(fields.Integer):
    """A whole number in JSON from `low` to `high`: neither `"60"` nor `true`."""

    def __init__(self, *, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=low, max=high), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        # JSON Schema takes 60.0 for a whole number.
        if isinstance(value, bool) or not isinstance(value, int | float) or not float(value).is_integer():
            raise ValidationError("Not a whole number.")
        return super()._deserialize(value, attr, data, **kwargs)


class Fraction(fields.Float):
    """A number in a query string, as JSON spells it, from `low` to `high`."""

    def __init__(self, *, low: float, high: float, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=low, max=high), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _NUMBER.fullmatch(value):
            raise ValidationError("Not a number.")
        return super()._deserialize(value, attr, data, **kwargs)


def _day(text: str) -> date:
    period = Period.parse(text)
    if period.precision != "day":
        raise ValueError(text)
    return period.first
