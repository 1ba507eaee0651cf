"""Rival readings: where the words of one act are read of several pairs, and only one of them can be meant.

"The EU, of which Lithuania is a member, imposed an arms embargo on Belarus" tells of one target, however sure the
network is of both. "The United States and Germany recognised it" tells of two sources, for they stand in a list.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from entente.coding.reader.reader import NamedParty, ReadEvent

#: What stands between the members of a list, other names apart.
_IN_A_LIST = re.compile(
    r"(?:\s|[,;]|['’]s?\b|\b(?:and|or|as well as|both|the|of|from|to|with|on|in|for|then|also|later)\b)*"
)

#: Events of one act in one line that are compared. More of them are a list of countries, however it is written.
MAX_EVENTS = 100

#: Likelihoods that differ by less are the same.
AS_LIKELY = 0.01

#: Words of a line: its text, and the code points [start, end) of its names.
LineWords = tuple[str, Sequence[tuple[int, int]]]


def rivals(
    events: Sequence[ReadEvent], lines: Sequence[LineWords], mutual: Collection[str]
) -> Iterator[tuple[int, int]]:
    """(event, rival), by their places in `events`, of each event that a likelier one leaves no room for.

    Two are rivals if the same words tell the same act of both, they share one party, and their other parties are no
    members of a list. The likelier one is that whose other party the line names, or else that of the higher likelihood;
    of two as likely each is the other's rival.
    `lines` are those of the text, `mutual` the acts that run both ways.
    """
    told: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, event in enumerate(events):
        told[event.line, event.choice.act].append(place)
    for (_, act), places in told.items():
        for place in places if len(places) <= MAX_EVENTS else ():
            for other in places:
                if _gives_way(events[place], events[other], lines, act in mutual):
                    yield place, other


def _gives_way(one: ReadEvent, other: ReadEvent, lines: Sequence[LineWords], mutual: bool) -> bool:
    if one.trigger[0] >= other.trigger[1] or other.trigger[0] >= one.trigger[1]:
        return False
    mine, theirs = _parties(one), _parties(other)
    shared = mine.keys() & theirs.keys()
    if len(shared) != 1:
        return False
    (key,) = shared
    besides, rival = _besides(mine, key), _besides(theirs, key)
    if _named(besides, one) != _named(rival, other):
        likelier = _named(rival, other)
    else:
        likelier = other.choice.likelihood > one.choice.likelihood - AS_LIKELY
    if not likelier:
        return False
    if besides.line == rival.line and (besides.start, besides.end) == (rival.start, rival.end):
        # "They" may be several who do the same to a third. "The two" who sign a treaty are one pair.
        return mutual
    return not _listed(besides, rival, lines)


def _parties(event: ReadEvent) -> dict[str, NamedParty]:
    return {party.party.entity: party for party in (event.source, event.target)}


def _besides(parties: dict[str, NamedParty], key: str) -> NamedParty:
    return next(party for entity, party in parties.items() if entity != key)


def _named(party: NamedParty, event: ReadEvent) -> bool:
    return party.name is not None and party.line == event.line


def _listed(one: NamedParty, other: NamedParty, lines: Sequence[LineWords]) -> bool:
    """Whether nothing but other members of a list is between the two."""
    if one.line != other.line:
        return False
    first, last = sorted(((one.start, one.end), (other.start, other.end)))
    text, names = lines[one.line]
    begin, end = first[1], last[0]
    if begin > end:
        return False
    between = list(text[begin:end])
    for start, finish in names:
        if begin <= start and finish <= end:
            between[start - begin : finish - begin] = " " * (finish - start)
    return _IN_A_LIST.fullmatch("".join(between)) is not None
