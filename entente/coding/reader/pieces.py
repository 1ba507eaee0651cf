"""Words as the pieces that the reader's encoder was taught on, each with its place in the text."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from curated_tokenizers import WordPieceProcessor

_WORD = re.compile(r"\w+|[^\w\s]")

#: A longer run of letters is no word: it is read as one unknown piece.
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A word piece: its number in the vocabulary, and the code points [start, end) of the text that it stands for."""

    id: int
    start: int
    end: int


class WordPieces:
    """Splits words as uncased BERT does (WordPiece, Wu et al. 2016)."""

    def __init__(self, vocabulary: Path) -> None:
        """`vocabulary`: a piece a line, its number being its place."""
        pieces = vocabulary.read_text(encoding="utf-8").splitlines()
        ids = {piece: number for number, piece in enumerate(pieces)}
        self.begin, self.end, self._unknown = ids["[CLS]"], ids["[SEP]"], ids["[UNK]"]
        self._splitter = WordPieceProcessor(pieces)

    def split(self, text: str, most: int) -> list[Piece]:
        """The pieces of a text, from left to right, no more than `most`."""
        found: list[Piece] = []
        for match in _WORD.finditer(text):
            if len(found) >= most:
                break
            start, end = match.span()
            word = _plain(match[0])
            numbers, pieces = self._splitter.encode(word) if len(word) <= _LONGEST_WORD else ([], [])
            if not numbers or min(numbers) < 0:
                # A word with an unknown part is unknown, as in BERT's own vocabulary.
                found.append(Piece(self._unknown, start, end))
            elif len(word) != end - start:
                # An accent that was taken off has moved the letters: each piece stands for the whole word.
                found.extend(Piece(number, start, end) for number in numbers)
            else:
                at = start
                for number, piece in zip(numbers, pieces, strict=True):
                    length = len(piece.removeprefix("##"))
                    found.append(Piece(number, at, at + length))
                    at += length
        return found[:most]


def _plain(word: str) -> str:
    """The word in lower case and without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
