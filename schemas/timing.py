"""When messages to a subscriber are sent, on the wire."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from entente.services.ports.subscriptions import Timing
from schemas.fields import Line, WholeNumber
from schemas.vocabulary import Shape

_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"


class ClockTime(fields.String):
    """A time of day, HH:MM."""

    def __init__(self, **kwargs: Any) -> None:
        rule = validate.Regexp(rf"{_CLOCK}\Z", error="Not a time of day, such as 07:30.")
        super().__init__(required=True, validate=rule, metadata={"pattern": f"^{_CLOCK}$"}, **kwargs)


class QuietSchema(Schema):
    """Quiet hours, over midnight where they end before they begin."""

    from_ = ClockTime(data_key="from")
    until = ClockTime()

    @validates_schema
    def last(self, data: dict[str, Any], **_: Any) -> None:
        """Raise ValidationError if they have no length."""
        if data["from_"] == data["until"]:
            raise ValidationError("Must differ from `from`; to send at any time, leave out `quiet`.", "until")


class TimingSchema(Schema):
    """When messages are sent: grouped, and not in quiet hours."""

    group_minutes = WholeNumber(
        low=0,
        high=1440,
        load_default=0,
        metadata={
            "description": "All changes of so many minutes, counted from midnight, come in one message: 60 hourly, "
            "1440 daily; 0: at once"
        },
    )
    quiet = fields.Nested(QuietSchema, allow_none=True, load_default=None)
    zone = Line(
        high=80, load_default="UTC", metadata={"description": "Time zone of these (IANA), such as Europe/Berlin"}
    )


def timing_of(asked: dict[str, Any]) -> Timing:
    """The timing that was loaded by `TimingSchema`."""
    quiet = asked["quiet"] or {}
    return Timing(asked["group_minutes"], quiet.get("from_"), quiet.get("until"), asked["zone"])


def timing_shape(timing: Timing) -> Shape:
    """A timing in the shape of `TimingSchema`."""
    quiet = {"from": timing.quiet_from, "until": timing.quiet_until} if timing.quiet_from else None
    return {"group_minutes": timing.group_minutes, "quiet": quiet, "zone": timing.zone}
