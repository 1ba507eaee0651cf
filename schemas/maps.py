"""One facet across relations and over time, as a map needs it, on the wire."""

from marshmallow import Schema, fields

from entente.relations.state_facts import is_state_fact
from entente.relations.states import Interval
from entente.services.reading.maps import FacetMap
from schemas.entities import PartySchema
from schemas.facets import dated_by_field
from schemas.fields import PublishedBy, RecordTime, Text, published_by_field
from schemas.vocabulary import Shape, Vocabulary, dated, day_text, instant_text


class MapIntervalSchema(Schema):
    """A held value from `starts_on` until before `valid_to` (null: it lasts). `event`: the first that says so.

    Null where a document began it, which `origin` names; the history of the relation has the document.

    `valid_from` is the start as precisely as it is known, null where the value was only known by `starts_on`.
    """

    source = fields.String(required=True, metadata={"description": "Key of the source"})
    target = fields.String(required=True, metadata={"description": "Key of the target"})
    item = fields.String(required=True, metadata={"description": "Member of a set facet, else empty"})
    value = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": ["effective", "reported", "disputed"]})
    starts_on = fields.String(required=True, metadata={"format": "date"})
    valid_from = fields.String(required=True, allow_none=True)
    dated_by = dated_by_field()
    valid_to = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    n_evidence = fields.Integer(required=True)
    origin = fields.String(required=True)
    event = fields.String(required=True, allow_none=True)


class MapSchema(Schema):
    """Every held interval of a facet by start: of the relations of `country` in both directions, or of all.

    `known_at`, `published_by`: as they were asked for; null if all counts that is known now.
    """

    facet = fields.String(required=True)
    country = fields.Nested(PartySchema, required=True, allow_none=True)
    codebook_version = fields.String(required=True)
    known_at = fields.String(allow_none=True, metadata={"format": "date-time"})
    published_by = published_by_field()
    intervals = fields.List(fields.Nested(MapIntervalSchema), required=True)


class MapFilterSchema(Schema):
    """The country whose relations are wanted, all relations if left out; clocks, which need a country."""

    country = Text(high=80, metadata={"description": "Code of any scheme, or name"})
    known_at = RecordTime("Needs `country`")
    published_by = PublishedBy()


def map_shape(found: FacetMap, vocabulary: Vocabulary) -> Shape:
    """A facet's intervals in the shape of `MapSchema`."""
    return {
        "facet": found.facet,
        "country": vocabulary.party(found.country) if found.country else None,
        "codebook_version": vocabulary.codebook.version,
        "known_at": instant_text(found.known_at),
        "published_by": day_text(found.published_by),
        "intervals": [map_interval_shape(interval) for interval in found.intervals],
    }


def map_interval_shape(interval: Interval) -> Shape:
    """An interval in the shape of `MapIntervalSchema`."""
    return {
        "source": interval.source,
        "target": interval.target,
        "item": interval.item,
        "value": interval.value,
        "status": interval.status,
        "starts_on": interval.starts_on.isoformat(),
        "valid_from": dated(interval.valid_from)["date"],
        "dated_by": interval.dated_by,
        "valid_to": interval.valid_to.isoformat() if interval.valid_to else None,
        "n_evidence": interval.n_evidence,
        "origin": interval.origin,
        "event": next((id for id in interval.evidence if not is_state_fact(id)), None),
    }
