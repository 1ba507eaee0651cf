"""Finding the actors of a sentence: gazetteer, composition, and the merging of titles with names."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from entente.coding.actors.composition import Composer, institution_nouns, is_attribute
from entente.coding.actors.gazetteer import Found, Gazetteer
from entente.coding.actors.lookalikes import TEAMS, LookAlikes
from entente.coding.actors.mentions import ActorMention, Name, Sense
from entente.coding.actors.one_case import OneCase, is_one_case, recased
from entente.services.articles import GivenActor

#: Above so many mentions a sentence is a list, not news.
MAX_MENTIONS = 40

#: A first word in capitals before one that is not, as some papers begin their articles.
_SHOUTED = re.compile(r"[A-Z]{3,}(?= [A-Z][a-z])")


class ActorFinder:
    """Names in a text → mentions with their senses, each with its sector."""

    def __init__(self, gazetteer: Gazetteer, composer: Composer, one_case: OneCase, lookalikes: LookAlikes) -> None:
        self._gazetteer = gazetteer
        self._composer = composer
        self._one_case = one_case
        self._lookalikes = lookalikes

    @classmethod
    def load(cls, seeds: Path) -> "ActorFinder":
        """Read seeds/entities and seeds/actors."""
        actors = seeds / "actors"
        nouns = institution_nouns(actors / "institution_nouns.txt")
        one_case = OneCase.load(actors / "one_case.toml")
        lookalikes = LookAlikes(actors / "lookalikes.toml", nouns)
        return cls(Gazetteer.load(seeds, one_case.accents), Composer(nouns), one_case, lookalikes)

    def find(self, text: str) -> list[ActorMention]:
        """The mentions of a text, left to right, none overlapping another."""
        if not is_one_case(text):
            return self._found(text, self._named(text))
        names = self._one_case.kept(text, list(self._gazetteer.find_caseless(text)))
        found = self._found(recased(text, names), names) if names else []
        return [replace(mention, text=text[mention.start : mention.end]) for mention in found]

    def _named(self, text: str) -> list[Found]:
        """The names of a text; of "PAPUA New Guinea", with a first word in capitals, the whole name."""
        first = _SHOUTED.match(text)
        if first is None:
            return list(self._gazetteer.find(text))
        names = list(self._gazetteer.find(first[0].capitalize() + text[first.end() :]))
        whole = bool(names) and names[0][1] == 0 and names[0][2] > first.end()
        return names if whole else list(self._gazetteer.find(text))

    def _found(self, text: str, names: Sequence[Found]) -> list[ActorMention]:
        bare = [
            self._bare(text, name, start, end)
            for name, start, end in names
            if not is_attribute(text, start, end) and not self._lookalikes.hides(text, start, end, name)
        ]
        composed: list[ActorMention] = []
        for index, mention in enumerate(bare):
            if composed and mention.start < composed[-1].end:
                composed[-1] = replace(composed[-1], apposed=_shared(mention, composed[-1]))
                continue
            whole = self._composer.extend(text, mention, bare[index + 1 :])
            if composed and whole.start < composed[-1].end:
                whole = mention
            composed.append(whole)
        return self._private(text, _shared_heads(text, _merged(text, composed)))

    @staticmethod
    def _bare(text: str, name: Name, start: int, end: int) -> ActorMention:
        form = "name"
        if name.demonym:
            form = "noun" if name.plural or _STANDS_ALONE.match(text, end) else "adjective"
        elif name.roles & {"leader", "minister", "official", "person"}:
            form = "person"
        return ActorMention(start, end, text[start:end], name.senses, None, form)

    def _private(self, text: str, mentions: list[ActorMention]) -> list[ActorMention]:
        """Give teams and the members of a people ("two Frenchmen") the sector of civilians."""
        bare = [m for m in mentions if m.sector is None and m.form != "person"]
        if not bare:
            return mentions
        sport = self._lookalikes.is_sport(text, [m.end for m in bare])
        return [
            replace(m, sector="CVL")
            if m.sector is None
            and (
                (sport and m.form == "name" and any(s.role in TEAMS for s in m.senses))
                or (m.form == "noun" and not m.head and self._lookalikes.is_people(text, m.start, m.end))
            )
            else m
            for m in mentions
        ]


def given(text: str, actors: Sequence[GivenActor]) -> list[ActorMention]:
    """The caller's own actors as mentions, in their order in the text; blanks and commas around them are left out."""
    found = []
    for actor in actors:
        span = text[actor.start : actor.end]
        core = span.strip(" ,\t\r\n")
        if core:
            start = actor.start + span.index(core)
            found.append(ActorMention(start, start + len(core), core, (Sense(actor.entity),), None, "given"))
    return sorted(found, key=lambda mention: mention.start)


_STANDS_ALONE = re.compile(
    r"\s*(?:$|[.,;:?!)]|\s(?:have|has|had|are|were|will|would|said|say|"
    r"and (?:the )?[A-Z]|who|in|of|to|on|did|do|also|may|could|should|must)\b)"
)


def _merged(text: str, mentions: Sequence[ActorMention]) -> list[ActorMention]:
    """Join title and name, apposed names and acronyms in brackets, where both mean the same entity."""
    merged: list[ActorMention] = []
    for mention in mentions:
        last = merged[-1] if merged else None
        gap = text[last.end : mention.start] if last else "x"
        if (
            last
            and gap.strip(" ,(’s'") == ""
            and len(gap) <= 3
            and last.entities() & mention.entities()
            and (
                (mention.form in ("person", "name") and last.form != "name")
                or gap.endswith("(")
                or gap in (" ", "'s ", "’s ")
            )
        ):
            shared = _shared(mention, last) or last.senses
            keep = last if last.head or mention.form != "person" else mention
            end = mention.end + (text[mention.end : mention.end + 1] == ")" and gap.endswith("("))
            merged[-1] = replace(
                keep,
                start=last.start,
                end=end,
                text=text[last.start : end],
                senses=shared,
                form="person" if mention.form == "person" else last.form,
                sector=last.sector if last.sector is not None else mention.sector,
                apposed=shared if mention.form == "person" else last.apposed,
            )
        else:
            merged.append(mention)
    return merged


def _shared(mention: ActorMention, other: ActorMention) -> tuple[Sense, ...]:
    """The senses of a mention in which it means what another may mean."""
    return tuple(sense for sense in mention.senses if sense.entity in other.entities())


def _shared_heads(text: str, mentions: list[ActorMention]) -> list[ActorMention]:
    """In "Russian and Chinese troops" the first demonym stands for troops, too."""
    for index in range(len(mentions) - 2, -1, -1):
        mention, following = mentions[index], mentions[index + 1]
        gap = text[mention.end : following.start].strip()
        if (
            mention.form == "adjective"
            and gap in ("and", ",", "or", ", and", "&")
            and following.form in ("noun", "person")
        ):
            mentions[index] = replace(mention, form="noun", sector=following.sector, head=following.head)
    return mentions
