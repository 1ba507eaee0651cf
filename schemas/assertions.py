"""Analysts' entries on the wire."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from entente.relations.events import STATUSES
from entente.relations.periods import Period
from entente.services.curating.assertions import Decided, Entered
from entente.services.ports.assertions import KINDS, Assertion
from schemas.changes import MovedSchema, moved_shape
from schemas.fields import Text, Whole
from schemas.vocabulary import Shape, instant_text, path

#: Events that one request may confirm, and reject.
_SOME = validate.Length(1, 100)

_DATE = r"(1[6-9]|2[01])[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?"


class When(fields.String):
    """YYYY-MM-DD, YYYY-MM or YYYY; loads as a Period."""

    def __init__(self) -> None:
        told = "YYYY-MM-DD, YYYY-MM or YYYY, as precise as known; undated if left out"
        super().__init__(allow_none=True, load_default=None, metadata={"description": told, "pattern": f"^{_DATE}$"})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return Period.parse(text)
        except ValueError:
            raise ValidationError("Not a date: YYYY-MM-DD, YYYY-MM or YYYY.") from None


class SignatureSchema(Schema):
    """Author and reason of an analyst's entry, with an optional reference."""

    author = Text(high=200, required=True)
    reason = Text(high=2000, required=True)
    reference = Text(
        high=2000, allow_none=True, load_default=None, metadata={"description": "Reference for the entry, e.g. a URL"}
    )


class NewAssertionSchema(SignatureSchema):
    """An event to assert: source did `act` to target."""

    source = Text(high=80, required=True)
    target = Text(high=80, required=True)
    act = Text(high=80, required=True)
    status = fields.String(validate=validate.OneOf([s for s in STATUSES if s != "negated"]), load_default="effective")
    date = When()


class DecisionsSchema(SignatureSchema):
    """Events to confirm and to reject, by id: all of them are, or none."""

    confirm = fields.List(Text(high=300), load_default=list, validate=_SOME)
    reject = fields.List(Text(high=300), load_default=list, validate=_SOME)

    #: JSON Schema of the fields together: one of the lists is required.
    together: ClassVar[Mapping[str, Any]] = {"anyOf": [{"required": ["confirm"]}, {"required": ["reject"]}]}

    @validates_schema(skip_on_field_errors=True)
    def _has_events(self, data: Mapping[str, Any], **_: Any) -> None:
        if not data["confirm"] and not data["reject"]:
            raise ValidationError("Either confirm or reject is required.", "confirm")


class AssertionSchema(Schema):
    """An analyst's entry. `event` is the id of the event that it is about."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    event = fields.String(required=True)
    author = fields.String(required=True)
    reason = fields.String(required=True)
    reference = fields.String(required=True, allow_none=True)
    article = fields.UUID(required=True, allow_none=True)
    recorded_at = fields.String(required=True, metadata={"format": "date-time"})
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class EnteredSchema(AssertionSchema):
    """A new entry, and the facets that it changed."""

    changes = fields.List(fields.Nested(MovedSchema), required=True)


class DecidedSchema(Schema):
    """New entries, and all facets that they changed."""

    assertions = fields.List(fields.Nested(AssertionSchema), required=True)
    changes = fields.List(fields.Nested(MovedSchema), required=True)


class AssertionFilterSchema(Schema):
    """Paging: `after` is the `next` of the previous page."""

    after = fields.String(load_default="", validate=validate.Length(max=40))
    limit = Whole(low=1, high=500, load_default=100)


class AssertionPageSchema(Schema):
    """Entries, oldest first. `next` is the `after` of the next page, null at the end of the list."""

    assertions = fields.List(fields.Nested(AssertionSchema), required=True)
    next = fields.String(required=True, allow_none=True)


def assertion_shape(assertion: Assertion) -> Shape:
    """An entry in the shape of `AssertionSchema`."""
    return {
        "id": assertion.id,
        "kind": assertion.kind,
        "event": assertion.event,
        "author": assertion.author,
        "reason": assertion.reason,
        "reference": assertion.reference,
        "article": assertion.article_id,
        "recorded_at": instant_text(assertion.recorded_at),
        "links": {"event": path("events", assertion.event)},
    }


def entered_shape(entered: Entered) -> Shape:
    """A new entry in the shape of `EnteredSchema`."""
    return {**assertion_shape(entered.assertion), "changes": [moved_shape(change) for change in entered.changes]}


def decided_shape(decided: Decided) -> Shape:
    """New entries in the shape of `DecidedSchema`."""
    return {
        "assertions": [assertion_shape(assertion) for assertion in decided.assertions],
        "changes": [moved_shape(change) for change in decided.changes],
    }
