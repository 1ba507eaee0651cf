"""The reader: who does what to whom in the sentences of a text, as the trained network reads it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

import numpy as np

from entente.coding.dates.owners import is_near, is_of_another
from entente.coding.reader.choices import Choice, Thresholds, answer_every, choose, choose_further
from entente.coding.reader.excerpts import excerpt_of
from entente.coding.reader.model import Floats, Model, PairAnswers
from entente.coding.reader.pairs import Mentioned, Pairs, Party, Place, pairs_of
from entente.coding.reader.pieces import WordPieces
from entente.coding.reader.spans import Seen, averages, parties_of, seen_in
from entente.coding.reader.windows import Line, Window, windows

#: Where the date of an event comes from, if not from one of the date phrases.
PUBLICATION, UNDATED = "publication", "none"


@dataclass(frozen=True, slots=True)
class NamedParty:
    """A party as an event names it: its mention is a name of a line, or the code points [start, end) of it."""

    party: Party
    line: int
    name: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """An event as the text tells it. Offsets are code points of the line; `dated` is a line and one of its dates."""

    line: int
    source: NamedParty
    target: NamedParty
    choice: Choice
    trigger: tuple[int, int]
    dated: tuple[int, int] | str


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A pair that was looked at in a line, with the chance that something is told and the likeliest acts and stages."""

    line: int
    source: Party
    target: Party
    told: float
    likely: Sequence[tuple[str, str, float]]
    chosen: bool


@dataclass
class Reading:
    """What was read: events, and for `explain` the mentions of each line and the pairs that were looked at."""

    events: list[ReadEvent] = field(default_factory=list)
    seen: dict[int, list[Seen]] = field(default_factory=dict)
    pairs: list[LookedAt] = field(default_factory=list)
    truncated: bool = False


