"""Render relation records and their history as lines for a terminal."""

import textwrap
from collections.abc import Callable, Iterable, Iterator

import click

from entente.cli.terminal import one_line, printable
from entente.relations.codebook import UNCONFIRMED
from entente.relations.entities import Entities
from entente.relations.events import BY_ARTICLE, Event
from entente.relations.record import Relation, StateFacts
from entente.relations.state_facts import EVENTS, StateFact
from entente.relations.states import Interval, unconfirmed_change
from entente.services.errors import NotFound

_WIDTH = 100


def relation_lines(record: Relation, entities: Entities, event: Callable[[str], Event]) -> Iterator[str]:
    """One direction: label and score, then each known facet with its start and its quoted sentence."""
    names = f"{entities.name(record.source)} → {entities.name(record.target)}"
    pair = f"{record.source} → {record.target}"
    yield click.style(printable(f"{names}  ({pair}, as of {record.as_of})"), bold=True)
    score = record.score
    yield printable(f"  {record.label}; score {score.net:+g} of ±10 from {score.n_events} of {record.n_events} events")
    known = {name: held for name, held in record.facets.items() if held}
    for name, intervals in known.items():
        for interval in intervals:
            when = _since(interval) + _doubt(interval, intervals)
            yield f"  {_named(name, interval):<34} {_value(interval):<22} {when}"
            yield from _evidence(interval, record.facts, event)
    unknown = [name for name in record.facets if name not in known]
    if unknown:
        yield from textwrap.wrap(
            f"unknown: {', '.join(unknown)}", _WIDTH, initial_indent="  ", subsequent_indent="    "
        )


def history_lines(intervals: Iterable[Interval]) -> Iterator[str]:
    """One line for each interval, earliest first."""
    told = sorted(intervals, key=lambda i: (i.starts_on, i.track))
    for interval in told:
        until = f"until {interval.valid_to}" if interval.valid_to else "to this day"
        if interval.ends == "expiry":
            until += " (expires)"
        elif interval.ends == UNCONFIRMED:
            until += " (by an unconfirmed report)"
        pair = printable(f"{interval.source} → {interval.target}")
        what = f"{_named(interval.facet, interval):<28} {_value(interval):<22}"
        origin = "" if interval.origin == EVENTS else f" ({printable(interval.origin)})"
        until += origin + _by_publication(interval) + _doubt(interval, told)
        yield f"  {_start(interval):<14} {pair:<14} {what} {until}"


def _named(name: str, interval: Interval) -> str:
    return printable(f"{name}[{interval.item}]" if interval.item else name)


def _value(interval: Interval) -> str:
    if interval.candidates:
        claims = ", ".join(f"{c.value} by {c.n_sources}" for c in interval.candidates)
        return printable(f"{interval.value} (disputed: {claims})")
    return printable(interval.value if interval.standing == "held" else f"{interval.value} ({interval.standing})")


def _since(interval: Interval) -> str:
    end = f", until {interval.valid_to}" if interval.valid_to else ""
    if interval.valid_from is None:
        return f"known by {interval.known_by}{end}"
    return f"since {interval.valid_from.label}{_by_publication(interval)}{end}"


def _doubt(interval: Interval, others: Iterable[Interval]) -> str:
    """Says that the value ended by a report that is not confirmed, if it did."""
    doubt = unconfirmed_change(interval, others)
    return f" (change on {doubt.starts_on} unconfirmed)" if doubt else ""


def _start(interval: Interval) -> str:
    return interval.valid_from.label if interval.valid_from else f"by {interval.known_by}"


def _by_publication(interval: Interval) -> str:
    return f" ({BY_ARTICLE[interval.dated_by]})" if interval.dated_by in BY_ARTICLE else ""


def _evidence(interval: Interval, facts: StateFacts, event: Callable[[str], Event]) -> Iterator[str]:
    """The first listed evidence: an event's quote with publisher, date and id, or a document with its citation."""
    for event_id in interval.evidence[:1]:
        if event_id in facts:
            yield click.style(_document(facts[event_id]), dim=True)
            continue
        try:
            mention = event(event_id).mentions[0]
        except NotFound:
            continue
        yield from _wrapped(f"“{one_line(mention.event.quote.text)}”", " " * 6)
        line = f"      {one_line(mention.publisher)}, {mention.published_on}; event {printable(event_id)}"
        yield click.style(line, dim=True)


def document_text(fact: StateFact) -> str:
    """Who issued a document, its name, date and citation."""
    date = f" ({fact.document_date.label})" if fact.document_date else ""
    citation = f"; {fact.citation}" if fact.citation else ""
    return f"{fact.publisher}, {fact.document}{date}{citation}"


def _document(fact: StateFact) -> str:
    told = one_line(f"{fact.origin}: {document_text(fact)}")
    return textwrap.fill(told, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 7)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent} ")
