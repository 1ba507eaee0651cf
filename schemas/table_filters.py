"""Filters of the tables of states and panels."""

from typing import Any

from marshmallow import fields, validate
from webargs.fields import DelimitedList

from entente.relations.codebook import HAPPENED
from entente.relations.events import STATUSES
from entente.relations.panels import UNITS
from entente.services.reading.panels import MAX_ROWS, PanelQuery
from schemas.fields import Day, Fraction, TableFormat, Text, UnconfirmedChoice
from schemas.relations import ReadClocksSchema

_CODE = {"description": "Code of any scheme, or name"}


class StateFilterSchema(ReadClocksSchema):
    """Filters of the table of states. With `as_of`: the intervals that had begun by that day."""

    source = Text(high=80, metadata=_CODE)
    target = Text(high=80, metadata=_CODE)
    facet = Text(high=80, metadata={"example": "recognition"})
    format = TableFormat()


class PanelFilterSchema(ReadClocksSchema):
    """The units, periods and columns of a panel."""

    unit = fields.String(load_default="dyad-month", validate=validate.OneOf(list(UNITS)))
    from_ = Day(
        data_key="from",
        required=True,
        error_messages={"required": "A panel needs its first day: give from, such as 2020-01-01."},
        metadata={"description": f"A day of the first period. A panel has at most {MAX_ROWS:,} rows"},
    )
    to = Day(metadata={"description": "A day of the last period; `as_of` if left out, never later"})
    source = Text(high=80, metadata={"description": "Only this source, or the country: code of any scheme, or name"})
    target = Text(high=80, metadata=_CODE)
    directed = fields.String(
        load_default="true",
        validate=validate.OneOf(["true", "false"]),
        metadata={"description": "Whether each direction has rows of its own"},
    )
    facets = DelimitedList(
        Text(high=80),
        validate=validate.Length(1, 20),
        metadata={"description": "Facets as columns, by comma: `NAME`, or `NAME:VALUE` for whether that value is held"},
    )
    counted = DelimitedList(
        fields.String(validate=validate.OneOf(STATUSES)),
        validate=validate.Length(1, len(STATUSES)),
        metadata={"description": "Statuses counted as done, by comma; effective and ongoing if left out"},
    )
    min_confidence = Fraction(low=0, high=1, metadata={"description": "Least confidence of an event that is counted"})
    unconfirmed = UnconfirmedChoice("Events that would move a facet and are below the floor, in the counts")
    format = TableFormat()


def panel_query(asked: dict[str, Any]) -> PanelQuery:
    """The loaded filters as a PanelQuery."""
    return PanelQuery(
        unit=asked["unit"],
        first=asked["from_"],
        last=asked.get("to"),
        source=asked.get("source"),
        target=asked.get("target"),
        directed=asked["directed"] == "true",
        facets=asked.get("facets", ()),
        counted=frozenset(asked.get("counted", HAPPENED)),
        min_confidence=asked.get("min_confidence"),
        unconfirmed=asked.get("unconfirmed", "include"),
        as_of=asked.get("as_of"),
        known_at=asked.get("known_at"),
        published_by=asked.get("published_by"),
    )
