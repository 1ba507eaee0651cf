"""From what was read to coded events: dates, identities on that day, items, and one event for what is told twice."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from entente.coding.actors.mentions import ActorMention
from entente.coding.calibration import Calibrations
from entente.coding.dates.coming import coming
from entente.coding.dates.phrases import dated
from entente.coding.found import FoundInText
from entente.coding.items import OTHER, Items
from entente.coding.reader.choices import Choice
from entente.coding.reader.reader import PUBLICATION, NamedParty, ReadEvent
from entente.coding.rivals import rivals
from entente.coding.text.sentences import Sentence
from entente.coding.weighing import Weighing
from entente.coding.wordings import Wordings
from entente.relations.dyads import Dyad
from entente.relations.events import OPPOSED_SECTORS, STATE_SECTORS, Actor, CodedEvent, Span
from entente.relations.periods import Period
from entente.services.articles import Document

#: A headline tells in the present tense what the text dates this many days back, at most.
HEADLINE_DAYS = 45

#: Statuses of acts that lie ahead, whose weekday or month is the coming one.
_AHEAD = frozenset({"announced", "agreed", "requested", "threatened"})

#: Statuses of acts that have happened, if at all, by the day of publication.
_HAPPENED = frozenset({"effective", "ongoing", "alleged"})


class Events:
    """Makes coded events of what the reader read."""

    def __init__(
        self,
        wordings: Wordings,
        items: Items,
        calibrations: Calibrations,
        weighing: Weighing,
        movers: Collection[str],
        mutual: Collection[str],
        of_anyone: Collection[str],
    ) -> None:
        """`movers`: acts that move a facet if they are told as done; `mutual`: acts that run both ways; `of_anyone`:
        acts that are on a country whatever firm or person of it they name.
        """
        self._wordings = wordings
        self._items = items
        self.calibrations = calibrations
        self.weighing = weighing
        self._movers = movers
        self._mutual = mutual
        self._of_anyone = of_anyone

    def of(self, read: Iterable[ReadEvent], found: FoundInText) -> list[tuple[ReadEvent, CodedEvent | None]]:
        """Each event read, coded; None where both parties are one on that day, or one is a private person.

        What a question asks about is left out, and an event whose words tell another act stands as they tell it.
        An event that a likelier one leaves no room for is no surer than that this one is wrong.
        """
        events = [
            event
            for (line, *_), alike in groupby(read, key=lambda one: (one.line, one.source, one.target))
            for told in self._wordings.told_apart(list(alike), found.sentences[line].text)
            if (event := self._wordings.corrected(told, found.sentences[line].text)) is not None
        ]
        events += [
            stage for line in sorted({event.line for event in events}) for stage in self._stages(line, events, found)
        ]
        coded = [self._coded(event, found) for event in events]
        lines = [
            (sentence.text, [(name.start, name.end) for name in names])
            for sentence, names in zip(found.sentences, found.mentions, strict=True)
        ]
        # What no evidence makes surer.
        most = {place: event.confidence for place, event in enumerate(coded) if event and events[place].choice.unsure}
        for place, likelier in rivals(events, lines, self._mutual):
            mine, theirs = coded[place], coded[likelier]
            if mine is not None and theirs is not None:
                left = round(1 - self._confidence(events[likelier].choice), 4)
                most[place] = min(mine.confidence, left)
                coded[place] = replace(mine, confidence=most[place])
        named = self._named_items(coded, events, found)
        whole = [
            event if event is None or event.context else self._with_item(event, told, found, named)
            for told, event in zip(events, coded, strict=True)
        ]
        summed_up = self._summed_up(whole, found)
        for place, unnamed in enumerate(whole):
            if unnamed is not None and not unnamed.context and unnamed.act in summed_up:
                most[place] = min(unnamed.confidence, _UNNAMED)
                whole[place] = replace(unnamed, confidence=most[place])
        told = list(zip(events, whole, strict=True))
        weighed = self.weighing.weighed(told, found, self._movers, self._items.nouned)
        for place, sure in most.items():
            limited = weighed[place]
            if limited is not None and limited.confidence > sure:
                weighed[place] = replace(limited, confidence=sure)
        return list(zip(events, weighed, strict=True))

    def _stages(self, line: int, events: Sequence[ReadEvent], found: FoundInText) -> Iterator[ReadEvent]:
        sentence, told = found.sentences[line], [event for event in events if event.line == line]
        stages, dates = self._wordings.stages, found.dates[line]
        yield from stages.beside(told, sentence.text, found.mentions[line], dates, sentence.start)
        yield from stages.after(told, sentence.text, dates, sentence.start)

    def _summed_up(self, coded: Sequence[CodedEvent | None], found: FoundInText) -> Collection[str]:
        """The acts on measures or aid that are told without a name in a text that names some: they are on those."""
        unnamed = {event.act for event in coded if event is not None and not event.context} & self._items.summing_up
        return {act for act in unnamed if any(self._items.are_named(act, line.text) for line in found.sentences)}

    def _named_items(
        self, coded: Sequence[CodedEvent | None], read: Sequence[ReadEvent], found: FoundInText
    ) -> dict[tuple[Dyad, str], set[str]]:
        """The items of each dyad and key ("treaty"), of events that are likelier right than not.

        What has words of its own and no item counts as `other`: a text may tell of two treaties.
        """
        named: dict[tuple[Dyad, str], set[str]] = {}
        for event, told in zip(coded, read, strict=True):
            if event is None or event.confidence <= _LIKELY:
                continue
            items: Collection[str] = event.context or self._items.other(
                event.act, found.sentences[told.line].text, *told.trigger
            )
            for item in items:
                named.setdefault((event.dyad, item.partition(":")[0]), set()).add(item)
        return named

    def _with_item(
        self, event: CodedEvent, told: ReadEvent, found: FoundInText, named: Mapping[tuple[Dyad, str], set[str]]
    ) -> CodedEvent:
        """An event that names no item with that of which it is told.

        An act on a treaty that is told as known is on the only one that the text names of its dyad. Otherwise it is on
        the last one named before, in a sentence that names both parties; "a similar one" on whatever that is of.
        What has words of its own and no item is `other`, so that it ends no other treaty.
        """
        start, end = told.trigger
        named_as, at = self._items.reference(event.act, found.sentences[told.line].text, start, end)
        carried = event.act in self._items.carried
        if found.sentences[told.line].field == "title" and event.act in self._items.nouned:
            # A headline leaves out what a treaty is on.
            whole = named.get((event.dyad, self._items.nouned[event.act]), set()) - {
                f"{self._items.nouned[event.act]}:{OTHER}"
            }
            if len(whole) == 1:
                return replace(event, context=tuple(whole))
        if named_as == "own" or not (carried or named_as):
            key = self._items.carried.get(event.act, "")
            return replace(event, context=(f"{key}:{OTHER}",)) if key else event
        items = named.get((event.dyad, self._items.nouned[event.act]), ()) if carried or named_as == "known" else ()
        if len(items) == 1:
            return replace(event, context=tuple(items))
        parties = {event.source.entity, event.target.entity}
        before: int | None = at
        for line in range(told.line, max(-1, told.line - _SENTENCES_BACK - 1), -1):
            if named_as == "like" or line == told.line or parties <= _entities(found.mentions[line]):
                last = self._items.last_named(event.act, found.sentences[line].text, before)
                if last is not None:
                    return replace(event, context=last)
            before = None
        return event

    def _confidence(self, choice: Choice) -> float:
        return self.calibrations.read(choice.likelihood, choice.act in self._movers, choice.status, choice.further)

    def _coded(self, event: ReadEvent, found: FoundInText) -> CodedEvent | None:
        if event.source.party.private or event.target.party.private:
            return None
        period, dated_by = _when(event, found)
        day = (period.first if period else None) or found.document.published_on
        source, target = (_actor(party, found, day) for party in (event.source, event.target))
        if source.entity == target.entity:
            return None
        if event.choice.act in self._of_anyone and target.sector not in OPPOSED_SECTORS | STATE_SECTORS:
            target = replace(target, sector="")
        sentence = found.sentences[event.line]
        begin, end = event.trigger
        words = sentence.text
        return CodedEvent(
            source, target, event.choice.act, event.choice.status, period, dated_by,
            self._confidence(event.choice),
            _span(sentence, sentence.start, sentence.end, found.document),
            _span(sentence, sentence.start + begin, sentence.start + end, found.document),
            self._items.of(event.choice.act, words, begin, end),
        )  # fmt: skip


#: Sentences before that of an act in which what it is told of is looked for.
_SENTENCES_BACK = 3

#: Confidence above which what an event names counts for others.
_LIKELY = 0.5

#: Confidence at most of measures without a name in a text that names some: below every floor.
_UNNAMED = 0.45


def _entities(mentions: Sequence[ActorMention]) -> set[str]:
    return {entity for mention in mentions for entity in mention.entities()}


def distinct(events: Sequence[CodedEvent]) -> Iterator[CodedEvent]:
    """Each event once: the same parties, act and status, on dates that don't contradict each other.

    A sentence of the text is quoted rather than the headline; the event is as sure as its surest telling.
    """
    kept: dict[tuple[str, str, str, str], list[CodedEvent]] = {}
    for event in sorted(events, key=_best_told):
        alike = kept.setdefault((event.source.party, event.target.party, event.act, event.status), [])
        at = next((i for i, other in enumerate(alike) if _same(event, other)), None)
        if at is None:
            alike.append(event)
        elif alike[at].confidence < event.confidence:
            alike[at] = replace(alike[at], confidence=event.confidence)
    single = [event for alike in kept.values() for event in alike]
    yield from sorted(single, key=lambda e: (e.quote.field != "title", e.quote.start, e.trigger.start))


def _best_told(event: CodedEvent) -> tuple[bool, bool, bool, float]:
    return event.dated_by != "text", event.period is None, event.quote.field == "title", -event.confidence


def _when(event: ReadEvent, found: FoundInText) -> tuple[Period | None, str]:
    """The period of an event and where it comes from: text, publication or none."""
    today = found.written_on
    if isinstance(event.dated, str):
        if event.dated == PUBLICATION and today is not None and not _only_unread(event.line, found):
            return Period.day(today), "publication"
        return None, "none"
    line, number = event.dated
    phrase = found.dates[line][number]
    period = phrase.period
    if event.line == line:
        period = dated(phrase, found.sentences[line].text, found.sentences[line].start, event.trigger[0])
        if phrase.clause and today is not None and period == Period.day(today):
            return period, "publication"
    if period is None:
        return None, "none"
    if event.choice.status in _AHEAD and today is not None:
        sentence = found.sentences[line]
        return coming(period, sentence.text[phrase.start - sentence.start :], today), "text"
    published = found.document.published_on
    if event.choice.status in _HAPPENED and published is not None and period.first > published:
        # What has happened did so by then: the date is another act's, or misread.
        return None, "none"
    return period, "text"


def _only_unread(line: int, found: FoundInText) -> bool:
    """Whether the sentence has written dates, none of which tells a day of our calendar: "on 12 Ramadan 1446"."""
    dates, text, start = found.dates[line], found.sentences[line].text, found.sentences[line].start
    unread = [p for p in dates if p.period is None and any(c.isdigit() for c in text[p.start - start : p.end - start])]
    return bool(unread) and len(unread) == len(dates)


def _actor(party: NamedParty, found: FoundInText, day: date | None) -> Actor:
    """The actor as of a day: a name's reading on that day, or the entity that an unnamed mention stands for."""
    sentence = found.sentences[party.line]
    if party.name is not None:
        return found.mentions[party.line][party.name].actor_on(day)
    return Actor(party.party.entity, "", sentence.text[party.start : party.end])


def _span(sentence: Sentence, start: int, end: int, document: Document) -> Span:
    text = document.text if sentence.field == "text" else document.title or ""
    return Span(sentence.field, start, end, text[start:end])


def _same(event: CodedEvent, other: CodedEvent) -> bool:
    """Whether two reports of one act between the same parties can be of one event."""
    if event.period is None or other.period is None or event.period == other.period:
        return True
    if event.period.within(other.period) or other.period.within(event.period):
        return True
    reach = HEADLINE_DAYS if event.quote.field == "title" else 3
    return event.dated_by == "publication" and 0 <= (event.period.first - other.period.first).days <= reach
