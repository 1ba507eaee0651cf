"""Builders of domain objects with defaults for what a test does not state."""

import itertools
from datetime import date, timedelta

from entente.relations.events import Actor, CodedEvent, Mention, Span
from entente.relations.periods import Period
from entente.relations.state_facts import StateFact

_ids = itertools.count(1)


def state_fact(
    value: str = "recognised",
    begins: str | None = "2008-02-18",
    ends: str | None = None,
    *,
    facet: str = "recognition",
    item: str = "",
    source: str = "RUS",
    target: str = "AFG",
    publisher: str = "Government",
    document_date: str | None = None,
    origin: str = "baseline",
) -> StateFact:
    return StateFact(
        origin=origin,
        place="recognition.csv",
        source=source,
        target=target,
        facet=facet,
        item=item,
        value=value,
        begins=Period.parse(begins) if begins else None,
        ends=Period.parse(ends) if ends else None,
        publisher=publisher,
        document="note",
        document_date=Period.parse(document_date or begins or "2008"),
        citation="No. 1",
    )


def mention(
    act: str = "recognise",
    when: str | None = "2025-07-03",
    *,
    source: str = "RUS",
    target: str = "AFG",
    status: str = "effective",
    dated_by: str | None = None,
    published: str | None = None,
    publisher: str = "agency",
    confidence: float = 0.9,
    sectors: tuple[str, str] = ("GOV", "GOV"),
    context: tuple[str, ...] = (),
    id: str | None = None,
    coder: str = "test-1",
    quote: str = "words",
) -> Mention:
    period = Period.parse(when) if when else None
    on = date.fromisoformat(published) if published else period.last + timedelta(days=1) if period else date(2025, 7, 4)
    event = CodedEvent(
        source=Actor(source, sectors[0], source),
        target=Actor(target, sectors[1], target),
        act=act,
        status=status,
        period=period,
        dated_by=dated_by or ("text" if period else "none"),
        confidence=confidence,
        quote=Span("text", 0, len(quote), quote),
        trigger=Span("text", 0, 5, "words"),
        context=context,
    )
    name = id or f"m{next(_ids):05}"
    return Mention(name, f"article-{name}", event, on, publisher, f"{on}T00:00:00Z", coder)
