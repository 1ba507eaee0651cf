"""JSON format of `entente code`: parse documents, render events."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marshmallow import ValidationError

from entente.relations.codebook import Codebook
from entente.relations.events import Actor, CodedEvent, Span
from entente.services.articles import Coding, Document, GivenActor
from schemas.fields import PublicationTime


class MalformedDocument(Exception):
    """A line that is not a valid document; the message names the field. `id` is the line's, if it could be read."""

    id: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A document with the caller's id, and the crosswalk that its roots and quad classes come from."""

    id: str
    document: Document
    crosswalk: str


def parse_document(line: bytes, codebook: Codebook) -> Request:
    """Parse one line of UTF-8 JSON. Raises MalformedDocument."""
    try:
        # Decoded first: json.loads on bytes would accept UTF-16 and lone surrogates.
        item = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise MalformedDocument(f"not JSON: {error}") from None
    if not isinstance(item, dict):
        raise MalformedDocument("not a JSON object")
    try:
        return _request(item, codebook)
    except MalformedDocument as error:
        error.id = _own_id(item)
        raise


def _own_id(item: dict[str, Any]) -> str | None:
    try:
        return _string(item, "id")
    except MalformedDocument:
        return None


def _request(item: dict[str, Any], codebook: Codebook) -> Request:
    text = _string(item, "text", required=True)
    crosswalk = _string(item, "crosswalk") or "plover"
    if crosswalk not in codebook.crosswalks:
        raise MalformedDocument(f"crosswalk: unknown; known: {', '.join(codebook.crosswalks)}")
    document = Document(
        text=text or "",
        title=_string(item, "title"),
        published_on=_day(_string(item, "published_at")),
        actors=_actors(item.get("actors"), len(text or "")),
    )
    return Request(_string(item, "id", required=True) or "", document, crosswalk)


def answer(request: Request, coding: Coding, codebook: Codebook) -> dict[str, Any]:
    """The answer to a document as a JSON object."""
    return {
        "id": request.id,
        "language": coding.language,
        "coder_version": coding.coder_version,
        "reason": coding.reason,
        **({"truncated": True} if coding.truncated else {}),
        "events": [event_answer(event, request.crosswalk, codebook) for event in coding.events],
    }


def _string(item: dict[str, Any], field: str, *, required: bool = False) -> str | None:
    value = item.get(field)
    if value is None and not required:
        return None
    if not isinstance(value, str):
        raise MalformedDocument(f"{field}: {'missing' if value is None else 'not a string'}")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise MalformedDocument(f"{field}: holds a lone surrogate")
    return value


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        moment: datetime = PublicationTime().deserialize(text)
    except ValidationError as error:
        raise MalformedDocument(f"published_at: {error.messages[0]}") from None
    return moment.date()


def _actors(given: object, length: int) -> tuple[GivenActor, ...] | None:
    if given is None:
        return None
    if not isinstance(given, list):
        raise MalformedDocument("actors: not a list")
    found = []
    for index, actor in enumerate(given):
        try:
            start, end, entity = actor["start"], actor["end"], actor["entity"]
        except (TypeError, KeyError):
            raise MalformedDocument(f"actors[{index}]: needs start, end and entity") from None
        if not (type(start) is int and type(end) is int and 0 <= start < end <= length):
            raise MalformedDocument(f"actors[{index}]: start and end must be offsets into the text")
        if not isinstance(entity, str) or not entity:
            raise MalformedDocument(f"actors[{index}].entity: not a name")
        found.append(GivenActor(start, end, entity))
    return tuple(found)


def event_answer(event: CodedEvent, crosswalk: str, codebook: Codebook) -> dict[str, Any]:
    """An event as a JSON object, with the codes of `crosswalk`. `confidence` is rounded to four decimals."""
    codes = codebook.codes(event.act, event.status, crosswalk)
    return {
        "source": _actor(event.source),
        "target": _actor(event.target),
        "act": event.act,
        "root": codes.root,
        "mode": codes.mode,
        "context": list(event.context),
        "cameo": codes.cameo,
        "quad": codes.quad,
        "intensity": codes.intensity,
        "event_date": event.period.first.isoformat() if event.period else None,
        "precision": event.period.precision if event.period else "unknown",
        "dated_by": event.dated_by,
        "status": event.status,
        "confidence": round(event.confidence, 4),
        "quote": _span(event.quote),
        "trigger": _span(event.trigger),
    }


def _actor(actor: Actor) -> dict[str, str]:
    return {"entity": actor.entity, "sector": actor.sector, "text": actor.text}


def _span(span: Span) -> dict[str, Any]:
    return {"field": span.field, "start": span.start, "end": span.end, "text": span.text}
