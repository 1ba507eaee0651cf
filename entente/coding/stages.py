"""Later stages of a treaty whose signing the same sentence tells.

"Ratified the pact that the two signed in 2010"; "was signed in March and ratified by both in May".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from entente.coding.actors.mentions import ActorMention
from entente.coding.clauses import any_of
from entente.coding.dates.phrases import DatePhrase
from entente.coding.reader.reader import PUBLICATION, UNDATED, ReadEvent
from entente.relations.codebook import HAPPENED

#: Code points of a sentence before a stage in which its negation, or its subject, is looked for.
_REACH = 200

#: What parts two sentences within one.
_PARTED = re.compile(r"[;:]")


@dataclass(frozen=True, slots=True)
class Stages:
    """Finds stages by their words. The reader tells one act of a pair in most cases, and takes the signing.

    `signings`: the acts beside which they are looked for; `verbs`: of each stage, what its words and those that begin
    its object are, up to the noun; `not_done`: what stands before a verb that is negated or lies ahead; `before`: what
    stands before one that lies back, so that without a date it is of no day. `by_both`, `in_force`: what tells after a
    signing that both have ratified, or that it is in force; `nouns`: of a treaty, after which it is on another one.
    """

    signings: frozenset[str]
    verbs: Mapping[str, re.Pattern[str]]
    not_done: re.Pattern[str]
    before: re.Pattern[str]
    by_both: re.Pattern[str]
    in_force: re.Pattern[str]
    nouns: re.Pattern[str]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Stages":
        """From the table `stage` of wordings.toml."""
        nouns, begins = any_of(table["nouns"]).pattern, any_of(table["begins"]).pattern
        word = r"[\w’'-]+"
        between = (
            rf"(?:\W+{word}){{0,{table['words_before']}}}?\W+{begins}(?: {word}){{0,{table['words_within']}}}? {nouns}"
        )
        return cls(
            frozenset(table["signings"]),
            {
                act: re.compile(rf"({any_of(words).pattern}){between}", re.IGNORECASE)
                for act, words in table["verbs"].items()
            },
            re.compile(rf"{any_of(table['not_done']).pattern}(?: \w+){{0,3}} $", re.IGNORECASE),
            re.compile(rf"{any_of(table['back']).pattern}(?: \w+ly)? $", re.IGNORECASE),
            any_of(table["by_both"]),
            any_of(table["in_force"]),
            any_of(table["nouns"]),
        )

    def beside(
        self,
        told: Sequence[ReadEvent],
        sentence: str,
        names: Sequence[ActorMention],
        dates: Sequence[DatePhrase],
        start: int,
    ) -> Iterator[ReadEvent]:
        """The stages that a sentence tells beside the signings among its events, each by whoever is named before it.

        One that the reader tells, too, is as sure as the signing; one that it tells of others is theirs.
        `told`: the events of the sentence, which begins at `start` of the text, as the offsets of `dates` do.
        """
        for act, verb in self.verbs.items():
            by_reader = {(e.source.party, e.target.party): e.choice.likelihood for e in told if e.choice.act == act}
            for signing in told:
                if (
                    by_reader
                    and by_reader.get((signing.source.party, signing.target.party), 1.0) >= signing.choice.likelihood
                ):
                    continue
                choice = signing.choice
                if choice.act not in self.signings or choice.status not in HAPPENED:
                    continue
                found = verb.search(sentence, 0, signing.trigger[0])
                if found is None or _PARTED.search(sentence, found.start(), signing.trigger[0]):
                    continue
                if self.not_done.search(sentence, max(0, found.start() - _REACH), found.start()):
                    continue
                parties = {signing.source.party.entity, signing.target.party.entity}
                named = [parties & set(name.entities()) for name in names if name.end <= found.start()]
                last = next((entities for entities in reversed(named) if entities), set())
                if last != {signing.source.party.entity}:
                    continue
                stage = replace(choice, act=act, status="effective", rule="beside its signing", kin={})
                yield replace(
                    signing,
                    choice=stage,
                    trigger=found.span(1),
                    dated=self._date(sentence, found, [(d.start - start, d.end - start) for d in dates], signing.line),
                )

    def after(
        self, told: Sequence[ReadEvent], sentence: str, dates: Sequence[DatePhrase], start: int
    ) -> Iterator[ReadEvent]:
        """The ratification by both and the entry into force that a sentence tells after a signing among its events.

        None that the reader tells itself, and none after the noun of another treaty. `told`, `start`: as of `beside`.
        """
        own = [(d.start - start, d.end - start) for d in dates]
        for words, act, status in ((self.by_both, "ratify_treaty", "effective"), (self.in_force, "", "ongoing")):
            for signing in told:
                choice = signing.choice
                if choice.act not in self.signings or choice.status != "effective":
                    continue
                end = signing.trigger[1]
                found = words.search(sentence, end)
                if found is None or _PARTED.search(sentence, end, found.start()):
                    continue
                if self.nouns.search(sentence, end, found.start()):
                    continue
                if self.not_done.search(sentence, end, found.start()):
                    continue
                stage = replace(choice, act=act or choice.act, status=status, rule="after its signing", kin={})
                if any(
                    (other.source.party, other.target.party, other.choice.act, other.choice.status)
                    == (signing.source.party, signing.target.party, stage.act, status)
                    for other in told
                ):
                    continue
                later = [number for number, (begin, _) in enumerate(own) if begin >= found.end()]
                dated = (signing.line, later[0]) if later else UNDATED
                yield replace(signing, choice=stage, trigger=found.span(), dated=dated)

    def _date(
        self, sentence: str, verb: re.Match[str], dates: Sequence[tuple[int, int]], line: int
    ) -> tuple[int, int] | str:
        """The date before the verb or between it and its object, else that of publication if it does not lie back."""
        own = [number for number, (_, end) in enumerate(dates) if end <= verb.end()]
        if own:
            return line, own[-1]
        return UNDATED if self.before.search(sentence[: verb.start()]) else PUBLICATION
