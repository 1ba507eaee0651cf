"""Filters of the list of events."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from marshmallow import Schema, fields, validate
from webargs.fields import DelimitedList

from entente.relations.codebook import Codebook
from entente.relations.entities import Entities
from entente.relations.events import STATUSES
from entente.relations.kinds import kinds
from entente.services.errors import Contradiction, Invalid
from entente.services.ports.events import EventQuery, Unconfirmed
from schemas.fields import (
    Cursor,
    Day,
    Format,
    Fraction,
    Instant,
    PublishedBy,
    RecordTime,
    Text,
    UnconfirmedChoice,
    Whole,
)

_CODE = {"description": "Code of any scheme, or name"}

_PAST_PAGES = (
    "JSON needs `source` and `target` beside it, else 422. Other formats then come pair by pair, each newest first. "
    "Not with `q`"
)


class EventFilterSchema(Schema):
    """Filters of the list of events. Days are inclusive and compare with the first day of the event's date."""

    source = Text(high=80, metadata=_CODE)
    target = Text(high=80, metadata=_CODE)
    act = DelimitedList(
        Text(high=80), validate=validate.Length(1, 20), metadata={"description": "Acts, separated by commas"}
    )
    root = DelimitedList(
        Text(high=20),
        validate=validate.Length(1, 20),
        metadata={"description": "Roots (PLOVER event types), separated by commas"},
    )
    cameo = DelimitedList(
        fields.String(
            validate=validate.Regexp(r"[0-9]{2,4}\Z", error="Not a CAMEO code: 2 to 4 digits."),
            metadata={"pattern": "^[0-9]{2,4}$"},
        ),
        validate=validate.Length(1, 20),
        metadata={"description": "CAMEO codes, separated by commas; each includes the codes below it: 16 includes 163"},
    )
    quad = DelimitedList(
        fields.String(validate=validate.OneOf(["1", "2", "3", "4"])),
        validate=validate.Length(1, 4),
        metadata={
            "description": "Quad classes, by comma: 1 verbal, 2 material cooperation; 3 verbal, 4 material conflict"
        },
    )
    status = DelimitedList(fields.String(validate=validate.OneOf(STATUSES)), validate=validate.Length(1, len(STATUSES)))
    from_ = Day(data_key="from")
    to = Day()
    recorded_since = Instant(metadata={"description": "A mention was recorded then or later"})
    article = fields.UUID()
    min_confidence = Fraction(low=0, high=1)
    unconfirmed = UnconfirmedChoice("Events that would move a facet and are below the floor")
    q = Text(high=200, metadata={"description": "Words that must all occur in one quote, in any form and order"})
    known_at = RecordTime(note=_PAST_PAGES)
    published_by = PublishedBy(note=_PAST_PAGES)
    limit = Whole(low=1, high=500, metadata={"description": "50 if left out; a stream then has no limit"})
    cursor = Cursor()
    format = Format()


def event_query(asked: Mapping[str, Any], codebook: Codebook, entities: Entities) -> EventQuery:
    """The loaded filters as an EventQuery. Raises UnknownEntity, UnknownAct, Invalid, Contradiction."""
    first: date | None = asked.get("from_")
    last: date | None = asked.get("to")
    if first and last and first > last:
        raise Contradiction("to", f"{last} lies before {first}: no event can be in between")
    for act in asked.get("act", ()):
        codebook.act(act)
    for root in asked.get("root", ()):
        if root not in codebook.roots:
            raise Invalid("root", f"no PLOVER event type {root!r}; known: {', '.join(codebook.roots)}")
    recorded: datetime | None = asked.get("recorded_since")
    article = asked.get("article")
    return EventQuery(
        source=_key(asked.get("source"), entities),
        target=_key(asked.get("target"), entities),
        acts=asked.get("act"),
        statuses=asked.get("status"),
        starts_from=first,
        starts_to=last,
        article_id=str(article) if article else None,
        min_confidence=asked.get("min_confidence"),
        kinds=_kinds(asked, codebook),
        recorded_since=recorded,
        words=asked.get("q"),
        unconfirmed=unconfirmed_filter(asked.get("unconfirmed"), codebook),
    )


def unconfirmed_filter(choice: str | None, codebook: Codebook) -> Unconfirmed | None:
    """The filter of a choice of `include` (or None), `exclude` or `only`."""
    return None if choice in (None, "include") else Unconfirmed.of(choice == "only", codebook)


def _kinds(asked: Mapping[str, Any], codebook: Codebook) -> list[tuple[str, str]] | None:
    codes = {name: asked.get(name) for name in ("root", "cameo", "quad")}
    if not any(codes.values()):
        return None
    quads = [int(quad) for quad in codes["quad"]] if codes["quad"] else None
    return kinds(codebook, codes["root"], codes["cameo"], quads)


def _key(code: str | None, entities: Entities) -> str | None:
    return entities.resolve(code).key if code is not None else None
