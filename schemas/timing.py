"""When messages to a subscriber are sent, on the wire."""

from typing import Any
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from entente.services.ports.subscriptions import Timing
from schemas.fields import Text
from schemas.vocabulary import Shape

_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"


class ClockTime(fields.String):
    """A time of day, HH:MM."""

    def __init__(self, **kwargs: Any) -> None:
        rule = validate.Regexp(rf"{_CLOCK}\Z", error="Not a time of day, such as 07:30.")
        super().__init__(
            validate=rule, allow_none=True, load_default=None, metadata={"pattern": f"^{_CLOCK}$"} | kwargs.pop("metadata")
        )


class Minutes(fields.Integer):
    """A whole number of minutes in JSON, up to a day: neither `"60"` nor `true`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=0, max=1440), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValidationError("Not a whole number.")
        return super()._deserialize(value, attr, data, **kwargs)


class TimingSchema(Schema):
    """When messages are sent: grouped, and outside quiet hours, which come in pairs."""

    group_minutes = Minutes(
        load_default=0,
        metadata={
            "description": "All changes of so many minutes, counted from midnight, come in one message: 60 hourly, "
            "1440 daily; 0: at once"
        },
    )
    quiet_from = ClockTime(metadata={"description": "Nothing is sent from this time of day, HH:MM …"})
    quiet_until = ClockTime(metadata={"description": "… until this one"})
    zone = Text(
        high=80, load_default="UTC", metadata={"description": "Time zone of these (IANA), such as Europe/Berlin"}
    )

    @validates_schema
    def _check(self, asked: dict[str, Any], **_: Any) -> None:
        begins, ends = asked.get("quiet_from"), asked.get("quiet_until")
        if (begins is None) != (ends is None):
            raise ValidationError({"quiet_until": ["Quiet hours need both times, or neither."]})
        if begins is not None and begins == ends:
            raise ValidationError({"quiet_until": ["The same time as quiet_from: nothing would ever be sent."]})
        if asked["zone"] not in available_timezones():
            raise ValidationError({"zone": ["No time zone of that name; give one such as Europe/Berlin."]})


def timing_shape(timing: Timing) -> Shape:
    """A timing in the shape of `TimingSchema`."""
    return {
        "group_minutes": timing.group_minutes,
        "quiet_from": timing.quiet_from,
        "quiet_until": timing.quiet_until,
        "zone": timing.zone,
    }
