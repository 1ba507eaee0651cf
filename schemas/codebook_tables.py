"""The codebook's tables on the wire: roots, crosswalks, scale, labels and the score's parameters."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from entente.relations.codebook import Codebook, Crosswalk, LabelRule
from schemas.scores import SCORE_VERSION


class RootSchema(Schema):
    """A root (PLOVER event type) with its quad class and its score in the PLOVER manual."""

    name = fields.String(required=True)
    quad = fields.Integer(required=True, metadata={"minimum": 1, "maximum": 4})
    score = fields.Float(required=True)


class StatusRootsSchema(Schema):
    """The root of an act in a status: if the act is cooperative, and if it is conflictual."""

    status = fields.String(required=True)
    cooperative = fields.String(required=True)
    conflictual = fields.String(required=True)


class ActRootSchema(Schema):
    """The root of one act in one status; it overrides `by_status`."""

    act = fields.String(required=True)
    status = fields.String(required=True)
    root = fields.String(required=True)


class CrosswalkSchema(Schema):
    """A named table from (act, status) to root. Pairs that it doesn't name keep the act's own root."""

    name = fields.String(required=True)
    by_status = fields.List(fields.Nested(StatusRootsSchema), required=True)
    by_act = fields.List(fields.Nested(ActRootSchema), required=True)


class StatusCameoSchema(Schema):
    """The CAMEO code of acts in a status, unless the act's own `cameo_by_status` has one."""

    status = fields.String(required=True)
    cooperative = fields.String(required=True)
    conflictual = fields.String(required=True)


class ScaleSchema(Schema):
    """Intensities (−10 … 10) by CAMEO code. A code without one takes its nearest ancestor's."""

    name = fields.String(required=True)
    version = fields.String(required=True)
    intensities = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)


class LabelSchema(Schema):
    """A rule for a label: a facet's value, or (`facet` null) a range of the net score. The first that fits applies."""

    label = fields.String(required=True)
    facet = fields.String(required=True, allow_none=True)
    item = fields.String(allow_none=True, metadata={"description": "Member of a set facet; null for any"})
    value = fields.String(required=True, allow_none=True)
    min_net = fields.Float(required=True)
    max_net = fields.Float(required=True)
    min_events = fields.Integer(required=True)


class ScoreRuleSchema(Schema):
    """Parameters of the score. `prior`, in units of intensity, draws a score with few events towards 0."""

    version = fields.String(metadata={"description": SCORE_VERSION})
    half_life_days = fields.Float(required=True)
    prior = fields.Float(required=True)
    window_days = fields.Integer(required=True)


def tables_shape(codebook: Codebook) -> dict[str, Any]:
    """The tables of a codebook, by their names in `CodebookSchema`."""
    rule = codebook.score
    return {
        "roots": [{"name": r.name, "quad": r.quad, "score": r.score} for r in codebook.roots.values()],
        "crosswalks": [_crosswalk(table) for _, table in sorted(codebook.crosswalks.items())],
        "cameo_by_status": _by_status(codebook.cameo_by_status),
        "scales": [
            {"name": codebook.scale, "version": codebook.scale_version, "intensities": dict(codebook.intensities)}
        ],
        "labels": [_label(label) for label in codebook.labels],
        "score": {
            "version": rule.version,
            "half_life_days": rule.half_life_days,
            "prior": rule.prior,
            "window_days": rule.window_days,
        },
    }


def _crosswalk(table: Crosswalk) -> dict[str, Any]:
    by_act = [{"act": act, "status": status, "root": root} for (act, status), root in sorted(table.by_act.items())]
    return {"name": table.name, "by_status": _by_status(table.by_status), "by_act": by_act}


def _by_status(table: Mapping[str, tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {"status": status, "cooperative": cooperative, "conflictual": conflictual}
        for status, (cooperative, conflictual) in sorted(table.items())
    ]


def _label(rule: LabelRule) -> dict[str, Any]:
    return {
        "label": rule.label,
        "facet": rule.facet or None,
        "item": rule.item or None,
        "value": rule.value or None,
        "min_net": rule.min_net,
        "max_net": rule.max_net,
        "min_events": rule.min_events,
    }
