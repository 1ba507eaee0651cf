"""Group the articles of a whole ledger into reprint groups, in one pass by day of publication.

Memory holds the articles of the last days, and the groups that one of these may still join.
"""

from array import array
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from entente.relations.grouping.reprints import Print, alike, bands, runs


@dataclass(slots=True)
class _Group:
    """Articles that print one text; `open`: how many of them may still be like a later article."""

    members: list[Print]
    open: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """An article near enough in time to be like a later one. Its runs take a tenth of the memory of a set."""

    print: Print
    runs: "array[int]"
    bands: list[str]


def scan(articles: Iterable[tuple[Print, str]]) -> Iterator[list[Print]]:
    """Yield every reprint group of these (article, text), which come in order of `published_on`."""
    near: deque[_Seen] = deque()
    by_band: dict[str, dict[str, _Seen]] = {}
    groups: dict[str, _Group] = {}
    for print, text in articles:
        while near and not near[0].print.is_near(print):
            yield from _closed(near.popleft(), by_band, groups)
        found = runs(text)
        seen = _Seen(print, array("Q", found), bands(found))
        groups[print.id] = _Group([print], 1)
        for other in {id: like for band in seen.bands for id, like in by_band.get(band, {}).items()}.values():
            one, two = groups[print.id], groups[other.print.id]
            if one is not two and alike(found, set(other.runs)):
                _merge(one, two, groups)
        near.append(seen)
        for band in seen.bands:
            by_band.setdefault(band, {})[print.id] = seen
    while near:
        yield from _closed(near.popleft(), by_band, groups)


def _merge(one: _Group, two: _Group, groups: dict[str, _Group]) -> None:
    small, large = sorted((one, two), key=lambda group: len(group.members))
    large.members += small.members
    large.open += small.open
    groups |= {member.id: large for member in small.members}


def _closed(past: _Seen, by_band: dict[str, dict[str, _Seen]], groups: dict[str, _Group]) -> Iterator[list[Print]]:
    """Forget an article that is like no later one; yield its group if it was the last such of it."""
    for band in past.bands:
        del by_band[band][past.print.id]
        if not by_band[band]:
            del by_band[band]
    group = groups[past.print.id]
    group.open -= 1
    if group.open == 0:
        for member in group.members:
            del groups[member.id]
        yield group.members
