"""Reprints: which articles print one text, and which of them printed it first.

Two articles are alike if their days of publication are at most WITHIN_DAYS apart and their texts share a band and
ALIKE of their runs. A reprint group is a connected component of that relation, so A and C are of one group if both are
like B. Its first print is the earliest by `Print.order`. Both depend on nothing but the articles: neither on the order
in which they arrived nor on articles that were retracted.

A text is the set of its runs of five words; a shorter text is one run. Bands are one-permutation MinHash (Li, Owen and
Zhang 2012) with rotation for empty bins (Shrivastava and Li 2014): the hash space is divided into bins, and the least
hash of each is kept. They find candidates without comparing every pair; texts that share 70 % of their runs share a
band but for some cases in 100,000.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

Run = TypeVar("Run", int, tuple[str, ...])

#: Least Jaccard similarity of the runs of two texts that print the same.
ALIKE = 0.7

#: Most days between the publication of two articles that print the same.
WITHIN_DAYS = 4

_RUN = 5
_BINS = 32
_WORD = re.compile(r"\w+")
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Print:
    """What reprints need of an article but its text. `published_at` None: unknown; `published_on` is then of receipt.

    `content_hash` identifies publisher, title and text.
    """

    id: str
    publisher: str
    published_on: date
    published_at: datetime | None
    content_hash: str

    @property
    def order(self) -> tuple[date, datetime, str]:
        """Sorts first prints first: by day, by time where it is known, and by content where nothing else tells."""
        return self.published_on, self.published_at or _LAST, self.content_hash

    def is_near(self, other: "Print") -> bool:
        """Whether the two were published at most WITHIN_DAYS apart."""
        return abs((self.published_on - other.published_on).days) <= WITHIN_DAYS


def runs_in_words(text: str) -> Set[tuple[str, ...]]:
    """Every run of five words, in lower case; of a shorter text, all its words together."""
    words = _WORD.findall(text.lower())
    return set(zip(*(words[start:] for start in range(_RUN)), strict=False)) or {tuple(words)}


def runs(text: str) -> Set[int]:
    """The 64-bit hashes of the text's runs: to be kept, or for bands. Making them costs three times the runs."""
    joined = (" ".join(run) for run in runs_in_words(text))
    return {int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big") for run in joined}


def bands(found: Set[int]) -> list[str]:
    """MinHash bands, which similar texts are likely to share."""
    least: list[int | None] = [None] * _BINS
    for run in found:
        bin = run % _BINS
        if (held := least[bin]) is None or run < held:
            least[bin] = run
    # An empty bin takes the value of the next one that is not, with the distance, so that it matches only its like.
    full = [(held, 0) if held is not None else _borrowed(least, bin) for bin, held in enumerate(least)]
    pairs = zip(range(0, _BINS, 2), full[::2], full[1::2], strict=True)
    return [f"{n}:{_spelt(*one)}:{_spelt(*two)}" for n, one, two in pairs]


def _borrowed(least: Sequence[int | None], bin: int) -> tuple[int, int]:
    for steps in range(1, _BINS):
        if (held := least[(bin + steps) % _BINS]) is not None:
            return held, steps
    raise ValueError("a text without runs has no bands")


def _spelt(held: int, steps: int) -> str:
    return f"{held:x}+{steps}" if steps else f"{held:x}"


def similarity(one: Set[Run], other: Set[Run]) -> float:
    """Jaccard similarity of two sets of runs, 0 to 1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def alike(one: Set[Run], other: Set[Run]) -> bool:
    """Whether texts with these runs, both in words or both hashed, print the same."""
    small, large = sorted((len(one), len(other)))
    return small >= ALIKE * large and similarity(one, other) >= ALIKE


def first_of(prints: Iterable[Print]) -> Print:
    """The first print among these."""
    return min(prints, key=lambda print: print.order)


def grouped(prints: Sequence[Print], runs_of: Callable[[str], Set[int]]) -> list[list[Print]]:
    """The reprint groups of these articles, if no other article is like one of them.

    `runs_of` gives the runs of an article by id. Pairs that are known to be of one group are not compared.
    """
    texts = {print.id: runs_of(print.id) for print in prints}
    keys = {id: frozenset(bands(found)) for id, found in texts.items()}
    groups: list[list[Print]] = []
    for print in prints:

        def is_like(other: Print, print: Print = print) -> bool:
            return (
                print.is_near(other)
                and not keys[print.id].isdisjoint(keys[other.id])
                and alike(texts[print.id], texts[other.id])
            )

        joined = [group for group in groups if any(is_like(other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([print, *(member for group in joined for member in group)])
    return groups


def first_prints(groups: Iterable[Iterable[Print]]) -> Mapping[str, Print]:
    """The first print of every article of these groups, by the article's id."""
    found: dict[str, Print] = {}
    for group in groups:
        members = list(group)
        first = first_of(members)
        found |= {member.id: first for member in members}
    return found
