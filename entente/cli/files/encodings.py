"""Find the character encoding of a file: by byte order mark, as UTF-8, as UTF-16 by its zeros, or by statistics."""

import codecs
from collections.abc import Sequence
from typing import BinaryIO

from charset_normalizer import from_bytes

#: Bytes that an encoding is guessed from.
SAMPLE_BYTES = 262_144

#: Share of bytes beyond ASCII below which statistics tell nothing, as in tables of English with some names.
_FEW = 0.02

#: In this order: UTF-32's mark begins like UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(file: BinaryIO) -> str | None:
    """Python's name of the encoding, None if it can't be told or the file is no text. Reads from the start."""
    file.seek(0)
    sample = file.read(SAMPLE_BYTES)
    file.seek(0)
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        return _by_zeros(sample)
    if _is_utf8(sample):
        return "utf-8"
    return _by_statistics(sample)


def _by_statistics(sample: bytes) -> str | None:
    if sum(byte > 127 for byte in sample) < _FEW * len(sample):
        return "cp1252"
    found = from_bytes(sample)
    best = found.best()
    if best is None:
        return None
    # Few letters beyond ASCII fit several encodings as well; Western European is the most frequent.
    tied = {match.encoding for match in found if (match.chaos, match.coherence) == (best.chaos, best.coherence)}
    return "cp1252" if "cp1252" in tied else best.encoding


def _is_utf8(sample: bytes) -> bool:
    try:
        # Not final: the sample may end within a character.
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _by_zeros(sample: bytes) -> str | None:
    """UTF-16 without a mark, of a text that is Latin in good part; None for any other file with zeros."""
    even, odd = sample[0::2], sample[1::2]
    if _zeros(odd) > 0.3 and _zeros(even) < 0.05:
        return "utf-16-le"
    if _zeros(even) > 0.3 and _zeros(odd) < 0.05:
        return "utf-16-be"
    return None


def _zeros(some: Sequence[int]) -> float:
    return sum(byte == 0 for byte in some) / max(1, len(some))
