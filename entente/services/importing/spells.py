"""Spells: stretches of time in which a value holds, put together from rows of observations or of members."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations

from entente.relations.periods import Period

#: (source, target, facet, item, value)
Track = tuple[str, str, str, str, str]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """A value from one date to before another; None: unknown, or it lasts. `place`: the file and line."""

    begins: Period | None
    ends: Period | None
    place: str
    note: str = ""

    @property
    def before(self) -> date:
        """The first day on which it doesn't hold any more, for comparing."""
        return self.ends.first if self.ends else date.max


@dataclass(frozen=True, slots=True)
class Membership:
    """A member's time in a group, such as an alliance or a war. `told`: (facet, item) → value. `side`: "" without."""

    party: str
    side: str
    spell: Spell
    told: Mapping[tuple[str, str], str]


def after(period: Period) -> Period:
    """The day, month or year behind one, for data that gives the last in which a value held."""
    first = period.last + _DAY
    return Period(first, period.precision)


def joined(spells: Iterable[Spell]) -> list[Spell]:
    """Spells of one track, those that overlap or meet as one: the value ends when the last of them does."""
    undated = [spell for spell in spells if spell.begins is None]
    dated = sorted((s for s in spells if s.begins), key=lambda s: (s.begins.first if s.begins else date.min, s.before))
    found: list[Spell] = []
    for spell in dated:
        last = found[-1] if found else None
        if last and spell.begins and spell.begins.first <= last.before:
            if spell.before > last.before:
                found[-1] = replace(last, ends=spell.ends)
        else:
            found.append(spell)
    return found or undated[:1]


def runs(observed: Mapping[int, tuple[str, str]], years: Sequence[int]) -> Iterator[tuple[str, Spell]]:
    """(value, spell) of observations, year → (value, place): as long as the value stays the same from one of the data
    set's `years` to the next. A value of the last year lasts: nothing tells of its end.
    """
    value, begun, place = "", 0, ""
    for year in years:
        now, where = observed.get(year, ("", ""))
        if now == value:
            continue
        if value:
            yield value, Spell(_year(begun), _year(year), place)
        value, begun, place = now, year, where
    if value:
        yield value, Spell(_year(begun), None, place, f"observed in {begun}–{years[-1]}")


def paired(members: Sequence[Membership]) -> Iterator[tuple[str, str, str, str, str, Spell]]:
    """(party, party, facet, item, value, spell) of each two members of one group while both are in it.

    Where there are sides, the two are of different ones. What only one is told of says nothing of the pair.
    """
    for one, other in combinations(members, 2):
        if one.party == other.party or (one.side and one.side == other.side):
            continue
        starts = [m.spell.begins for m in (one, other) if m.spell.begins]
        begins = max(starts, key=lambda p: p.first) if len(starts) == 2 else None
        ends = min((m.spell.ends for m in (one, other) if m.spell.ends), key=lambda p: p.first, default=None)
        if begins is None or (ends and ends.first <= begins.first):
            continue
        for (facet, item), value in one.told.items():
            if other.told.get((facet, item)) == value:
                yield one.party, other.party, facet, item, value, Spell(begins, ends, one.spell.place)


def _year(year: int) -> Period:
    return Period(date(year, 1, 1), "year")
