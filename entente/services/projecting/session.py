"""Derive dyads again within one unit of work: mentions → events → states."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.events import Event, Fact
from entente.relations.folding.dyad import fold_in_full
from entente.relations.folding.facet import FacetKey, facets_of
from entente.relations.folding.refold import refold
from entente.relations.grouping.group import Key, group_mentions
from entente.relations.grouping.regroup import regroup
from entente.relations.periods import Period
from entente.relations.publishers import Publishers
from entente.relations.state_facts import Evidence, StateReport, reports_of
from entente.relations.states import Change, compare
from entente.relations.tally import daily, rolled_up
from entente.services.ports.derived import Derived
from entente.services.ports.ledger import UnitOfWork


@dataclass
class ProjectionSession:
    """Dyads locked for one unit of work. `fold` derives them again from the mentions that the unit sees.

    `at`: the time under which to record what changes, not before that of any earlier record.
    """

    unit: UnitOfWork
    codebook: Codebook
    publishers: Publishers
    at: datetime
    versions: Mapping[Dyad, int] = field(default_factory=dict)

    def fold(
        self,
        article_id: str | None,
        at: datetime,
        also: Iterable[str] = (),
        reason: str | None = None,
        supersedes: str | None = None,
    ) -> list[Change]:
        """Derive the locked dyads again, mark them dirty, append the changes to the changes feed and return them.

        With `article_id`, derives only what mentions of that article and of those in `also` can affect. Without it, or
        where a dyad was last derived under another codebook version, derives everything. `reason` and `supersedes` are
        kept with the changes, as of a RecordedChange.
        """
        changes: list[Change] = []
        version = self.codebook.version
        # Of a dyad that was never locked before all is new, so following it derives all of it.
        new = [d for d, n in self.versions.items() if n == 1 and article_id is not None]
        behind = {
            d for d in self.versions.keys() - new if article_id is None or self.unit.dyads.derived_by(d) != version
        }
        for dyad in sorted(behind):
            changes += self._derive(dyad, at)
        if article_id is not None:
            dates = self.unit.mentions.dates_of({article_id, *also})
            followed = self.versions.keys() - behind
            changes += self._follow(
                {key: on for key, on in dates.items() if Dyad.of_parties(key[0], key[1]) in followed}, at
            )
            self.unit.dyads.note_derived(new, version)
        self.unit.dyads.mark_dirty(self.versions, at)
        if changes:
            self.unit.changes.append(changes, article_id, at, reason=reason, supersedes=supersedes)
        elif self.versions:
            self.unit.changes.note_recorded(at)
        return changes

    def _derive(self, dyad: Dyad, at: datetime) -> list[Change]:
        """Derive a dyad in full from its mentions and state facts."""
        self.unit.mentions.own(dyad, self.publishers.owner_of)
        before = self.unit.derived.states(dyad)
        facts: list[Fact] = []
        self.unit.derived_writes.replace_events(dyad, self._group(dyad, facts))
        whole = derive(facts, self.codebook, reports_of(self.unit.state_facts.of_dyad(dyad)))
        self.unit.derived_writes.replace_all(dyad, whole)
        self.unit.dyads.note_derived([dyad], self.codebook.version)
        return compare(before, whole.intervals, at.date())

    def _group(self, dyad: Dyad, facts: list[Fact]) -> Iterator[Event]:
        """Yield a dyad's events, key by key; append their facts, which take less memory, to `facts`."""
        for mentions in self.unit.mentions.by_key(dyad):
            for event in group_mentions(mentions):
                facts.append(event.fact)
                yield event

    def _follow(self, dates: Mapping[Key, Collection[Period | None]], at: datetime) -> list[Change]:
        """Derive what mentions of these dates affect: their groups, the groups' sums and the facets that they move."""
        writes = self.unit.derived_writes
        histories = self.unit.mentions.histories(dates)
        regrouped = {key: regroup(key, dates[key], histories[key]) for key in sorted(dates)}
        went, came = writes.replace_groups(regrouped)
        sums = daily(came, self.codebook)
        for day, tally in daily(went, self.codebook, -1).items():
            sums[day].add(tally)
        writes.add_tallies(rolled_up(sums, self.codebook))
        return self.refold([*went, *came], at)

    def refold(self, moved: Iterable[Evidence], at: datetime) -> list[Change]:
        """Fold again the facets that events and state facts, which came or went, move; the changes."""
        reach = dict(sorted(_reach(moved, self.codebook).items()))
        firsts = {facet: first for facet, (first, _) in reach.items()}
        histories = self.unit.derived.facet_histories(firsts, self.codebook)
        refolded = {
            facet: refold(facet, first, last, histories[facet], self.codebook) for facet, (first, last) in reach.items()
        }
        replaced = self.unit.derived_writes.replace_facets(refolded)
        return [change for before, now in replaced.values() for change in compare(before, now, at.date())]


def derive(facts: Sequence[Fact], codebook: Codebook, reports: Sequence[StateReport] = ()) -> Derived:
    """Derive intervals, sums and checkpoints from a dyad's events and state facts, which no sum counts."""
    intervals, checkpoints = fold_in_full([*facts, *reports], codebook)
    return Derived(intervals, rolled_up(daily(facts, codebook), codebook), checkpoints)


def _reach(facts: Iterable[Evidence], codebook: Codebook) -> dict[FacetKey, tuple[date, date]]:
    """The facets that these facts move, and the first and last day on which they do."""
    reach: dict[FacetKey, tuple[date, date]] = {}
    for fact in facts:
        day = fact.moves_on
        for facet in facets_of(fact, codebook):
            first, last = reach.get(facet, (day, day))
            reach[facet] = min(first, day), max(last, day)
    return reach
