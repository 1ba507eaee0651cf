"""Labelled texts as windows with their answers: what the network is taught on.

Names are found by the same tables as when a text is coded, so that the reader learns from what it will see: names that
the tables miss are spans to be found, names that they misread are to be told apart by their role.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from entente.cli.bench.labelled import LabelledText, Mark
from entente.coding.actors.appositions import confirmed
from entente.coding.actors.finding import MAX_MENTIONS, ActorFinder
from entente.coding.dates.phrases import DatePhrase
from entente.coding.dates.sequence import dates_of
from entente.coding.reader.pieces import WordPieces
from entente.coding.reader.windows import Line, Named, Window, windows
from entente.coding.text.sentences import Sentence

PARTY, PRIVATE, PLACE, OTHER = range(4)


@dataclass(slots=True)
class SpanExample:
    """A mention in a window: its pieces, line, who it is by the tables (None: a span to be found), and the truth.

    `parties` are the labelled parties that it stands for, as code or CODE/PRIV; `role` one of the four above.
    """

    first: int
    last: int
    line: int
    entity: str | None
    role: int
    parties: tuple[str, ...]


@dataclass(slots=True)
class EventExample:
    """An event of a window; `trigger` is its pieces or None, `dates` the numbers of date phrases that would be right.

    Of `dates`, -1 is the day of publication and -2 none; empty where nothing is known.
    """

    line: int
    source: str
    target: str
    act: str
    status: str
    trigger: tuple[int, int] | None
    dates: tuple[int, ...]


@dataclass(slots=True)
class Example:
    """A window and what is true of it. Lines are numbered in the window; those repeated have no events here.

    `root`: the PLOVER root of the only pair (S, T) of a marked sentence, of which no act is known.
    """

    window: Window
    spans: list[SpanExample]
    dates: list[tuple[int, int, int]]
    events: list[EventExample]
    text: str
    root: str | None = None


class Examples:
    """Makes examples of labelled texts."""

    def __init__(self, seeds: Path, vocabulary: Path) -> None:
        """`vocabulary`: the encoder's word pieces, one a line."""
        self._finder = ActorFinder.load(seeds)
        self.splitter = WordPieces(vocabulary)

    def of(self, text: LabelledText) -> Iterator[Example]:
        """The windows of a text."""
        today = date.fromisoformat(text.day)
        lines, mentions = [], []
        sentences = [
            Sentence("title" if text.has_title and i == 0 else "text", 0, len(words), words)
            for i, words in enumerate(text.lines)
        ]
        phrases = list(dates_of(sentences, today))
        named = confirmed(text.lines, [self._finder.find(words) for words in text.lines])
        for i, words in enumerate(text.lines):
            found = named[i] if len(named[i]) <= MAX_MENTIONS else []
            names = [Named(m.start, m.end, m.sense_on(today).entity) for m in found]
            mentions.append(_aligned(names, text.marks[i]))
            spans = [(p.start, p.end) for p in phrases[i]]
            lines.append(Line(words, names, spans, text.has_title and i == 0))
        for window in windows(lines, self.splitter):
            yield _example(text, window, mentions, phrases)


def _aligned(names: Sequence[Named], marks: Sequence[Mark]) -> list[tuple[int, int, str | None, int, tuple[str, ...]]]:
    """(start, end, entity or None, role, parties) of every mention, those that no name covers with entity None."""
    found: list[tuple[int, int, str | None, int, tuple[str, ...]]] = []
    covered = set()
    for name in names:
        over = [m for m in marks if m.start < name.end and name.start < m.end]
        mine = [m for m in over if name.entity in {c.split("/")[0] for c in m.codes}]
        role, parties = OTHER, ()
        if mine:
            code = next(c for c in mine[0].codes if c.split("/")[0] == name.entity)
            role = {"PRIV": PRIVATE, "PLACE": PLACE, "NOT": OTHER}.get(code.partition("/")[2], PARTY)
            parties = (code,) if role in (PARTY, PRIVATE) else ()
        covered.update(id(m) for m in (mine or ()))
        found.append((name.start, name.end, name.entity, role, parties))
    for mark in marks:
        parties = tuple(c for c in mark.codes if not c.endswith(("/PLACE", "/NOT")))
        # "the ambassador to the United Nations": the words before a name that means somebody else.
        end = min([mark.end, *(n.start for n in names if mark.start <= n.start < mark.end)])
        inside = any(n.start < mark.start < n.end for n in names)
        if id(mark) not in covered and parties and mark.start < end and not inside:
            role = PRIVATE if parties[0].endswith("/PRIV") else PARTY
            found.append((mark.start, end, None, role, parties))
    return sorted(found, key=lambda f: f[0])


def _example(
    text: LabelledText,
    window: Window,
    mentions: Sequence[Sequence[tuple[int, int, str | None, int, tuple[str, ...]]]],
    phrases: Sequence[Sequence[DatePhrase]],
) -> Example:
    spans, dates, values = [], [], []
    place: dict[int, int] = {}
    for here, line in enumerate(window.lines):
        place[line.number] = here
        for start, end, entity, role, parties in mentions[line.number]:
            pieces = line.span(start, end)
            if pieces:
                spans.append(SpanExample(*pieces, here, entity, role, parties))
        for phrase in phrases[line.number]:
            pieces = line.span(phrase.start, phrase.end)
            if pieces:
                dates.append((*pieces, here))
                values.append((line.number, phrase))
    events = []
    for e in text.events:
        here = place.get(e.sentence, -1)
        if here < 0 or window.lines[here].repeated:
            continue
        line = window.lines[here]
        at = text.lines[e.sentence].find(e.trigger)
        trigger = line.span(at, at + len(e.trigger)) if at >= 0 else None
        # Words tell the date also where the day of publication is a placeholder.
        learns = text.dated or e.words
        right = _right_dates(text, e.sentence, e.words, e.value, values) if learns else ()
        events.append(EventExample(here, e.source, e.target, e.act, e.status, trigger, right))
    return Example(window, spans, dates, events, text.id)


def _right_dates(
    text: LabelledText, sentence: int, words: str | None, value: str | None, values: Sequence[tuple[int, DatePhrase]]
) -> tuple[int, ...]:
    if words:
        begin = text.lines[sentence].find(words)
        end = begin + len(words)
        inside = [i for i, (line, p) in enumerate(values) if line == sentence and p.start < end and begin < p.end]
        same = [i for i in inside if value and values[i][1].period and values[i][1].period.label == value]
        return tuple(same or inside)
    if value is None:
        return (-2,)
    if value == text.day:
        return (-1,)
    return tuple(i for i, (_, p) in enumerate(values) if p.period is not None and p.period.label == value)


def roles_by_party(example: Example) -> dict[str, list[SpanExample]]:
    """The spans of each party of a window."""
    found: dict[str, list[SpanExample]] = defaultdict(list)
    for span in example.spans:
        for party in span.parties:
            found[party].append(span)
    return found
