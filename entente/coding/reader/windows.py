"""Windows: as many sentences as the encoder reads at once, with the actors and dates that were found in them.

The same windows are made of a text to be coded and of a text to be learnt from (training/).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from entente.coding.reader.pieces import Piece, WordPieces

#: Word pieces of a window, those that begin, end and part its sentences counted in.
MAX_PIECES = 256

#: Pieces of a single sentence that are read; a longer one is no sentence of news.
MAX_SENTENCE = 160

#: Pieces of the sentences before that a window repeats, so that what they name can be meant.
CONTEXT = 72

#: Lines after one that names somebody that are read though they name nobody.
CARRIED = 2

#: Entities of a window that are told apart; what is named after so many others is not marked.
MAX_ENTITIES = 31

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Named:
    """A name found in a line, at code points [start, end): `entity` is who it is by the tables."""

    start: int
    end: int
    entity: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence to be read: its text, the names in it, and where its date phrases are. Offsets are the line's own."""

    text: str
    names: Sequence[Named] = ()
    dates: Sequence[Range] = ()
    title: bool = False


@dataclass(slots=True)
class WindowLine:
    """A line in a window: its number in the text, its first piece, its pieces; `repeated` if another window owns it."""

    number: int
    first: int
    pieces: list[Piece]
    repeated: bool

    @property
    def last(self) -> int:
        """The place after its last piece."""
        return self.first + len(self.pieces)

    def span(self, start: int, end: int) -> Range | None:
        """The pieces [first, last) of the window that stand for the line's code points [start, end)."""
        inside = [i for i, p in enumerate(self.pieces) if p.start < end and start < p.end]
        return (self.first + inside[0], self.first + inside[-1] + 1) if inside else None


@dataclass(slots=True)
class Window:
    """Pieces of some lines. `marks[i]` is the number of the entity that piece i names, from 1; 0 for none."""

    ids: list[int]
    marks: list[int]
    lines: list[WindowLine]
    entities: dict[str, int] = field(default_factory=dict)


def windows(lines: Sequence[Line], splitter: WordPieces) -> Iterator[Window]:
    """The windows of a text: each line that is worth reading is owned by one of them; the title opens every one."""
    split = _Split(lines, splitter)
    numbers = _worth_reading(lines)
    begin = 0
    while begin < len(numbers):
        title, near = _context(lines, numbers, split, begin)
        room = MAX_PIECES - 2 - sum(len(split[i]) + 1 for i in (*title, *near))
        finish = begin
        while finish < len(numbers) and (finish == begin or len(split[numbers[finish]]) + 1 <= room):
            room -= len(split[numbers[finish]]) + 1
            finish += 1
        for farthest in (near, title):
            while farthest and room < 0:
                room += len(split[farthest.pop(0)]) + 1
        yield _window(lines, split, [*title, *near], numbers[begin:finish], splitter)
        begin = finish


def _worth_reading(lines: Sequence[Line]) -> list[int]:
    """The numbers of the lines that may tell of two: those that name somebody, and the next few ("It denied that")."""
    named = [bool(line.names) for line in lines]
    return [i for i, line in enumerate(lines) if line.title or any(named[max(0, i - CARRIED) : i + 1])]


class _Split:
    """The pieces of lines, split when they are asked for: a reader that has run out of time asks for no more."""

    def __init__(self, lines: Sequence[Line], splitter: WordPieces) -> None:
        self._lines = lines
        self._splitter = splitter
        self._done: dict[int, list[Piece]] = {}

    def __getitem__(self, number: int) -> list[Piece]:
        if number not in self._done:
            self._done[number] = self._splitter.split(self._lines[number].text, MAX_SENTENCE)
        return self._done[number]


def _context(lines: Sequence[Line], numbers: Sequence[int], split: _Split, begin: int) -> tuple[list[int], list[int]]:
    """The title, and the last lines before numbers[begin] as far as they have room: what its window repeats."""
    room, near = CONTEXT, []
    for i in reversed(numbers[:begin]):
        if lines[i].title or len(split[i]) + 1 > room:
            break
        near.append(i)
        room -= len(split[i]) + 1
    title = [i for i in numbers[:begin] if lines[i].title and len(split[i]) + 1 <= CONTEXT]
    return title, near[::-1]


def _window(
    lines: Sequence[Line], split: _Split, before: Sequence[int], own: Sequence[int], splitter: WordPieces
) -> Window:
    window = Window([splitter.begin], [0], [])
    for number in (*before, *own):
        line = WindowLine(number, len(window.ids), split[number], number < own[0])
        window.lines.append(line)
        window.ids.extend(piece.id for piece in split[number])
        window.marks.extend([0] * len(split[number]))
        for name in lines[number].names:
            mark = window.entities.setdefault(name.entity, len(window.entities) + 1)
            span = line.span(name.start, name.end)
            if span is not None and mark <= MAX_ENTITIES:
                window.marks[span[0] : span[1]] = [mark] * (span[1] - span[0])
        window.ids.append(splitter.end)
        window.marks.append(0)
    return window
