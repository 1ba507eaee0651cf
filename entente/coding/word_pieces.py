"""A marked pair of actors as the word pieces that the second reader's encoder was taught on."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from curated_tokenizers import WordPieceProcessor

#: Pieces of a sentence that are read; what stands further from its two actors is cut off.
MAX_PIECES = 112

_WORD = re.compile(r"\w+|[^\w\s]")
SOURCE, SOURCE_END, TARGET, TARGET_END = MARKS = ("[unused1]", "[unused2]", "[unused3]", "[unused4]")


@dataclass(frozen=True, slots=True)
class MarkedPair:
    """A sentence with the spans of its source and its target: offsets into `text`, in code points, end exclusive."""

    text: str
    source: tuple[int, int]
    target: tuple[int, int]


class WordPieces:
    """Splits words as uncased BERT does (WordPiece, Wu et al. 2016)."""

    def __init__(self, vocabulary: Path) -> None:
        """`vocabulary`: a piece a line, its number being its place."""
        pieces = vocabulary.read_text(encoding="utf-8").splitlines()
        self._ids = {piece: number for number, piece in enumerate(pieces)}
        self._splitter = WordPieceProcessor(pieces)

    def ids(self, pair: MarkedPair) -> list[int]:
        """The numbers of the pieces, between those that begin and end a sentence."""
        found: list[int] = []
        marks: list[int] = []
        for word in _words(pair):
            if word in MARKS:
                marks.append(len(found))
                found.append(self._ids[word])
            else:
                found.extend(self._unknown(piece) for piece in self._splitter.encode(word)[0])
        return [self._ids["[CLS]"], *_around(found, marks), self._ids["[SEP]"]]

    def _unknown(self, piece: int) -> int:
        return self._ids["[UNK]"] if piece < 0 else piece


def _words(pair: MarkedPair) -> Iterator[str]:
    """Words in lower case and without accents, with the marks between them."""
    at: dict[int, list[str]] = {}
    spans = ((pair.source, SOURCE, SOURCE_END), (pair.target, TARGET, TARGET_END))
    # The longer span is opened first and closed last: one may hold the other.
    for (start, end), opening, closing in sorted(spans, key=lambda s: s[0][0] - s[0][1]):
        at.setdefault(start, []).append(opening)
        at.setdefault(end, []).insert(0, closing)
    places = sorted({0, *at, len(pair.text)})
    for place, following in zip(places, [*places[1:], len(pair.text)], strict=True):
        yield from at.get(place, ())
        yield from _WORD.findall(_plain(pair.text[place:following]))


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")


def _around(pieces: list[int], marks: Sequence[int]) -> list[int]:
    """At most MAX_PIECES − 2 of the pieces, those around the marks."""
    room = MAX_PIECES - 2
    if len(pieces) <= room:
        return pieces
    middle = (min(marks) + max(marks)) // 2
    begin = max(0, min(middle - room // 2, len(pieces) - room))
    return pieces[begin : begin + room]
