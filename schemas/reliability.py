"""Measured error rates on the wire."""

from typing import Any

from marshmallow import Schema, fields

from entente.relations.codebook import UNCONFIRMED, Codebook
from entente.relations.reliability import ALL, LEAST, CodingRates, Rate, Reliability, ValueRates
from entente.relations.state_facts import EVENTS
from entente.relations.states import Interval
from schemas.vocabulary import Shape

_TOO_FEW = f"null: too few, n is under {LEAST}"
_SHARE = {"minimum": 0, "maximum": 1}


class RateSchema(Schema):
    """A measured share of `n`, with the bounds of its 95 % interval; null where n is too small to publish it."""

    share = fields.Float(required=True, allow_none=True, metadata={**_SHARE, "description": _TOO_FEW})
    n = fields.Integer(required=True)
    interval = fields.List(
        fields.Float(metadata=_SHARE), required=True, allow_none=True, metadata={"minItems": 2, "maxItems": 2}
    )


class CodingRatesSchema(Schema):
    """Precision and recall on single texts, of one PLOVER root or facet."""

    name = fields.String(required=True)
    precision = fields.Nested(RateSchema, required=True)
    recall = fields.Nested(RateSchema, required=True)


class ValueRatesSchema(Schema):
    """Of the values in records of whole stories: `right`, of those shown; `shown`, of those to be had."""

    scope = fields.String(required=True, metadata={"description": f"A facet, a family of acts, or `{ALL}`"})
    right = fields.Nested(RateSchema, required=True)
    shown = fields.Nested(RateSchema, required=True)


class ConfidenceRateSchema(Schema):
    """Of the events with a confidence from `low` to below `high`, on average `claimed`, the share that is right."""

    low = fields.Float(required=True, metadata=_SHARE)
    high = fields.Float(required=True, metadata=_SHARE)
    claimed = fields.Float(required=True, metadata=_SHARE)
    right = fields.Nested(RateSchema, required=True)


class ReliabilitySchema(Schema):
    """Error rates of one version of the coder, measured on sealed texts and stories. docs/coder.md tells how."""

    coder = fields.String(required=True, metadata={"description": "Version of the coder that was measured"})
    codebook = fields.String(required=True, metadata={"description": "Version of the codebook then in use"})
    n_texts = fields.Integer(required=True)
    n_stories = fields.Integer(required=True)
    roots = fields.List(fields.Nested(CodingRatesSchema), required=True)
    facets = fields.List(fields.Nested(CodingRatesSchema), required=True)
    values = fields.List(fields.Nested(ValueRatesSchema), required=True)
    confidence = fields.List(fields.Nested(ConfidenceRateSchema), required=True)


class ValueReliabilitySchema(Schema):
    """The share of shown values that are right, measured for a version of the coder: no figure of this one value.

    `scope`: that of the values measured: the facet, its family of acts or all, whichever is narrowest with enough.
    """

    scope = fields.String(required=True)
    right = fields.Float(required=True, metadata=_SHARE)
    n = fields.Integer(required=True)
    interval = fields.List(fields.Float(metadata=_SHARE), required=True, metadata={"minItems": 2, "maxItems": 2})
    coder = fields.String(required=True)


def reliability_field() -> fields.Nested:
    """The member `reliability` of a value that events gave."""
    told = "How often such values are right; absent of what is unconfirmed or given by a document"
    return fields.Nested(ValueReliabilitySchema, metadata={"description": told})


def value_reliability(interval: Interval, codebook: Codebook) -> Shape:
    """The member `reliability` of an interval; no member where nothing was measured of such values."""
    facet = codebook.facet(interval.facet)
    measured = codebook.reliability
    found = measured.of_value(facet.name, facet.family) if measured else None
    if measured is None or found is None or interval.origin != EVENTS or interval.standing == UNCONFIRMED:
        return {}
    scope, rate = found
    told = {"scope": scope, "right": rate.share, "n": rate.n, "interval": list(rate.interval or ())}
    return {"reliability": {**told, "coder": measured.coder}}


def reliability_shape(measured: Reliability) -> dict[str, Any]:
    """Error rates in the shape of `ReliabilitySchema`."""
    return {
        "coder": measured.coder,
        "codebook": measured.codebook,
        "n_texts": measured.n_texts,
        "n_stories": measured.n_stories,
        "roots": [_coding(name, rates) for name, rates in measured.roots.items()],
        "facets": [_coding(name, rates) for name, rates in measured.facets.items()],
        "values": [_values(scope, rates) for scope, rates in measured.values.items()],
        "confidence": [
            {"low": r.low, "high": r.high, "claimed": r.claimed, "right": _rate(r.right)} for r in measured.confidence
        ],
    }


def _coding(name: str, rates: CodingRates) -> Shape:
    return {"name": name, "precision": _rate(rates.precision), "recall": _rate(rates.recall)}


def _values(scope: str, rates: ValueRates) -> Shape:
    return {"scope": scope, "right": _rate(rates.right), "shown": _rate(rates.shown)}


def _rate(rate: Rate) -> Shape:
    return {"share": rate.share, "n": rate.n, "interval": list(rate.interval) if rate.interval else None}
