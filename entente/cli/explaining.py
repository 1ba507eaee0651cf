"""Render a coder's explanation for `entente code --explain`: as coloured text or as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from entente.cli.documents import event_answer
from entente.cli.terminal import one_line, printable
from entente.relations.codebook import Codebook
from entente.services.explanations import DecidedEvent, ExplainedSentence, Explanation

#: Most actor pairs of a sentence that the text shows, likeliest first.
_MOST_PAIRS = 6


def as_json(explanation: Explanation, crosswalk: str, codebook: Codebook) -> list[dict[str, Any]]:
    """The sentences of an explanation as JSON objects; each event as `entente code` prints it, plus rule and date."""
    return [_sentence(sentence, crosswalk, codebook) for sentence in explanation.sentences]


def as_text(explanation: Explanation, crosswalk: str, codebook: Codebook) -> Iterator[str]:
    """The explanation as lines for a terminal; click strips the colours if standard output is not one."""
    coding = explanation.coding
    for sentence in explanation.sentences:
        yield from _lines(sentence, crosswalk, codebook)
    events = f"{len(coding.events)} {'event' if len(coding.events) == 1 else 'events'}"
    reason = f", reason: {coding.reason}" if coding.reason else ""
    yield printable(f"{events}{reason}{', truncated' if coding.truncated else ''}")


def _sentence(sentence: ExplainedSentence, crosswalk: str, codebook: Codebook) -> dict[str, Any]:
    decided = [
        {
            **event_answer(told.event, crosswalk, codebook),
            "rule": told.rule,
            "dated": told.dated,
            "kept": told.kept,
        }
        for told in sentence.events
    ]
    return {**asdict(sentence), "events": decided}


def _lines(sentence: ExplainedSentence, crosswalk: str, codebook: Codebook) -> Iterator[str]:
    yield click.style(one_line(sentence.text), bold=bool(sentence.events))
    for actor in sentence.actors:
        what = "/".join(actor.entities) + (f" {actor.sector}" if actor.sector else "")
        role = f", {actor.role} {actor.sure:.2f}" if actor.role else ""
        yield f"  {click.style(one_line(actor.text), fg='cyan')} is {printable(f'{what} ({actor.form}{role})')}"
    for pair in sentence.pairs[:_MOST_PAIRS]:
        likely = ", ".join(f"{act} {status} {chance:.2f}" for act, status, chance in pair.likely)
        line = printable(f"  {pair.source} → {pair.target}: any event {pair.told:.2f}; {likely}")
        yield click.style(line, dim=not pair.chosen)
    for told in sentence.events:
        yield from _decided(told, crosswalk, codebook)
    if sentence.reason:
        yield click.style(f"  no event: {printable(sentence.reason)}", fg="yellow")
    yield ""


def _decided(told: DecidedEvent, crosswalk: str, codebook: Codebook) -> Iterator[str]:
    event, codes = told.event, codebook.codes(told.event.act, told.event.status, crosswalk)
    colour = "red" if codes.quad in (3, 4) else "green"
    acted = click.style(printable(f"{event.source.party} {event.act} {event.target.party}"), fg=colour)
    period = f"{event.period.first} ({event.period.precision})" if event.period else "undated"
    yield f"  {acted}, {event.status}, {period}, confidence {event.confidence:.2f}"
    trigger = one_line(event.trigger.text)
    yield f"    trigger “{trigger}” by {printable(told.rule)}; {codes.root}, CAMEO {codes.cameo}"
    yield printable(f"    date: {told.dated}")
    if not told.kept:
        yield click.style("    reported elsewhere in the article: not counted again", dim=True)