class Reader:
    """Reads lines. Not thread-safe: one a process."""

    def __init__(self, model: Model, splitter: WordPieces, thresholds: Thresholds, mutual: frozenset[str]) -> None:
        """`thresholds`: how sure a pair and an act must be, `mutual`: acts that run both ways. Both may be
        changed between two texts.
        """
        self._model = model
        self._splitter = splitter
        self.thresholds = thresholds
        self.mutual = mutual

    def read(self, lines: Sequence[Line], deadline: float, given: bool = False, explain: bool = False) -> Reading:
        """The events of a text's lines. `deadline`: of time.monotonic(), after which no window is begun.

        `given`: the names are the caller's, each a party; of two only, he asks what happens between them.
        """
        reading = Reading()
        asked = given and len({name.entity for line in lines for name in line.names}) == 2
        for window in windows(lines, self._splitter):
            if len(window.entities) < 2:
                continue
            if monotonic() > deadline:
                reading.truncated = True
                break
            self._read(window, lines, reading, given, asked, explain)
        if asked:
            reading.events = _without_needless_guesses(reading.events)
        return reading

    def _read(
        self, window: Window, lines: Sequence[Line], reading: Reading, given: bool, asked: bool, explain: bool
    ) -> None:
        states, tags = self._model.encode(window.ids, window.marks)
        seen = seen_in(window, lines, states, tags, self._model, given)
        if explain:
            for mention in seen:
                line = window.lines[mention.line]
                if not line.repeated:
                    reading.seen.setdefault(line.number, []).append(mention)
        # A line of marks that no piece stands for tells nothing.
        own = [line.number for line in window.lines if not line.repeated and line.pieces]
        parties = parties_of(window, seen)
        found = pairs_of(own, parties)
        if not found.rows:
            return
        inside = _lines(window, len(states))
        answers = self._model.pairs(
            states,
            averages([[(m.first, m.last) for m in place.mentions] for place in found.places], len(states)),
            np.array([place.reach for place in found.places]),
            np.array(found.rows),
            inside[[_here(window, found.names(row)[0]) for row in range(len(found.rows))]],
        )
        answers = self._from_both_sides(found, self._reread(window, found, parties, answers, asked))
        labels, thresholds = self._model.labels, self.thresholds
        if asked:
            choices = answer_every(answers, labels, thresholds, range(len(found.rows)))
        else:
            choices = choose(answers, labels, thresholds)
        if explain:
            reading.pairs.extend(self._looked_at(found, answers, choices))
        if choices:
            made = _Made(window, lines, states, seen, found, answers, inside)
            events = list(self._events(made, choices))
            if not asked:
                events = list(self._both_ways([*events, *self._further(made, parties, events)]))
            reading.events.extend(events)

    def _reread(
        self,
        window: Window,
        found: Pairs,
        parties: Mapping[Party, Sequence[Mentioned]],
        answers: PairAnswers,
        asked: bool,
    ) -> PairAnswers:
        """The answers, with the pairs that may tell something read again, each by itself."""
        thresholds, told = self.thresholds, 1 - answers.chances[:, 0]
        likely = np.argsort(-told).tolist()[: thresholds.most_reread]
        rows = [row for row in likely if asked or told[row] >= thresholds.reread]
        if not rows or not thresholds.share:
            return answers
        seats = [[found.places[place] for place in found.rows[row]] for row in rows]
        pairs = [excerpt_of(window, source.line, source, target, parties) for (source, target) in seats]
        reach = np.array([[source.reach, target.reach] for source, target in seats])
        return answers.with_reread(self._model.reread(pairs, reach), rows, thresholds.share)

    def _from_both_sides(self, found: Pairs, answers: PairAnswers) -> PairAnswers:
        """The answers; an act that runs both ways is as sure as from its less sure side."""
        rows = {found.names(row): row for row in range(len(found.rows))}
        others = [rows.get((line, target, source), row) for (line, source, target), row in rows.items()]
        acts = [i for i, act in enumerate(self._model.labels.acts) if act in self.mutual]
        return answers.as_sure_as(others, acts)

    def _further(
        self, made: "_Made", parties: Mapping[Party, Sequence[Mentioned]], events: Sequence[ReadEvent]
    ) -> Iterator[ReadEvent]:
        """One more act of the pairs that may do several: each is read again with the words of the known act marked."""
        limits = self.thresholds.further
        if limits is None:
            return
        known = {event.choice.row: event for event in events}
        likely = [
            row for row, event in known.items() if made.answers.left(row, event.choice.number) >= self.thresholds.left
        ]
        rows = likely[: self.thresholds.most_reread]
        if not rows:
            return
        seats = [[made.found.places[place] for place in made.found.rows[row]] for row in rows]
        excerpts = [
            excerpt_of(made.window, source.line, source, target, parties, [made.pieces(known[row])])
            for row, (source, target) in zip(rows, seats, strict=True)
        ]
        answers = self._model.reread(excerpts, np.array([[source.reach, target.reach] for source, target in seats]))
        choices = choose_further(answers, self._model.labels, limits, [known[row].choice for row in rows])
        for event in self._events(made, [replace(choice, row=rows[choice.row]) for choice in choices]):
            # Words that tell one act already are none of another.
            if event.trigger != known[event.choice.row].trigger:
                yield event

    def _events(self, made: "_Made", choices: Sequence[Choice]) -> Iterator[ReadEvent]:
        window, lines, states, seen, found = made.window, made.lines, made.states, made.seen, made.found
        z, inside = made.answers.z, made.inside
        if not choices:
            return
        dates = [
            (here, number, pieces)
            for here, line in enumerate(window.lines)
            for number, (start, end) in enumerate(lines[line.number].dates)
            if (pieces := line.span(start, end))
        ]
        at = [_here(window, found.names(choice.row)[0]) for choice in choices]
        same = np.array([[float(here == line) for here, _, _ in dates] for line in at], dtype=np.float32)
        begin, end, when = self._model.details(
            z[[choice.row for choice in choices]],
            np.array([choice.number for choice in choices]),
            states,
            inside[at],
            averages([[pieces] for _, _, pieces in dates], len(states)),
            same.reshape(len(choices), len(dates)),
        )
        for i, choice in enumerate(choices):
            line = window.lines[at[i]]
            first, last = _trigger(begin[i], end[i], line.first, line.last)
            span = line.pieces[first - line.first].start, line.pieces[last - line.first].end
            said = lines[line.number]
            theirs = [
                2 + n
                for n, (here, number, _) in enumerate(dates)
                if not is_near(window.lines[here].number - line.number, said.title)
                or (here == at[i] and is_of_another(said.text, span, said.dates[number]))
            ]
            when[i, theirs] = 0.0
            best = int(when[i].argmax())
            dated: tuple[int, int] | str = PUBLICATION if best == 0 else UNDATED
            if best > 1:
                there, number, _ = dates[best - 2]
                dated = (window.lines[there].number, number)
            source, target = (_named(found.places[place], seen, window) for place in found.rows[choice.row])
            yield ReadEvent(line.number, source, target, choice, span, dated)

    def _both_ways(self, events: Sequence[ReadEvent]) -> Iterator[ReadEvent]:
        """The events; one of an act that runs both ways as its surer direction tells it, from either side."""
        surest: dict[tuple[int, frozenset[Party], str], ReadEvent] = {}
        for event in events:
            if event.choice.act not in self.mutual:
                yield event
                continue
            key = event.line, frozenset((event.source.party, event.target.party)), event.choice.act
            held = surest.get(key)
            if held is None or held.choice.likelihood < event.choice.likelihood:
                surest[key] = event
        for event in surest.values():
            yield event
            yield replace(event, source=event.target, target=event.source)

    def _looked_at(self, found: Pairs, answers: PairAnswers, choices: Sequence[Choice]) -> Iterator[LookedAt]:
        labels = self._model.labels
        chosen = {choice.row for choice in choices}
        for row in range(len(found.rows)):
            chances = answers.chances[row]
            told = 1 - float(chances[0])
            if told < _WORTH_SHOWING and row not in chosen:
                continue
            best, statuses = np.argsort(-chances[1:])[:3], answers.statuses(row)
            likely = [
                (labels.acts[act], labels.statuses[int(statuses[act].argmax())], float(chances[1 + act]))
                for act in best.tolist()
            ]
            yield LookedAt(*found.names(row), told, likely, row in chosen)


