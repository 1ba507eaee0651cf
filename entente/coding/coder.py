"""The coder: an article's text in, its dated and directed events out. The way through the stages, one a line."""

import tomllib
from bisect import bisect_right
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

from entente.coding.actors.appositions import confirmed
from entente.coding.actors.finding import MAX_MENTIONS, ActorFinder, given
from entente.coding.actors.mentions import ActorMention
from entente.coding.calibration import Calibrations
from entente.coding.dates.datelines import day_in_full, written_on
from entente.coding.dates.phrases import DatePhrase
from entente.coding.dates.sequence import dates_of
from entente.coding.events import Events, distinct
from entente.coding.explain import explanation
from entente.coding.found import FoundInText
from entente.coding.items import Items
from entente.coding.reader.choices import Thresholds
from entente.coding.reader.model import BUNDLED, Model
from entente.coding.reader.pieces import WordPieces
from entente.coding.reader.reader import Reader, ReadEvent, Reading
from entente.coding.reader.windows import Line, Named
from entente.coding.text import cleaning, sentences
from entente.coding.text.language import is_english
from entente.coding.text.notices import Notices
from entente.coding.text.sentences import Sentence
from entente.coding.weighing import Weighing
from entente.coding.wordings import Wordings
from entente.relations.events import CodedEvent
from entente.services.articles import Coding, Document
from entente.services.explanations import Explanation

#: What changes the events of a text changes this; the ledger keeps it with each mention.
VERSION = "2026.24"

#: Bounds on one text (docs/coder.md): sentences looked at, characters read, seconds after which no more is read.
MAX_SENTENCES = 1500
MAX_CHARACTERS = 1_000_000
MAX_SECONDS = 6.0

#: Characters of a title that are read.
MAX_TITLE = 2000


class BadDecisions(Exception):
    """decisions.toml beside the weights is no TOML, or of another version; the message names file and fault."""


class EnglishCoder:
    """Fulfils services.ports.Coder for English. Not thread-safe: one a process. Loading takes a second."""

    def __init__(
        self,
        seeds: Path,
        effects: Mapping[str, Hashable],
        mutual: Collection[str],
        of_anyone: Collection[str],
        weights: Path | None = None,
    ) -> None:
        """`seeds`: the seeds directory; `effects`: what each act that moves a facet does to it; `mutual`: acts that run
        both ways; `of_anyone`: acts that are on a country whatever firm or person of it they name; `weights`: another
        directory of the reader than the bundled one. Raises BadDecisions.
        """
        self.version = VERSION
        weights = weights or BUNDLED
        self._finder = ActorFinder.load(seeds)
        self._notices = Notices.load(seeds)
        items = Items.load(seeds / "coder" / "items.toml")
        wordings = Wordings.load(seeds / "coder" / "wordings.toml", items.clauses)
        decisions = weights / "decisions.toml"
        try:
            table = tomllib.loads(decisions.read_text(encoding="utf-8"))
            thresholds = Thresholds.of(table, effects, wordings.kinds)
            calibrations = Calibrations.of(table.get("calibration", {}))
            weighing = Weighing.of(table.get("weighing", {}))
        except ValueError as error:
            raise BadDecisions(f"{decisions}: {error}") from error
        self.reader = Reader(Model(weights), WordPieces(weights / "vocabulary.txt"), thresholds, frozenset(mutual))
        self.events = Events(wordings, items, calibrations, weighing, effects.keys(), frozenset(mutual), of_anyone)

    def code(self, document: Document) -> Coding:
        """The events of a document. Never raises on a text."""
        return self._code(document, False)[0]

    def explain(self, document: Document) -> Explanation:
        """The same events, and how each sentence came to them or to none."""
        coding, told, reading, coded = self._code(document, True)
        return explanation(coding, told, reading, coded)

    def _code(
        self, document: Document, explain: bool
    ) -> tuple[Coding, FoundInText, Reading, Sequence[tuple[ReadEvent, CodedEvent | None]]]:
        started = monotonic()
        text = cleaning.blank_markup(document.text[:MAX_CHARACTERS])
        if document.actors is None and not is_english(text):
            return Coding("und", self.version, (), "language"), FoundInText(document, (), (), ()), Reading(), ()
        document = _dated(document, text)
        told, truncated = self._told(document, text, started + MAX_SECONDS / 2)
        if told.sentences and len(told.unread) == len(told.sentences):
            return Coding("en", self.version, (), "notice", truncated), told, Reading(), ()
        if len({entity for mentions in told.mentions for m in mentions for entity in m.entities()}) < 2:
            return Coding("en", self.version, (), "no_actors", truncated), told, Reading(), ()
        reading = self.reader.read(_lines(told), started + MAX_SECONDS, document.actors is not None, explain)
        coded = self.events.of(reading.events, told)
        events = tuple(distinct([event for _, event in coded if event is not None]))
        if document.is_receipt:
            events = _by_receipt(events, told)
        reason = None if events else "no_events"
        return Coding("en", self.version, events, reason, truncated or reading.truncated), told, reading, coded

    def _told(self, document: Document, text: str, until: float) -> tuple[FoundInText, bool]:
        """The sentences with their mentions and dates, and whether some were left out; `until`: of time.monotonic()."""
        found: list[Sentence] = []
        truncated = len(document.text) > MAX_CHARACTERS
        for sentence in _sentences(document, text):
            if len(found) >= MAX_SENTENCES:
                truncated = True
                break
            found.append(sentence)
        unread = self._unread(found) if document.actors is None else {}
        spans = None if document.actors is None else _by_sentence(given(document.text, document.actors), found)
        mentions: list[Sequence[ActorMention]] = []
        dates: list[Sequence[DatePhrase]] = []
        today = document.published_on and written_on(document.published_on, text)
        for number, dated in enumerate(dates_of(found, today)):
            here: Sequence[ActorMention] = []
            if number not in unread:
                here = self._finder.find(found[number].text) if spans is None else spans[number]
            mentions.append(here if len(here) <= MAX_MENTIONS else [])
            dates.append([] if number in unread else dated)
            if monotonic() > until:
                break
        truncated = truncated or len(dates) < len(found)
        found = found[: len(dates)]
        named = confirmed([sentence.text for sentence in found], mentions)
        unread = {number: rule for number, rule in unread.items() if number < len(found)}
        return FoundInText(document, found, named, dates, today, unread), truncated

    def _unread(self, found: Sequence[Sentence]) -> dict[int, str]:
        """The sentences that are notes of editors, with the rule of each: all of a text that takes itself back."""
        rules = self._notices.find((sentence.field, sentence.text) for sentence in found)
        withdrawn = next((rule for rule in rules if rule and rule.scope == "text"), None)
        if withdrawn:
            return dict.fromkeys(range(len(found)), withdrawn.name)
        return {number: rule.name for number, rule in enumerate(rules) if rule}


