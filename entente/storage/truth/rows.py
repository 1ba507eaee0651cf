"""Convert mentions and changes to rows and back. A new column in `tables.py` needs both directions here."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from entente.relations.events import Actor, CodedEvent, Mention, Span
from entente.relations.periods import Period
from entente.relations.states import Change
from entente.services.ports.changes import RecordedChange

Values = dict[str, Any]


AnyRow = Row[Any]


def pack_period(period: Period | None, first: str) -> Values:
    """The columns of a period: `first` names the one of its first day, the other is `precision`."""
    return {first: period.first if period else None, "precision": period.precision if period else None}


def unpack_period(first: date | None, precision: str | None) -> Period | None:
    """The period of the columns from `pack_period`."""
    return Period(first, precision) if first is not None and precision else None


def pack_coded_event(event: CodedEvent) -> Values:
    """The columns of a mention that come from the coder."""
    dyad = event.dyad
    return {
        "dyad_a": dyad.a,
        "dyad_b": dyad.b,
        "source": event.source.entity,
        "target": event.target.entity,
        "source_party": event.source.party,
        "target_party": event.target.party,
        "act": event.act,
        "status": event.status,
        **pack_period(event.period, "period_first"),
        "dated_by": event.dated_by,
        "confidence": event.confidence,
        "wording": [
            [event.source.sector, event.source.text],
            [event.target.sector, event.target.text],
            _pack_span(event.quote),
            _pack_span(event.trigger),
            list(event.context),
        ],
    }


def unpack_mention(row: AnyRow) -> Mention:
    """The mention of a row."""
    source, target, quote, trigger, context = row.wording
    return Mention(
        id=row.id,
        article_id=row.article_id,
        event=CodedEvent(
            source=Actor(row.source, *source),
            target=Actor(row.target, *target),
            act=row.act,
            status=row.status,
            period=unpack_period(row.period_first, row.precision),
            dated_by=row.dated_by,
            confidence=row.confidence,
            quote=Span(*quote),
            trigger=Span(*trigger),
            context=tuple(context),
        ),
        published_on=row.published_on,
        publisher=row.publisher,
        recorded_at=_iso(row.recorded_at),
        coder_version=row.coder_version,
        retired_at=_iso(row.retired_at) if row.retired_at else None,
        owner=row.owner,
        reprint_of=row.reprint_of,
    )


def _pack_span(span: Span) -> list[str | int]:
    return [span.field, span.start, span.end, span.text]


def pack_change(recorded: RecordedChange) -> Values:
    """The row of a change in the changes feed."""
    fields = {name: getattr(recorded.change, name) for name in CHANGE_FIELDS}
    return fields | {name: getattr(recorded, name) for name in _RECORD_FIELDS}


def unpack_change(row: AnyRow) -> RecordedChange:
    """The recorded change of a row."""
    change = Change(**{name: getattr(row, name) for name in CHANGE_FIELDS})
    return RecordedChange(change=change, **{name: getattr(row, name) for name in _RECORD_FIELDS})


#: Columns of a change, named as the fields of Change.
CHANGE_FIELDS = tuple(Change.__slots__)

#: The other columns, named as the fields of RecordedChange.
_RECORD_FIELDS = tuple(name for name in RecordedChange.__slots__ if name != "change")


def _iso(time: datetime) -> str:
    return time.isoformat()
