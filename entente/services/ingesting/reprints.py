"""Find reprints: the same text published by several papers. A reprint counts as its first publisher's.

A text is the set of its runs of five words. One-permutation MinHash (Li, Owen and Zhang 2012) finds candidates. The
hash space is divided into bins, and the least hash of each bin is kept. Texts that share the least hashes of two
neighbouring bins (a band) are compared in full.
"""

import hashlib
import re
from collections.abc import Iterable, Set
from datetime import timedelta

#: Least Jaccard similarity of runs at which a text is a reprint of another.
ALIKE = 0.7

#: Longest time from the first print, by time received, to a reprint.
WITHIN = timedelta(days=4)

#: Least runs of a text that is compared; shorter ones look alike by chance.
LEAST_RUNS = 30

_RUN = 5
_BINS = 32
_WORD = re.compile(r"\w+")


def runs(text: str) -> Set[int]:
    """64-bit hashes of every run of five words, in lower case."""
    words = _WORD.findall(text.lower())
    joined = (" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))
    return {int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big") for run in joined}


def bands(found: Set[int]) -> list[str]:
    """MinHash bands, which similar texts are likely to share; none for a text below LEAST_RUNS."""
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
    """Jaccard similarity of two sets of runs, 0 to 1."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def first_print(own: Set[int], others: Iterable[tuple[str, str]]) -> str | None:
    """The id of the first of these (id, text) that the text with these runs reprints, or None."""
    return next((id for id, text in others if alike(own, runs(text)) >= ALIKE), None)
