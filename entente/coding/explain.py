"""The recorder of what the stages decided. Given along only when somebody asks for an explanation."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from entente.coding.date_phrases import DatePhrase
from entente.coding.findings import Finding, Reading
from entente.coding.mentions import Mention
from entente.coding.sentences import Sentence
from entente.relations.events import CodedEvent
from entente.services.articles import Coding
from entente.services.explanations import DecidedEvent, ExplainedSentence, Explanation, FoundActor


@dataclass
class _Notes:
    sentence: Sentence
    mentions: Sequence[Mention]
    passed: bool
    skipped: str
    reading: Reading | None = None
    told: list[tuple[Finding, CodedEvent, str]] = field(default_factory=list)


class Trace:
    """Collects, for each sentence of one document, what was found in it; empty where the text was not read at all."""

    def __init__(self) -> None:
        self._notes: dict[int, _Notes] = {}

    def looked_at(self, sentence: Sentence, mentions: Sequence[Mention], passed: bool, skipped: str) -> None:
        """The gate's decision on a sentence."""
        self._notes[sentence.index] = _Notes(sentence, mentions, passed, skipped)

    def read(self, sentence: Sentence, reading: Reading) -> None:
        """What the parsed sentence gave."""
        self._notes[sentence.index].reading = reading

    def told(self, sentence: Sentence, finding: Finding, event: CodedEvent, phrases: Sequence[DatePhrase]) -> None:
        """A finding that became an event, with the date phrases of its sentence."""
        self._notes[sentence.index].told.append((finding, event, _dated(sentence, event, phrases)))

    def explanation(self, coding: Coding) -> Explanation:
        """What was recorded, once the answer is known."""
        kept = {id(event) for event in coding.events}
        return Explanation(coding, tuple(_explained(notes, kept) for notes in self._notes.values()))


def _explained(notes: _Notes, kept: set[int]) -> ExplainedSentence:
    reading, sentence = notes.reading, notes.sentence
    return ExplainedSentence(
        sentence.field,
        sentence.start,
        sentence.end,
        sentence.text,
        tuple(_actor(mention) for mention in notes.mentions),
        reading is not None,
        tuple(reading.notes) if reading else (),
        tuple(
            DecidedEvent(event, finding.rule, tuple(_layers(finding)), dated, id(event) in kept)
            for finding, event, dated in notes.told
        ),
        _reason(notes),
    )


def _actor(mention: Mention) -> FoundActor:
    sector = mention.sector if mention.sector is not None else mention.senses[0].sector if mention.senses else ""
    return FoundActor(mention.start, mention.end, mention.text, sorted(mention.entities()), sector, mention.form)


def _layers(finding: Finding) -> list[str]:
    layers = [f"{cue.kind} ({cue.word})" for cue in finding.cues]
    if finding.carried:
        layers.append("parties carried over from an earlier sentence")
    if finding.fallback:
        layers.append("likeliest predicate of the two actors given")
    return layers


def _reason(notes: _Notes) -> str:
    if notes.told:
        return ""
    if notes.skipped:
        return f"not parsed: {notes.skipped}"
    if not notes.passed:
        named = sorted({entity for mention in notes.mentions for entity in mention.entities()})
        return f"not parsed: {'only one actor named' if named else 'no actor named'}"
    if notes.reading is None:
        return "not parsed: too long, or the time for one text was up"
    return "; ".join(notes.reading.notes) or "no act of the codebook found"


def _dated(sentence: Sentence, event: CodedEvent, phrases: Sequence[DatePhrase]) -> str:
    if event.dated_by == "publication":
        return "news of the day of publication"
    if event.period is None:
        return "undated: background, or no date that can be trusted"
    said = next((p for p in phrases if p.period == event.period), None)
    quoted = sentence.text[said.start - sentence.start : said.end - sentence.start] if said else "the sentence"
    return f"from “{quoted}”"