@dataclass(frozen=True, slots=True)
class _Made:
    """What was made of a window before its events are."""

    window: Window
    lines: Sequence[Line]
    states: Floats
    seen: Sequence[Seen]
    found: Pairs
    answers: PairAnswers
    inside: Floats

    def pieces(self, event: ReadEvent) -> tuple[int, int]:
        """The pieces of the window that tell an event."""
        span = self.window.lines[_here(self.window, event.line)].span(*event.trigger)
        assert span is not None
        return span


def _without_needless_guesses(events: Sequence[ReadEvent]) -> list[ReadEvent]:
    """What is told; of a pair of which nothing is, the best guess."""
    found = []
    for pair in sorted({(e.source.party, e.target.party) for e in events}):
        own = [e for e in events if (e.source.party, e.target.party) == pair]
        told = [e for e in own if not e.choice.guessed]
        found.extend(told or [max(own, key=lambda e: e.choice.likelihood)])
    return sorted(found, key=lambda e: e.line)


#: Less likely pairs are not shown.
_WORTH_SHOWING = 0.02


def _here(window: Window, number: int) -> int:
    """The place in the window of a line of the text."""
    return next(i for i, line in enumerate(window.lines) if line.number == number)


def _lines(window: Window, length: int) -> Floats:
    """(lines, length): 1 for the pieces of each line."""
    inside = np.zeros((len(window.lines), length), dtype=np.float32)
    for row, line in zip(inside, window.lines, strict=True):
        row[line.first : line.last] = 1.0
    return inside


#: Pieces of a trigger, at most.
_LONGEST = 8


def _trigger(begin: Floats, end: Floats, first: int, last: int) -> tuple[int, int]:
    """The likeliest first and last piece, in order and not too far apart."""
    best, found = -1.0, (first, first)
    for i in np.argsort(-begin[first:last])[:5] + first:
        ends = end[i : min(last, i + _LONGEST)]
        j = int(ends.argmax())
        if float(begin[i] * ends[j]) > best:
            best, found = float(begin[i] * ends[j]), (int(i), int(i) + j)
    return found


def _named(place: Place, seen: Sequence[Seen], window: Window) -> NamedParty:
    """The party with the mention that stands for it: a name rather than a pronoun."""
    spans = {(m.first, m.last) for m in place.mentions}
    mine = [m for m in seen if (m.first, m.last) in spans and place.party.entity in m.entities]
    best = min(mine, key=lambda m: (m.name is None, m.first))
    return NamedParty(place.party, window.lines[best.line].number, best.name, best.start, best.end)
