"""Reprints: agency copy that several papers print, nearly word for word. It reports the same events, but is no source
of its own.

A text is the set of its runs of five words. One-permutation MinHash (Li, Owen and Zhang 2012) finds candidates: the
hash space is cut into bins, the least hash of each bin is kept, and texts that share two neighbouring bins are compared
in full.
"""

import hashlib
import re
from collections.abc import Iterable, Set
from datetime import timedelta

#: Share of runs in common (Jaccard) from which one text is a reprint of the other.
ALIKE = 0.7

#: Reprints come out within so many days of the first print.
WITHIN = timedelta(days=4)

#: Runs below which a text says too little to be told from another.
LEAST_RUNS = 30

_RUN = 5
_BINS = 32
_WORD = re.compile(r"\w+")


def runs(text: str) -> Set[int]:
    """64-bit hashes of every five words in a row, in lower case."""
    words = _WORD.findall(text.lower())
    joined = (" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))
    return {int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big") for run in joined}


def bands(found: Set[int]) -> list[str]:
    """Names that alike texts are likely to share; none for a text that is too short."""
    if len(found) < LEAST_RUNS:
        return []
    least: list[int | None] = [None] * _BINS
    for run in found:
        bin = run % _BINS
        if (held := least[bin]) is None or run < held:
            least[bin] = run
    pairs = zip(range(0, _BINS, 2), least[::2], least[1::2], strict=True)
    return [f"{n}:{one:x}:{two:x}" for n, one, two in pairs if one is not None and two is not None]


def alike(one: Set[int], other: Set[int]) -> float:
    """Jaccard's coefficient of two sets of runs, 0 to 1."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def first_print(own: Set[int], others: Iterable[tuple[str, str]]) -> str | None:
    """The id of the first of these (id, text) that the text with these runs reprints, or None."""
    return next((id for id, text in others if alike(own, runs(text)) >= ALIKE), None)