def _dated(document: Document, text: str) -> Document:
    """The document with the day of its dateline, if its day of publication is unknown and the dateline gives one."""
    if document.published_on is not None and not document.is_receipt:
        return document
    day = day_in_full(text, document.published_on)
    return replace(document, published_on=day, is_receipt=False) if day else document


def _by_receipt(events: Sequence[CodedEvent], told: FoundInText) -> tuple[CodedEvent, ...]:
    """Events of an article of unknown day: those whose date counts from its receipt ("on Tuesday") are marked so."""
    in_full = {phrase.period for line in dates_of(told.sentences, None) for phrase in line}
    return tuple(
        event if event.period is None or event.period in in_full else replace(event, dated_by="receipt")
        for event in events
    )


def _by_sentence(spans: Sequence[ActorMention], sentences: Sequence[Sentence]) -> list[list[ActorMention]]:
    """The caller's spans as offsets into the sentence that each begins in, cut where that ends."""
    found: list[list[ActorMention]] = [[] for _ in sentences]
    starts = [sentence.start for sentence in sentences]
    for span in spans:
        number = bisect_right(starts, span.start) - 1
        if number >= 0 and span.start < sentences[number].end:
            sentence = sentences[number]
            end = min(span.end, sentence.end)
            inside = replace(span, end=end, text=sentence.text[span.start - sentence.start : end - sentence.start])
            found[number].append(inside.moved(sentence.start))
    return found


def _lines(told: FoundInText) -> list[Line]:
    day = told.document.published_on
    return [
        Line(
            # A note has no words for the reader, or it would find parties in it that no table names.
            "" if number in told.unread else sentence.text,
            [Named(m.start, m.end, m.sense_on(day).entity) for m in mentions],
            [(phrase.start - sentence.start, phrase.end - sentence.start) for phrase in phrases],
            sentence.field == "title",
        )
        for number, (sentence, mentions, phrases) in enumerate(
            zip(told.sentences, told.mentions, told.dates, strict=True)
        )
    ]


def _sentences(document: Document, text: str) -> Iterator[Sentence]:
    if document.title and document.actors is None:
        title = cleaning.blank_markup(document.title[:MAX_TITLE])
        for start, end in sentences.split(title, 0, len(title)):
            yield Sentence("title", start, end, title[start:end])
    paragraphs = [(0, len(text))] if document.actors is not None else cleaning.story(text, document.title)
    for number, (begin, finish) in enumerate(paragraphs):
        for start, end in sentences.split(text, begin, finish):
            yield Sentence("text", start, end, text[start:end], number)
