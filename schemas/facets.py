"""The facets of a relation record on the wire."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, fields

from entente.relations.codebook import Codebook, Facet
from entente.relations.events import DATED_BY
from entente.relations.periods import PRECISIONS
from entente.relations.record import MAX_EVIDENCE, StateFacts
from entente.relations.state_facts import EVENTS, StateFact
from entente.relations.states import MAX_OWNERS, Interval, unconfirmed_change
from schemas.reliability import reliability_field, value_reliability
from schemas.vocabulary import STATUSES, Shape, dated, status_on

#: Name of the OpenAPI component that lists the facets of the codebook in use.
COMPONENT = "Facets"

#: Name of the OpenAPI component that lists those that both directions of a dyad share.
SHARED_COMPONENT = "SharedFacets"


def owners_field() -> fields.List[str]:
    """The member `owners` of an interval or candidate."""
    told = "The first owners whose publishers report it"
    return fields.List(fields.String(), metadata={"maxItems": MAX_OWNERS, "description": told})


def change_unconfirmed_field() -> fields.String:
    """The member `change_unconfirmed` of a held value."""
    told = "Day on which the value ended by a report that is not confirmed; absent where there is none"
    return fields.String(metadata={"format": "date", "description": told})


def dated_by_field() -> fields.String:
    """The member `dated_by` of an event or interval."""
    told = (
        "Origin of the date: a text; only the day of publication; the day of receipt of an article whose day of "
        "publication is unknown, or a day counted from that; or none"
    )
    return fields.String(metadata={"enum": list(DATED_BY), "description": told})


def origin_field() -> fields.String:
    """The member `origin` of an interval."""
    told = f"What began it: `{EVENTS}`, or the data set of the document that did, such as `baseline`"
    return fields.String(metadata={"description": told})


class DocumentSchema(Schema):
    """A document that gives a value, as `evidence` names it by its `id`: no event, and no article."""

    id = fields.String(required=True, metadata={"example": "baseline/SWE.PSE.recognition.recognised.2014-10-30"})
    origin = fields.String(required=True, metadata={"description": "The data set that it comes from"})
    place = fields.String(required=True, metadata={"description": "The file of the data set, and the line if given"})
    publisher = fields.String(required=True, metadata={"description": "Who issued it"})
    document = fields.String(required=True)
    date = fields.String(
        required=True, allow_none=True, metadata={"description": "The document's date, as precise as known"}
    )
    citation = fields.String(required=True)
    note = fields.String(required=True)


def documents_field() -> fields.List[fields.Nested]:
    """The member `documents` of an interval."""
    told = "The documents that `evidence` names, where there are any"
    return fields.List(fields.Nested(DocumentSchema), metadata={"description": told})


class CandidateSchema(Schema):
    """One of the values that contradicting reports give. `n_sources` counts the owners of its publishers."""

    value = fields.String(required=True)
    n_sources = fields.Integer(required=True)
    owners = owners_field()
    evidence = fields.List(
        fields.String(), required=True, metadata={"maxItems": MAX_EVIDENCE, "description": "Ids of events"}
    )


class HoldingSchema(Schema):
    """A value of a facet, with its start, rule and evidence. `until` is the day on which it expires, if it does.

    `reported`: by one owner, with low confidence. `disputed`: independent owners give overlapping dates to
    values that exclude each other; these are the `candidates`, and the value shown is the one reported last.
    """

    value = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": [s for s in STATUSES if s != "expired"]})
    since = fields.String(
        required=True, allow_none=True, metadata={"description": "As precise as known; null if unknown"}
    )
    precision = fields.String(required=True, metadata={"enum": [*PRECISIONS, "unknown"]})
    dated_by = dated_by_field()
    known_by = fields.String(required=True, metadata={"format": "date"})
    until = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    rule = fields.String(required=True)
    evidence = fields.List(
        fields.String(), required=True, metadata={"maxItems": MAX_EVIDENCE, "description": "Ids of events"}
    )
    n_evidence = fields.Integer(required=True)
    origin = origin_field()
    documents = documents_field()
    owners = owners_field()
    candidates = fields.List(fields.Nested(CandidateSchema), metadata={"description": "Where it is disputed"})
    reliability = reliability_field()


class FacetValueSchema(HoldingSchema):
    """A facet's value, with what is pending (announced or agreed), threatened or unconfirmed.

    `unconfirmed`: a value that only events below the floor report, which would end this one.
    """

    change_unconfirmed = change_unconfirmed_field()
    pending = fields.Nested(HoldingSchema)
    threatened = fields.Nested(HoldingSchema)
    unconfirmed = fields.Nested(HoldingSchema)


class FacetItemSchema(FacetValueSchema):
    """One member of a facet that is a set, e.g. one measure of sanctions."""

    item = fields.String(required=True)


class UnknownFacetValueSchema(Schema):
    """No value is known to hold, which differs from `none`. A value may be pending, threatened or unconfirmed."""

    value = fields.String(required=True, metadata={"const": "unknown"})
    pending = fields.Nested(HoldingSchema)
    threatened = fields.Nested(HoldingSchema)
    unconfirmed = fields.Nested(HoldingSchema)


class UnknownFacetItemSchema(UnknownFacetValueSchema):
    """A member of a set facet with only a pending, threatened or unconfirmed value."""

    item = fields.String(required=True)


def components(codebook: Codebook) -> dict[str, type[Schema] | dict[str, Any]]:
    """The OpenAPI components of a record's `facets`, which are exactly those of the codebook."""
    shared = {name: facet for name, facet in codebook.facets.items() if facet.shared}
    told = "Where nothing is known the value is `unknown`, never `none`."
    return {
        "FacetValue": FacetValueSchema,
        "FacetItem": FacetItemSchema,
        "UnknownFacetValue": UnknownFacetValueSchema,
        "UnknownFacetItem": UnknownFacetItemSchema,
        COMPONENT: _object(codebook.facets, f"Every facet of the codebook. {told}"),
        SHARED_COMPONENT: _object(shared, f"The facets that both directions of a dyad share. {told}"),
    }


