"""Finding the actors of a sentence: gazetteer, composition, and the merging of titles with names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from entente.coding.actors.composition import Composer, is_attribute
from entente.coding.actors.gazetteer import Gazetteer, Name
from entente.coding.actors.mentions import ActorMention, Sense
from entente.services.articles import GivenActor

#: Above so many mentions a sentence is a list, not news.
MAX_MENTIONS = 40


class ActorFinder:
    """Names in a text → mentions with their senses, each with its sector."""

    def __init__(self, gazetteer: Gazetteer, institutions: Mapping[str, tuple[str, bool]]) -> None:
        """`institutions`: noun → (sector, whether a personal name may follow), from `institution_nouns`."""
        self._gazetteer = gazetteer
        self._composer = Composer(institutions)

    def find(self, text: str) -> list[ActorMention]:
        """The mentions of a text, left to right, none overlapping another."""
        bare = [
            self._bare(text, name, start, end)
            for name, start, end in self._gazetteer.find(text)
            if not is_attribute(text, start, end) and not _part_of_name(text, end, name)
        ]
        composed: list[ActorMention] = []
        for index, mention in enumerate(bare):
            if composed and mention.start < composed[-1].end:
                continue
            whole = self._composer.extend(text, mention, bare[index + 1 :])
            if composed and whole.start < composed[-1].end:
                whole = mention
            composed.append(whole)
        return _shared_heads(text, _merged(text, composed))

    @staticmethod
    def _bare(text: str, name: Name, start: int, end: int) -> ActorMention:
        roles = {sense.role for sense in name.senses}
        form = "name"
        if name.demonym:
            form = "noun" if name.plural or _STANDS_ALONE.match(text, end) else "adjective"
        elif roles & {"leader", "minister", "official", "person"}:
            form = "person"
        return ActorMention(start, end, text[start:end], name.senses, None, form)


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


def _part_of_name(text: str, end: int, name: Name) -> bool:
    """True inside a longer proper name ("Bank of China Tower", "Paris Hilton") that is not the actor's."""
    if any(sense.role in ("leader", "minister", "official", "person") for sense in name.senses):
        return False
    after = text[end : end + 2]
    return (
        len(after) == 2
        and after[0] == " "
        and after[1].isupper()
        and not name.demonym
        and text[end + 1 : end + 40].split()[0].rstrip(",.") in _TAILS
    )


_TAILS = frozenset(
    {
        "Times",
        "Post",
        "Street",
        "University",
        "Airlines",
        "Airways",
        "Tower",
        "Cup",
        "Open",
        "Grand",
        "City",
        "United",
        "Marathon",
        "Square",
        "Herald",
        "Today",
    }
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
            shared = tuple(s for s in mention.senses if s.entity in last.entities()) or last.senses
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
            )
        else:
            merged.append(mention)
    return merged


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
