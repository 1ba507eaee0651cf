"""Finding the actors of a sentence: gazetteer, composition, and the merging of titles with names."""

import re
from collections.abc import Sequence
from dataclasses import replace

from entente.coding.composition import Composer, is_attribute
from entente.coding.gazetteer import Gazetteer, Name
from entente.coding.lexicon import Lexicon
from entente.coding.mentions import Mention, Sense
from entente.services.articles import GivenActor

#: Above so many mentions a sentence is a list, not news.
MAX_MENTIONS = 40


class ActorFinder:
    """Names in a text → mentions with their senses, each with its sector."""

    def __init__(self, gazetteer: Gazetteer, lexicon: Lexicon) -> None:
        self._gazetteer = gazetteer
        self._composer = Composer(lexicon.institutions)

    def find(self, text: str) -> list[Mention]:
        """The mentions of a text, left to right, none overlapping another."""
        bare = [
            self._bare(text, name, start, end)
            for name, start, end in self._gazetteer.find(text)
            if not is_attribute(text, start, end) and not _part_of_name(text, end, name)
        ]
        composed: list[Mention] = []
        for index, mention in enumerate(bare):
            if composed and mention.start < composed[-1].end:
                continue
            whole = self._composer.extend(text, mention, bare[index + 1 :])
            if composed and whole.start < composed[-1].end:
                whole = mention
            composed.append(whole)
        return _shared_heads(text, _merged(text, composed))

    @staticmethod
    def _bare(text: str, name: Name, start: int, end: int) -> Mention:
        roles = {sense.role for sense in name.senses}
        form = "name"
        if name.demonym:
            form = "noun" if name.plural or _STANDS_ALONE.match(text, end) else "adjective"
        elif roles & {"leader", "minister", "official", "person"}:
            form = "person"
        return Mention(start, end, text[start:end], name.senses, None, form, "", name.plural, name.historic)


def given(text: str, actors: Sequence[GivenActor]) -> list[Mention]:
    """The caller's own actors as mentions; a leading preposition is left out of the span's syntax."""
    found = []
    for actor in actors:
        span = text[actor.start : actor.end]
        lead = len(span) - len(span.lstrip())
        first, _, rest = span.strip().partition(" ")
        if first.lower() in _PREPOSITIONS and rest:
            lead += len(first) + 1
        core = span[lead:].rstrip().rstrip(" ,")
        if not core:
            continue
        words = _core_noun_phrase(core).split()
        head = words[-1].rstrip(",.") if words else ""
        plural = (" and " in core and "," not in core.split(" and ")[0]) or (head.endswith("s") and head[:1].islower())
        found.append(
            Mention(
                actor.start + lead,
                actor.start + lead + len(core),
                core,
                (Sense(actor.entity),),
                None,
                "given",
                _given_head(words, head),
                plural,
            )
        )
    return sorted(found, key=lambda mention: mention.start)


def _given_head(words: Sequence[str], head: str) -> str:
    """The common noun of a given span: its last word, or the envoy's title before a name."""
    title = next((w.lower() for w in words if w.lower().rstrip("s") in ("ambassador", "envoy", "diplomat")), "")
    return title or (head.lower() if head[:1].islower() else "")


_STANDS_ALONE = re.compile(
    r"\s*(?:$|[.,;:?!)]|\s(?:have|has|had|are|were|will|would|said|say|"
    r"and (?:the )?[A-Z]|who|in|of|to|on|did|do|also|may|could|should|must)\b)"
)
_PREPOSITIONS = frozenset({"in", "on", "at", "of", "to", "from", "with", "by", "for", "against"})
_CLAUSES = (
    " who ",
    " which ",
    " that ",
    ", ",
    " of ",
    " in ",
    " at ",
    " on ",
    " from ",
    " by ",
    " for ",
    " against ",
    " based ",
    " led ",
    " loyal ",
    " suspected ",
    " now ",
    " along ",
    " between ",
    " to ",
    " with ",
)


def _core_noun_phrase(span: str) -> str:
    cuts = [cut for cut in (span.find(word) for word in _CLAUSES) if cut > 0]
    return span[: min(cuts)] if cuts else span


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


def _merged(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Join title and name, apposed names and acronyms in brackets, where both mean the same entity."""
    merged: list[Mention] = []
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
                plural=last.plural,
                historic=last.historic or mention.historic,
            )
        else:
            merged.append(mention)
    return merged


def _shared_heads(text: str, mentions: list[Mention]) -> list[Mention]:
    """In "Russian and Chinese troops" the first demonym stands for troops, too."""
    for index in range(len(mentions) - 2, -1, -1):
        mention, following = mentions[index], mentions[index + 1]
        gap = text[mention.end : following.start].strip()
        if (
            mention.form == "adjective"
            and gap in ("and", ",", "or", ", and", "&")
            and following.form in ("noun", "person")
        ):
            mentions[index] = replace(mention, form="noun", sector=following.sector, plural=True, head=following.head)
    return mentions
