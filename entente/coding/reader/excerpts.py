"""Excerpts: the sentences that one pair of parties needs, with its source and target marked, to be read again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from entente.coding.reader.pairs import Mentioned, Party, Place
from entente.coding.reader.windows import Range, Window, WindowLine

#: Marks of the pieces that name or stand for the source, the target, and any other party; and of the words that tell
#: an act of the pair which is known already, where the pair is asked for what else it does.
SOURCE, TARGET, OTHER, KNOWN = 1, 2, 3, 4

#: Word pieces up to which the sentences before are read along.
_CONTEXT = 72

#: Word pieces at most; a line of a party that has no room is left out.
_MOST = 224


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Pieces of some lines of a window, marked for one pair; ranges of its source's and target's mentions and line."""

    ids: Sequence[int]
    marks: Sequence[int]
    source: Sequence[Range]
    target: Sequence[Range]
    line: Range


def excerpt_of(
    window: Window,
    line: int,
    source: Place,
    target: Place,
    parties: Mapping[Party, Sequence[Mentioned]],
    known: Sequence[Range] = (),
) -> Excerpt:
    """What is read of a pair of the line with this number: it, the lines that name the parties, and those before it.

    `known`: pieces of the window that tell what is known of the pair already.
    """
    chosen = _lines(window, line, source, target)
    marks = list(window.marks)
    for i, mark in enumerate(marks):
        marks[i] = OTHER if mark else 0
    for party, mentions in parties.items():
        number = SOURCE if party == source.party else TARGET if party == target.party else OTHER
        for mention in mentions:
            if number != OTHER or not any(marks[mention.first : mention.last]):
                marks[mention.first : mention.last] = [number] * (mention.last - mention.first)
    for first, last in known:
        marks[first:last] = [mark or KNOWN for mark in marks[first:last]]
    ids, own, moved = [window.ids[0]], [0], {}
    for part in chosen:
        moved[part.number] = len(ids) - part.first
        ids.extend(window.ids[part.first : part.last + 1])  # and the piece that ends the line
        own.extend(marks[part.first : part.last + 1])
    here = next(part for part in chosen if part.number == line)
    return Excerpt(
        ids, own, _moved(source, moved), _moved(target, moved),
        (here.first + moved[line], here.last + moved[line]),
    )  # fmt: skip


def _lines(window: Window, line: int, source: Place, target: Place) -> list[WindowLine]:
    at = next(i for i, part in enumerate(window.lines) if part.number == line)
    chosen = {at}
    room = len(window.lines[at].pieces)
    named = {m.line for place in (source, target) for m in place.mentions}
    for i, part in enumerate(window.lines):
        if part.number in named and i not in chosen and room + len(part.pieces) <= _MOST:
            chosen.add(i)
            room += len(part.pieces)
    for i in reversed(range(at)):
        if i in chosen:
            continue
        room += len(window.lines[i].pieces)
        if room > _CONTEXT:
            break
        chosen.add(i)
    return [window.lines[i] for i in sorted(chosen)]


def _moved(place: Place, moved: Mapping[int, int]) -> list[Range]:
    return [(m.first + moved[m.line], m.last + moved[m.line]) for m in place.mentions if m.line in moved]
