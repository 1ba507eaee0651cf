"""The codebook on the wire."""

from typing import Any

from marshmallow import Schema, fields

from entente.relations.codebook import Act, Codebook, Effect, Facet
from entente.relations.events import STATUSES
from schemas.codebook_tables import (
    CrosswalkSchema,
    LabelSchema,
    RootSchema,
    ScaleSchema,
    ScoreRuleSchema,
    StatusCameoSchema,
    tables_shape,
)
from schemas.reliability import ReliabilitySchema, reliability_shape


class EffectSchema(Schema):
    """The effect of an act in one of `statuses` on a facet. `moves`: in the same direction, the reverse, or both."""

    rule = fields.String(required=True)
    statuses = fields.List(fields.String(), required=True)
    facet = fields.String(required=True)
    item = fields.String(required=True)
    value = fields.String(required=True)
    moves = fields.String(required=True, metadata={"enum": ["same", "reverse", "both"]})
    standing = fields.String(required=True, metadata={"enum": ["held", "pending", "threatened"]})
    only_from = fields.List(fields.String(), required=True)
    lasts_days = fields.Integer(required=True, allow_none=True)


class ActSchema(Schema):
    """An act: its gloss, its codes in the status `effective`, and its effects."""

    name = fields.String(required=True)
    gloss = fields.String(required=True)
    cameo = fields.String(required=True)
    root = fields.String(required=True)
    mode = fields.String(required=True)
    quad = fields.Integer(required=True)
    intensity = fields.Float(required=True)
    scale = fields.String(required=True)
    is_mutual = fields.Boolean(required=True, metadata={"description": "True if both parties do it to each other"})
    cameo_by_status = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    effects = fields.List(fields.Nested(EffectSchema), required=True)


class FacetSchema(Schema):
    """A facet: its values from none or least to most (`unknown` is never listed), and the definition it follows."""

    name = fields.String(required=True)
    values = fields.List(fields.String(), required=True)
    is_set = fields.Boolean(required=True)
    is_shared = fields.Boolean(required=True)
    combine = fields.String(required=True, metadata={"enum": ["latest", "highest"]})
    clears = fields.List(fields.String(), required=True, metadata={"description": "Values that end every other value"})
    follows = fields.String(required=True)


class FloorSchema(Schema):
    """The confidence from which events of a family of acts move facets. `facets` are those that its acts move."""

    family = fields.String(required=True)
    floor = fields.Float(required=True, metadata={"minimum": 0, "maximum": 1})
    facets = fields.List(fields.String(), required=True)


class CodebookSchema(Schema):
    """Acts, facets and every table, at the version under which states are derived."""

    version = fields.String(required=True)
    scale = fields.String(required=True)
    scale_version = fields.String(required=True)
    effective_confidence = fields.Float(
        metadata={"description": "From this confidence on a value that one owner reports is `effective`"}
    )
    ending_confidence = fields.Float(
        metadata={"description": "From this confidence on an event below its floor ends the value that it contradicts"}
    )
    overdue_days = fields.Integer(metadata={"description": "So many days after its own a plan is pending no more"})
    floors = fields.List(fields.Nested(FloorSchema))
    calibrated_coders = fields.List(
        fields.String(), metadata={"description": "Versions of the coder to whose events the floors apply"}
    )
    reliability = fields.Nested(
        ReliabilitySchema, allow_none=True, metadata={"description": "Null where another coder is in use"}
    )
    acts = fields.List(fields.Nested(ActSchema), required=True)
    facets = fields.List(fields.Nested(FacetSchema), required=True)
    statuses = fields.List(fields.String(), required=True)
    roots = fields.List(fields.Nested(RootSchema), required=True)
    crosswalks = fields.List(fields.Nested(CrosswalkSchema), required=True)
    cameo_by_status = fields.List(fields.Nested(StatusCameoSchema), required=True)
    scales = fields.List(fields.Nested(ScaleSchema), required=True)
    labels = fields.List(fields.Nested(LabelSchema), required=True)
    score = fields.Nested(ScoreRuleSchema, required=True)


def codebook_shape(codebook: Codebook) -> dict[str, Any]:
    """The codebook in the shape of `CodebookSchema`."""
    return {
        "version": codebook.version,
        "scale": codebook.scale,
        "scale_version": codebook.scale_version,
        "effective_confidence": codebook.effective_confidence,
        "ending_confidence": codebook.ending_confidence,
        "overdue_days": codebook.overdue_days,
        "floors": [_floor(family, floor, codebook) for family, floor in codebook.floors.items()],
        "calibrated_coders": sorted(codebook.calibrated),
        "reliability": reliability_shape(codebook.reliability) if codebook.reliability else None,
        "acts": [_act(act, codebook) for _, act in sorted(codebook.acts.items())],
        "facets": [_facet(facet) for facet in codebook.facets.values()],
        "statuses": list(STATUSES),
        **tables_shape(codebook),
    }


def _act(act: Act, codebook: Codebook) -> dict[str, Any]:
    codes = codebook.codes(act.name, "effective")
    return {
        "name": act.name,
        "gloss": act.gloss,
        "cameo": codes.cameo,
        "root": codes.root,
        "mode": codes.mode,
        "quad": codes.quad,
        "intensity": codes.intensity,
        "scale": codes.scale,
        "is_mutual": act.mutual,
        "cameo_by_status": dict(act.cameo_by_status or {}),
        "effects": [effect_shape(effect) for effect in act.effects],
    }


def effect_shape(effect: Effect) -> dict[str, Any]:
    """An effect in the shape of `EffectSchema`."""
    return {
        "rule": effect.rule,
        "statuses": sorted(effect.statuses),
        "facet": effect.facet,
        "item": effect.item,
        "value": effect.value,
        "moves": effect.moves,
        "standing": effect.standing,
        "only_from": sorted(effect.only_from),
        "lasts_days": effect.lasts_days,
    }


def _floor(family: str, floor: float, codebook: Codebook) -> dict[str, Any]:
    facets = [facet.name for facet in codebook.facets.values() if facet.family == family]
    return {"family": family, "floor": floor, "facets": facets}


def _facet(facet: Facet) -> dict[str, Any]:
    return {
        "name": facet.name,
        "values": list(facet.values),
        "is_set": facet.is_set,
        "is_shared": facet.shared,
        "combine": facet.combine,
        "clears": sorted(facet.clears),
        "follows": facet.follows,
    }