def _object(facets: Mapping[str, Facet], description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "required": list(facets),
        "additionalProperties": False,
        "properties": {name: _component(f.is_set, f.values, f.follows) for name, f in facets.items()},
    }


def _component(is_set: bool, values: tuple[str, ...], follows: str) -> Mapping[str, Any]:
    known, unknown = ("FacetItem", "UnknownFacetItem") if is_set else ("FacetValue", "UnknownFacetValue")
    of_facet = {"properties": {"value": {"enum": list(values)}}}
    one = {"oneOf": [{"allOf": [reference(known), of_facet]}, reference(unknown)]}
    return {"description": follows, **({"type": "array", "items": one} if is_set else one)}


def reference(name: str) -> dict[str, str]:
    """A JSON Schema reference to an OpenAPI component."""
    return {"$ref": f"#/components/schemas/{name}"}


def facets_shape(facets: Mapping[str, Sequence[Interval]], facts: StateFacts, codebook: Codebook) -> Shape:
    """The intervals that hold on one day, by facet of the codebook; a facet without any is `unknown`.

    `facts`: the state facts that they name.
    """
    return {
        name: _items(facets[name], facts, codebook) if facet.is_set else _value(facets[name], facts, codebook)
        for name, facet in codebook.facets.items()
    }


def _items(intervals: Sequence[Interval], facts: StateFacts, codebook: Codebook) -> list[Shape]:
    by_item: dict[str, list[Interval]] = {}
    for interval in intervals:
        by_item.setdefault(interval.item, []).append(interval)
    return [{"item": item, **_value(members, facts, codebook)} for item, members in sorted(by_item.items())]


def _value(intervals: Sequence[Interval], facts: StateFacts, codebook: Codebook) -> Shape:
    """The held value of a facet, or of one member of a set facet, with its other values."""
    standing = {interval.standing: _holding(interval, facts, codebook) for interval in intervals}
    held = standing.pop("held", {"value": "unknown"})
    doubted = [doubt for interval in intervals for doubt in [change_unconfirmed(interval, intervals)] if doubt]
    return {**held, **(doubted[0] if doubted else {}), **standing}


def change_unconfirmed(held: Interval, intervals: Sequence[Interval]) -> Shape:
    """The member `change_unconfirmed` of a value whose end one of these intervals reports; else no member."""
    doubt = unconfirmed_change(held, intervals)
    return {"change_unconfirmed": doubt.starts_on.isoformat()} if doubt else {}


def _holding(interval: Interval, facts: StateFacts, codebook: Codebook) -> Shape:
    start = dated(interval.valid_from)
    told = {
        "value": interval.value,
        "status": status_on(interval, interval.starts_on),
        "since": start["date"],
        "precision": start["precision"],
        "dated_by": interval.dated_by,
        "known_by": interval.known_by.isoformat(),
        "until": interval.valid_to.isoformat() if interval.valid_to else None,
        "rule": interval.rule,
        "evidence": list(interval.evidence[:MAX_EVIDENCE]),
        "n_evidence": interval.n_evidence,
        "origin": interval.origin,
        "owners": list(interval.owners),
    }
    measured = value_reliability(interval, codebook)
    return {**told, **documents_shape(interval, facts), **candidates_shape(interval), **measured}


def documents_shape(interval: Interval, facts: StateFacts) -> Shape:
    """The member `documents` of an interval with state facts among its evidence; no member for any other."""
    told = [facts[id] for id in interval.state_facts if id in facts]
    return {"documents": [document_shape(fact) for fact in told]} if told else {}


def document_shape(fact: StateFact) -> Shape:
    """The document of a state fact in the shape of `DocumentSchema`."""
    return {
        "id": fact.id,
        "origin": fact.origin,
        "place": fact.place,
        "publisher": fact.publisher,
        "document": fact.document,
        "date": fact.document_date.label if fact.document_date else None,
        "citation": fact.citation,
        "note": fact.note,
    }


def candidates_shape(interval: Interval) -> Shape:
    """The member `candidates` of a disputed interval; no member for any other."""
    if not interval.candidates:
        return {}
    found = [
        {
            "value": c.value,
            "n_sources": c.n_sources,
            "owners": list(c.owners),
            "evidence": list(c.evidence[:MAX_EVIDENCE]),
        }
        for c in interval.candidates
    ]
    return {"candidates": found}
