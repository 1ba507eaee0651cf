"""Which special frames can never be reached, because one before them in the file always fits first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from entente.coding.lexicon import Frame


@dataclass(frozen=True, slots=True)
class Shadow:
    """Frame number `later` (from 1) loses these (verb, object) pairs to frame number `earlier`."""

    later: int
    earlier: int
    pairs: tuple[tuple[str, str], ...]
    whole: bool

    def __str__(self) -> str:
        shown = ", ".join(" ".join(filter(None, pair)) for pair in self.pairs[:4])
        more = f" and {len(self.pairs) - 4} more" if len(self.pairs) > 4 else ""
        return f"for {shown}{more} frame {self.earlier} fits first"


def shadows(frames: Sequence[Frame]) -> Iterator[Shadow]:
    """Each frame that others before it cover, wholly or for some of its verbs and objects.

    A frame with several verbs and objects stands for every pair of them. A pair is lost if an earlier frame takes the
    same verb and asks for nothing that the later one does not ask for as well.
    """
    for number, later in enumerate(frames):
        pairs = list(product(sorted(later.verbs), sorted(later.objects) or [""]))
        lost: dict[int, list[tuple[str, str]]] = {}
        for pair in pairs:
            first = next((i for i, earlier in enumerate(frames[:number]) if _covers(earlier, later, *pair)), None)
            if first is not None:
                lost.setdefault(first, []).append(pair)
        whole = sum(map(len, lost.values())) == len(pairs)
        for earlier, some in lost.items():
            yield Shadow(number + 1, earlier + 1, tuple(some), whole)


def _covers(earlier: Frame, later: Frame, verb: str, noun: str) -> bool:
    return (
        verb in earlier.verbs
        and (not earlier.objects or noun in earlier.objects)
        and all(any(_asks_less(one, other) for other in later.preps) for one in earlier.preps)
        and (not earlier.words or (bool(later.words) and later.words <= earlier.words))
        and earlier.without <= later.without
        and (not earlier.subjects or (bool(later.subjects) and later.subjects <= earlier.subjects))
    )


def _asks_less(one: str, other: str) -> bool:
    """Whether "in/on:*" holds wherever "on:@talks" does."""
    prepositions, _, wanted = one.partition(":")
    others, _, narrower = other.partition(":")
    fits = wanted == "*" or set(narrower.split("/")) <= set(wanted.split("/"))
    return fits and set(others.split("/")) <= set(prepositions.split("/"))
