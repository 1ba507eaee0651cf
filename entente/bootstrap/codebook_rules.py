"""Read seeds/codebook/rules.toml and check each field of it."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from entente.relations.codebook import LabelRule, ScoreRule
from schemas.messages import field_messages

#: Most days that a plan may be overdue and still stand: a century.
_LONGEST = 36525


def _text() -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1))


def _probability() -> fields.Float:
    return fields.Float(required=True, validate=validate.Range(0, 1, error="{input} is no probability, 0 to 1."))


_ABOVE_0 = validate.Range(min=0, min_inclusive=False)


class _Scale(Schema):
    name = _text()
    version = _text()


class _Status(Schema):
    effective_confidence = _probability()
    ending_confidence = _probability()
    overdue_days = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(0, _LONGEST, error="{input} is no number of days, 0 to {max}."),
    )
    calibrated_coders = fields.List(_text(), required=True)


class _Score(Schema):
    version = _text()
    half_life_days = fields.Float(required=True, validate=_ABOVE_0)
    prior = fields.Float(required=True, validate=_ABOVE_0)
    window_days = fields.Integer(required=True, strict=True, validate=_ABOVE_0)

    @post_load
    def _made(self, row: dict[str, Any], **_: object) -> ScoreRule:
        return ScoreRule(**row)


class _Label(Schema):
    label = _text()
    facet = fields.String()
    item = fields.String()
    value = fields.String()
    min_net = fields.Float()
    max_net = fields.Float()
    min_events = fields.Integer(strict=True)

    @post_load
    def _made(self, row: dict[str, Any], **_: object) -> LabelRule:
        return LabelRule(**row)


class _Rules(Schema):
    version = _text()
    scale = fields.Nested(_Scale, required=True)
    cameo_by_status = fields.Dict(_text(), fields.Tuple((_text(), _text())), required=True)
    status = fields.Nested(_Status, required=True)
    floor = fields.Dict(_text(), _probability(), required=True)
    score = fields.Nested(_Score, required=True)
    label = fields.List(fields.Nested(_Label), required=True)


class BadRules(Exception):
    """A field that is missing, unknown or has a bad value; the message names each."""


def checked_rules(table: Mapping[str, Any]) -> dict[str, Any]:
    """The rules as read from TOML, with their labels and score as domain types. Raises BadRules."""
    try:
        rules: dict[str, Any] = _Rules().load(table)
    except ValidationError as error:
        raise BadRules("; ".join(f"{field}: {told}" for field, told in field_messages(error.messages))) from error
    return rules
