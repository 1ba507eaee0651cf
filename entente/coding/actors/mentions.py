"""Mentions: actors as a text names them, before it is known what they did."""

from dataclasses import dataclass, replace
from datetime import date

from entente.relations.events import Actor


@dataclass(frozen=True, slots=True)
class Sense:
    """One reading of a name: entity and sector, from a day (inclusive) to a day (exclusive); None is open.

    `unconfirmed`: a term of office that only counts where the text names the office's country beside the person.
    """

    entity: str
    sector: str = ""
    role: str = "name"
    starts_on: date | None = None
    ends_on: date | None = None
    unconfirmed: bool = False

    def holds_on(self, day: date) -> bool:
        """True if the name means this on that day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the gazetteer: its senses and their roles, and whether it is a demonym, and one in the plural.

    `accented`: how it must be written, where without accents it would be a word; else empty.
    """

    text: str
    senses: tuple[Sense, ...]
    roles: frozenset[str] = frozenset()
    demonym: bool = False
    plural: bool = False
    accented: str = ""

    @property
    def is_party(self) -> bool:
        """True if it names nothing but a political party."""
        return self.roles == {"party"}


@dataclass(frozen=True, slots=True)
class ActorMention:
    """An actor named at text[start:end] (code points). `head` is the lemma of its common noun ("troops"), if any.

    `form`: name, adjective (a demonym modifying something else), noun (demonym or institution), person, given.
    `apposed`: senses of the person's name that is joined to a title or country in it.
    """

    start: int
    end: int
    text: str
    senses: tuple[Sense, ...]
    sector: str | None = None
    form: str = "name"
    head: str = ""
    apposed: tuple[Sense, ...] = ()

    def sense_on(self, day: date | None) -> Sense:
        """What the name means on a day; the latest reading when none holds or no day is known."""
        if day is not None:
            for sense in self.senses:
                if sense.holds_on(day):
                    return sense
        return max(self.senses, key=lambda s: (s.ends_on or date.max, s.starts_on or date.min))

    def actor_on(self, day: date | None) -> Actor:
        """The actor as of a day; a sector given by the words themselves ("Afghan rebels") goes before the name's."""
        sense = self.sense_on(day)
        return Actor(sense.entity, self.sector if self.sector is not None else sense.sector, self.text)

    def entities(self) -> set[str]:
        """Every entity that the mention may mean."""
        return {sense.entity for sense in self.senses}

    def moved(self, offset: int) -> "ActorMention":
        """The same mention in a text that begins `offset` code points later."""
        return replace(self, start=self.start - offset, end=self.end - offset)
