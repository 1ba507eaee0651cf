"""The pages of an event and of an article, with its text marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from flask import Response, g, request

from api.dashboard.pages import page, rendered
from api.http.clients import is_this_machine
from api.http.context import system, vocabulary
from entente.relations.events import Mention
from entente.services.articles import Article
from entente.services.errors import NotFound
from schemas.codebook import effect_shape
from schemas.events import event_shape
from schemas.reports import report_shape

#: Articles of an event that are looked up for their titles.
_TITLES = 40


@page("/events/<event_id>", embeds=True)
def event_page(event_id: str) -> Response:
    """Show an event with every report of it and what it moves."""
    event = system().events.event(event_id)
    effects = system().codebook.effects(event.act, event.status)
    return rendered(
        "event.html",
        event=event_shape(event, vocabulary()),
        act=system().codebook.act(event.act),
        effects=[effect_shape(effect) for effect in effects] if event.between_states else [],
        articles=_titles(event.mentions),
    )


@page("/articles/<article_id>")
def article_page(article_id: str) -> Response:
    """Show an article with what was read in it, and what it changed.

    A text belongs to its publisher, and the API gives only its quotes. Whoever keeps the ledger reads all of it: with a
    key, or on this machine.
    """
    try:
        report = system().lookups.article(str(UUID(article_id)))
    except ValueError:
        raise NotFound("article", article_id) from None
    article, mentions = report.article, report.mentions
    whole = "key" in g or is_this_machine(request.environ)
    text = marked(article.text or "", "text", mentions)
    return rendered(
        "article.html",
        article=article,
        report=report_shape(report, vocabulary()),
        title=marked(article.title or "", "title", mentions),
        text=text if whole else quoted(text),
        whole=whole,
    )


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a text, with the kinds of mark on them: quote, trigger, party."""

    text: str
    marks: tuple[str, ...]


#: Stands for words that are not shown.
_LEFT_OUT = Stretch(" … ", ())


def marked(text: str, field: str, mentions: Iterable[Mention]) -> Sequence[Stretch]:
    """A text cut where marks begin and end."""
    spans = [span for mention in mentions for span in _spans(mention, text, field)]
    cuts = sorted({0, len(text), *(place for start, end, _ in spans for place in (start, end))})
    found = []
    for start, end in pairwise(cuts):
        marks = {kind for first, last, kind in spans if first <= start and end <= last}
        found.append(Stretch(text[start:end], tuple(sorted(marks))))
    return found


def quoted(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The stretches of quotes alone, with an ellipsis for whatever stands between, before or behind them."""
    found: list[Stretch] = []
    for stretch in stretches:
        if "quote" in stretch.marks:
            found.append(stretch)
        elif stretch.text.strip() and (not found or found[-1] != _LEFT_OUT):
            found.append(_LEFT_OUT)
    return found


def _spans(mention: Mention, text: str, field: str) -> Iterable[tuple[int, int, str]]:
    said = mention.event
    for kind, span in (("quote", said.quote), ("trigger", said.trigger)):
        if span.field == field and 0 <= span.start < span.end <= len(text):
            yield span.start, span.end, kind
    quote = said.quote
    for actor in (said.source, said.target):
        # Where a party stands is not stored: its words are looked for in the quote.
        at = text.find(actor.text, quote.start, quote.end) if actor.text and quote.field == field else -1
        if at >= 0:
            yield at, at + len(actor.text), "party"


def _titles(mentions: Sequence[Mention]) -> Mapping[str, Article]:
    ids = list(dict.fromkeys(mention.article_id for mention in mentions))[:_TITLES]
    return system().lookups.articles(ids)
