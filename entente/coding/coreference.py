"""Coreference, only where it is safe: "the country", "the ministry", "the two countries", an opening pronoun."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from entente.coding.definite_nouns import (
    ATTRIBUTES,
    BOTH_KOREAS,
    CLAUSE,
    DEFINITE,
    NORTH,
    OWNED,
    PRONOUN,
    REALMS,
    RELATIVE,
    REPORT,
    TO_OTHERS,
    UNDERGOING,
)
from entente.coding.mentions import Mention, Sense, overlaps
from entente.coding.named_states import AT_THE_START, beginning, is_list, is_state, joined, named_together, states_of

#: How much oftener than any other a state must be named for "its ally" to be that.
_DOMINANCE = 1.4
_SAFE_PRONOUNS = frozenset({"it", "he", "she", "they", "we", "its", "their", "his"})


class Discourse:
    """What earlier sentences of the article spoke of: the actors that a later definite noun or pronoun can mean."""

    def __init__(self) -> None:
        self._recent: list[Mention] = []
        self._last: list[Mention] = []
        self._headline: list[Mention] = []
        self._opening: list[Mention] = []
        self._doer: Mention | None = None
        self._doers: list[list[Mention]] = []
        self._bodies: Counter[str] = Counter()
        self._named: Counter[str] = Counter()
        self.subject: Mention | None = None
        self.koreas = False

    def resolve(self, text: str, start: int, mentions: Sequence[Mention], opens: bool = False) -> list[Mention]:
        """Mentions for the definite nouns of a sentence at offset `start`; `mentions` are the ones found by name.

        A sentence that `opens` a paragraph with "the two …" goes back to the two that the article is about.
        """
        found: list[Mention] = []
        for match in DEFINITE.finditer(text):
            begin, end = match.start() + start, match.end() + start
            earlier = [m for m in mentions if m.end <= begin]
            candidates = [*self._recent, *earlier]
            back = self._headline if opens and match["pair"] and match.start() == 0 else []
            antecedents = list(back) or self._antecedents(match, earlier, candidates, text, start)
            if (match["pair"] and len(antecedents) == 2) or (match["three"] and len(antecedents) == 3):
                both = Mention(
                    begin,
                    end,
                    match[0],
                    tuple(sense for m in antecedents for sense in m.senses),
                    None,
                    "noun",
                    _head(match),
                    True,
                    False,
                    tuple(m if m.sector in (None, "GOV", "MIL") else replace(m, sector=None) for m in antecedents),
                )
                if not overlaps(both, mentions):
                    found.append(both)
                continue
            for antecedent in antecedents:
                sector = "GOV" if match["organ"] else antecedent.sector
                new = Mention(begin, end, match[0], antecedent.senses, sector, "noun", _head(match))
                if not overlaps(new, mentions) and not overlaps(new, found):
                    found.append(new)
        for match in BOTH_KOREAS.finditer(text):
            begin, end = match.start() + start, match.end() + start
            halves = tuple(Mention(begin, end, match[0], (Sense(key),), None, "name") for key in ("PRK", "KOR"))
            both = Mention(
                begin, end, match[0], tuple(s for m in halves for s in m.senses), None, "name", "", True, False, halves
            )
            if not overlaps(both, mentions):
                found.append(both)
        if self.koreas:
            for match in NORTH.finditer(text):
                key = "PRK" if match[1] == "North" else "KOR"
                new = Mention(match.start() + start, match.end() + start, match[0], (Sense(key),), None, "name")
                if not overlaps(new, mentions):
                    found.append(new)
        return found

    def _antecedents(
        self, match: re.Match[str], earlier: Sequence[Mention], candidates: Sequence[Mention], text: str, start: int
    ) -> list[Mention]:
        recent = list(reversed(candidates))
        if match["three"]:
            listed = (n for n in (states_of(earlier), self._last) if len(n) == 3 and is_list(n))
            return next(listed, []) or self._three() or (self._opening if len(self._opening) == 3 else [])
        if match["own"]:
            owner = states_of(earlier)[:1] or ([self._doer] if self._doer is not None else [])
            others = [m for m in self._headline if owner and not m.entities() & owner[0].entities()]
            return others if len(others) == 1 else self._dominant(owner)
        if match["pair"]:
            speaking = _is_said_of_others(match, earlier, text, start)
            if speaking:
                # "Peru and Chile urged both countries …": two who speak of two others.
                apart = {e for m in _speakers(earlier, text, start) for e in m.entities()}
                for near in (self._headline, self._last):
                    others = [m for m in near if not m.entities() & apart]
                    if len(others) == 2:
                        return others
            if len(states_of(earlier)) > 2:
                # Of several, only two that are named together can be meant; a third does something to them.
                return named_together(states_of(earlier), text, start)
            if len(states_of(earlier)) == 1 and self._doer is not None and OWNED.match(text) and match.start() > 10:
                # "Its minister visited Niger, and the two signed …"
                other = self._doer
                return [] if other.entities() & earlier[0].entities() else [other, *states_of(earlier)]
            together = joined(self._last)
            named = {entity for m in earlier for entity in m.entities()}
            if len(self._last) > 2 and together and not any(m.entities() & named for m in together):
                return together
            for near in (states_of(earlier), self._last, self._headline):
                if len(near) == 2:
                    return near
                # A third one that does something to "both" is none of them.
                others = [m for m in near if not any(m.entities() & e.entities() for e in earlier)]
                if earlier and len(others) == 2:
                    return others
            countries: list[Mention] = []
            for mention in recent:
                if is_state(mention) and not any(mention.entities() & c.entities() for c in countries):
                    countries.append(mention)
            if len(countries) > 2 and match.start() > 5 and earlier:
                countries = [c for c in countries if not c.entities() & earlier[-1].entities()]
            return countries[:2] if len(countries) >= 2 else []
        if match["country"]:
            states = [m for m in recent if is_state(m)]
            kinds = REALMS.get(match["country"])
            if kinds is not None:
                return [m for m in states if m.entities() & kinds][:1]
            if earlier and is_state(earlier[0]):
                between = text[earlier[0].end - start : match.start()]
                if REPORT.search(between) and len({e for m in earlier for e in m.entities()}) == 1:
                    return [earlier[0]]
                states = [m for m in states if not m.entities() & earlier[0].entities()]
            elif not earlier and self._doer is not None and PRONOUN.match(text):
                states = [m for m in states if not m.entities() & self._doer.entities()]
            near = [m for m in states if m in earlier] or [m for m in states if m in self._last] or states
            if near and near[0] in earlier:
                return near[:1]
            # Of those that the last sentence named, the one that the article names most.
            return sorted(near, key=lambda m: -self._named[min(m.entities())])[:1]
        if match["organ"]:
            of_this_sentence = states_of(earlier)
            if len(of_this_sentence) == 1:
                undergoing = UNDERGOING.search(text[: of_this_sentence[0].start - start][-30:])
                spoken = match.start() > 40 and self._doer is not None and ATTRIBUTES.match(text[match.end() :])
                if undergoing and spoken and self._doer is not None and is_state(self._doer):
                    return [self._doer]
                return of_this_sentence
            states = [m for m in recent if is_state(m) and (m.sector or "GOV") in ("GOV", "MIL", "LEG")]
            # "the ministry" is the ministry that was named last, not that of the country named last.
            return ([m for m in states if m.head == _head(match)] or states)[:1]
        bodies = (
            ("organisation",) if match["group"].startswith(("bloc", "commission", "alliance", "organi")) else ("group",)
        )
        meant = [m for m in recent if any(s.role in bodies or s.sector == "REB" for s in m.senses)]
        if bodies == ("organisation",):
            # The bloc of an article is the one that it names most, unless it has just named another.
            order = [key for key, _ in self._bodies.most_common()]
            meant = [m for m in meant if min(m.entities()) in order]
            meant.sort(key=lambda m: order.index(min(m.entities())))
        return meant[:1]

    def _three(self) -> list[Mention]:
        """The three of whom the last sentences told one after the other ("Mali did so. Chad and Niger followed.")."""
        found: list[Mention] = []
        for doers in reversed(self._doers[-3:]):
            found = states_of([*doers, *found])
            if len(found) >= 3:
                break
        return found if len(found) == 3 else []

    def _dominant(self, owner: Sequence[Mention]) -> list[Mention]:
        """The state that the article names far more than others, if it is not the owner."""
        others = [m for m in self._recent if is_state(m) and owner and not m.entities() & owner[0].entities()]
        ranked = [(n, key) for key, n in self._named.most_common(4) if any(key in m.entities() for m in others)]
        if not ranked or ranked[0][0] < 3 or (len(ranked) > 1 and ranked[0][0] < _DOMINANCE * ranked[1][0]):
            return []
        return [m for m in reversed(others) if ranked[0][1] in m.entities()][:1]

    def remember(self, mentions: Sequence[Mention], begins: int = 0) -> None:
        """Take in the mentions of a sentence that begins at an offset, in order; only the last few sentences count."""
        self._recent = [*self._recent, *mentions][-12:]
        self._last = states_of(mentions)
        first = self._last[0] if self._last else None
        self._doers.append(beginning(self._last, begins))
        self._doer = first if first is not None and first.start - begins < AT_THE_START else self._doer
        self._named.update(min(m.entities()) for m in mentions)
        self._bodies.update(min(m.entities()) for m in mentions if any(s.role == "organisation" for s in m.senses))
        if len(self._last) == 2 and not self._headline:
            self._headline = self._last
        if len(self._opening) < 3:
            self._opening = states_of([*self._opening, *mentions])
        names = {entity for mention in mentions for entity in mention.entities()}
        self.koreas = self.koreas or {"PRK", "KOR"} <= names or "PRK" in names

    @property
    def has_antecedent(self) -> bool:
        """True if a pronoun at the start of the next sentence could mean an actor."""
        return bool(self._recent)


def starts_with_pronoun(text: str) -> bool:
    """True for a sentence whose subject may be the subject of the one before."""
    words = text[:40].replace(",", " ").replace("“", " ").replace('"', " ").split()[:4]
    return any(word.lower() in _SAFE_PRONOUNS for word in words)


def _is_said_of_others(match: re.Match[str], earlier: Sequence[Mention], text: str, start: int) -> bool:
    """True for "both sides" as those whom the one named last asks or thanks."""
    if not earlier:
        return False
    between = text[earlier[-1].end - start : match.start()]
    if match[0].lower().startswith("its ") or RELATIVE.match(between):
        return True
    return len(between) < 60 and not CLAUSE.search(between) and TO_OTHERS.search(between) is not None


def _speakers(earlier: Sequence[Mention], text: str, start: int) -> Sequence[Mention]:
    """The actor named last, and who is joined to it by "and"."""
    between = text[earlier[-2].end - start : earlier[-1].start - start].split() if len(earlier) > 1 else []
    return earlier[-2:] if between in (["and"], ["and", "the"]) else earlier[-1:]


def _head(match: re.Match[str]) -> str:
    return match[0].split()[-1].lower()
