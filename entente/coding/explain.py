"""Explaining a coding: who was seen in each sentence, which pairs were looked at, and what was told of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from entente.coding.found import FoundInText
from entente.coding.reader.pairs import Party
from entente.coding.reader.reader import ReadEvent, Reading
from entente.coding.reader.spans import Seen
from entente.relations.events import CodedEvent
from entente.services.articles import Coding
from entente.services.explanations import DecidedEvent, ExplainedPair, ExplainedSentence, Explanation, FoundActor


def explanation(
    coding: Coding, told: FoundInText, reading: Reading, coded: Sequence[tuple[ReadEvent, CodedEvent | None]]
) -> Explanation:
    """How every sentence came to its events, or why to none."""
    events: dict[int, list[DecidedEvent]] = defaultdict(list)
    private: set[int] = set()
    kept = {replace(event, confidence=0.0) for event in coding.events}
    for read, event in coded:
        if event is None:
            private.add(read.line)
            continue
        dated = read.dated if isinstance(read.dated, str) else _words(told, *read.dated)
        rule = read.choice.rule or ("the reader, asked what else is told" if read.choice.further else "the reader")
        events[read.line].append(DecidedEvent(event, rule, dated, replace(event, confidence=0.0) in kept))
    asked = {read.line for read in reading.events} - {read.line for read, _ in coded}
    pairs: dict[int, list[ExplainedPair]] = defaultdict(list)
    for looked in reading.pairs:
        pairs[looked.line].append(
            ExplainedPair(_name(looked.source), _name(looked.target), looked.told, looked.likely, looked.chosen)
        )
    sentences = []
    for number, sentence in enumerate(told.sentences):
        seen = reading.seen.get(number)
        actors = _seen(told, number, seen) if seen is not None else _named(told, number)
        own = sorted(pairs[number], key=lambda p: -p.told)
        reason = "" if events[number] else _reason(actors, own, number in private, coding, seen is not None)
        if number in asked:
            reason = "a question, or words that tell of nothing done (seeds/coder/wordings.toml)"
        if number in told.unread:
            reason = f"a note of the editors, which is not read ({told.unread[number]})"
        sentences.append(
            ExplainedSentence(
                sentence.field, sentence.start, sentence.end, sentence.text, actors, own, events[number], reason
            )
        )  # fmt: skip
    return Explanation(coding, sentences)


def _name(party: Party) -> str:
    return f"{party.entity}/PRIV" if party.private else party.entity


_NOT_SO = {"negated": "not having happened", "hypothetical": "a mere possibility"}


def _reason(
    actors: Sequence[FoundActor], pairs: Sequence[ExplainedPair], private: bool, coding: Coding, read: bool
) -> str:
    if coding.reason == "language":
        return "the text is not English"
    if private:
        return "private persons only, or both parties are one"
    if not read and not actors:
        return "nobody is named"
    if not read:
        return "fewer than two actors around it, or the text was too long"
    if not any(actor.role in ("party", "private") for actor in actors) and not pairs:
        return "no party: " + (", ".join(f"{a.text} is a {a.role}" for a in actors) or "nobody is named")
    if not pairs:
        return "fewer than two parties, or nothing told between any two"
    best = pairs[0]
    act, status, _ = best.likely[0]
    if status in _NOT_SO:
        return f"{best.source} {act} {best.target} is told as {_NOT_SO[status]}"
    return f"below the threshold: {best.source} and {best.target}, {best.told:.2f}"


def _seen(told: FoundInText, number: int, seen: Sequence[Seen]) -> list[FoundActor]:
    sentence = told.sentences[number]
    found = []
    for mention in sorted(seen, key=lambda m: m.start):
        words = sentence.text[mention.start : mention.end]
        sector, form = "", "unnamed"
        if mention.name is not None:
            named = told.mentions[number][mention.name]
            sector, form = named.sector or "", named.form
        start = sentence.start + mention.start
        found.append(
            FoundActor(start, start + len(words), words, mention.entities, sector, form, mention.role, mention.sure)
        )
    return found


def _named(told: FoundInText, number: int) -> list[FoundActor]:
    start = told.sentences[number].start
    return [
        FoundActor(start + m.start, start + m.end, m.text, sorted(m.entities()), m.sector or "", m.form, "", 0.0)
        for m in told.mentions[number]
    ]


def _words(told: FoundInText, line: int, number: int) -> str:
    sentence, phrase = told.sentences[line], told.dates[line][number]
    return f"“{sentence.text[phrase.start - sentence.start : phrase.end - sentence.start]}”"
