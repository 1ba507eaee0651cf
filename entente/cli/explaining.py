"""`entente code --explain`: how the coder came to its answer, as coloured text for a terminal or as JSON."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from entente.cli.documents import event_answer
from entente.relations.codebook import Codebook
from entente.services.explanations import DecidedEvent, ExplainedSentence, Explanation


def as_json(explanation: Explanation, crosswalk: str, codebook: Codebook) -> list[dict[str, Any]]:
    """The sentences of an explanation; each event as `entente code` answers it, with its rule, layers and date."""
    return [_sentence(sentence, crosswalk, codebook) for sentence in explanation.sentences]


def as_text(explanation: Explanation, crosswalk: str, codebook: Codebook) -> Iterator[str]:
    """Lines for a terminal; click takes the colours out where standard output is none."""
    coding = explanation.coding
    for sentence in explanation.sentences:
        yield from _lines(sentence, crosswalk, codebook)
    events = f"{len(coding.events)} {'event' if len(coding.events) == 1 else 'events'}"
    yield f"{events}{f', reason: {coding.reason}' if coding.reason else ''}{', truncated' if coding.truncated else ''}"


def _sentence(sentence: ExplainedSentence, crosswalk: str, codebook: Codebook) -> dict[str, Any]:
    decided = [
        {
            **event_answer(told.event, crosswalk, codebook),
            "rule": told.rule,
            "layers": list(told.layers),
            "dated": told.dated,
            "kept": told.kept,
        }
        for told in sentence.events
    ]
    return {**asdict(sentence), "events": decided}


def _lines(sentence: ExplainedSentence, crosswalk: str, codebook: Codebook) -> Iterator[str]:
    yield click.style(sentence.text.replace("\n", " "), bold=bool(sentence.events))
    for actor in sentence.actors:
        what = "/".join(actor.entities) + (f" {actor.sector}" if actor.sector else "")
        yield f"  {click.style(actor.text, fg='cyan')} is {what} ({actor.form})"
    for note in sentence.notes if sentence.events else ():
        yield click.style(f"  {note}", dim=True)
    for told in sentence.events:
        yield from _decided(told, crosswalk, codebook)
    if sentence.reason:
        yield click.style(f"  no event: {sentence.reason}", fg="yellow")
    yield ""


def _decided(told: DecidedEvent, crosswalk: str, codebook: Codebook) -> Iterator[str]:
    event, codes = told.event, codebook.codes(told.event.act, told.event.status, crosswalk)
    colour = "red" if codes.quad in (3, 4) else "green"
    acted = click.style(f"{event.source.party} {event.act} {event.target.party}", fg=colour)
    period = f"{event.period.first} ({event.period.precision})" if event.period else "undated"
    yield f"  {acted}, {event.status}, {period}, confidence {event.confidence:.2f}"
    yield f"    trigger “{event.trigger.text}” by {told.rule}; {codes.root}, CAMEO {codes.cameo}"
    yield f"    layers: {', '.join(told.layers) or 'none, said as a fact'}; date: {told.dated}"
    if not told.kept:
        yield click.style("    told elsewhere in the article: not counted again", dim=True)
