"""Codebook: acts, their CAMEO and PLOVER codes, and their effects on the facets of a relation.

The rows are data (seeds/codebook/); this module defines their types and the look-ups on them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from entente.relations.errors import UnknownAct, UnknownFacet
from entente.relations.reliability import Reliability

#: Statuses of an act that happened.
HAPPENED = frozenset({"effective", "ongoing"})

#: Standings that an effect may give a value: held, pending (announced or agreed), threatened.
STANDINGS = ("held", "pending", "threatened")

#: Standing of a value that only events below the floor report: it is shown, and is no value that holds.
UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Effect:
    """Effect of an act in one of `statuses` on one facet.

    `moves`: "same" (source→target), "reverse" (target→source) or "both". `item`: the member of a set facet; "*" for
    every member reported held so far; "context:KEY" for the value of KEY in the event's context, else "other", and with
    "|*" after it, else every one held; with "|only" the one held, where there is no other.
    `only_from`: if not empty, the item's last reported held value, expired or not, must be one of these; where the
    highest value holds, the highest not expired. It is "unknown" of what no report says, and after an end.
    `lasts_days`: days after the last supporting event until the value expires; None: it lasts until replaced.
    """

    rule: str
    statuses: frozenset[str]
    facet: str
    value: str
    moves: str = "same"
    item: str = ""
    standing: str = "held"
    only_from: frozenset[str] = frozenset()
    lasts_days: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """An act: its codes when it happened, and its effects. `gloss` is the verb phrase of "Russia … Afghanistan".

    `mutual`: the coder records the act in both directions (unlike `Effect.moves`, which is of one event's effect).
    """

    name: str
    gloss: str
    cameo: str
    root: str
    mode: str = ""
    mutual: bool = False
    cameo_by_status: Mapping[str, str] | None = None
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """One aspect of a relation. `values` run from none or least to most; `unknown` is never among them.

    `family`: of the acts that move it (Codebook.floors). `is_set`: it has a value for each member, of which the coder
    and state facts name `items`. `shared`: every effect on it moves both directions. `follows`: the data set or
    convention that its values are taken from.

    `combine`: "latest" (a later act replaces) or "highest" (the highest value not yet expired holds, as with the
    hostility levels of COW's militarised disputes). `clears`: values that end every other at once. `over`: values of a
    member that is no more, which an act without a name is not on. `of_anyone`: acts on a firm or a person of the target
    are on the target, as a ban of one airline is; else they move nothing. `stages`: of each process its values in the
    order in which they are passed through; reports of two on one day don't contradict each other.
    """

    name: str
    values: tuple[str, ...]
    family: str
    is_set: bool = False
    shared: bool = False
    combine: str = "latest"
    clears: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()
    stages: tuple[tuple[str, ...], ...] = ()
    follows: str = ""
    items: tuple[str, ...] = ()
    of_anyone: bool = False

    def exclude(self, one: str, other: str) -> bool:
        """True if two values of one day contradict each other: they differ and are not stages of one process."""
        return one != other and not any(one in stages and other in stages for stages in self.stages)

    def precedes(self, one: str, other: str) -> bool:
        """True if of two values of one date `one` came first: `other` is further in a stage, or ends every other."""
        if (one in self.clears) != (other in self.clears):
            return other in self.clears
        return any(one in s and other in s and s.index(one) < s.index(other) for s in self.stages)


@dataclass(frozen=True, slots=True)
class Root:
    """A PLOVER event type: quad class 1–4 (verbal/material cooperation, verbal/material conflict), PLOVER's score."""

    name: str
    quad: int
    score: float


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A named table from (act, status) to PLOVER root; a pair that it doesn't list has the act's own root.

    `by_status[status]` is (root if the act is cooperative, root if it is conflictual).
    """

    name: str
    by_status: Mapping[str, tuple[str, str]]
    by_act: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class LabelRule:
    """A rule for the label of a relation: a facet's value, or a range of the net score. The first that fits applies.

    `item`: the member of a set facet; "" for any.
    """

    label: str
    facet: str = ""
    item: str = ""
    value: str = ""
    min_net: float = -10.0
    max_net: float = 10.0
    min_events: int = 0


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """Parameters of the score. `prior` (in intensity units) pulls the score of a relation with few events to 0.

    `version`: of how the score is computed, parameters included.
    """

    version: str
    half_life_days: float
    prior: float
    window_days: int


@dataclass(frozen=True, slots=True)
class Codes:
    """PLOVER and CAMEO codes of an event. `intensity` is on `scale` (−10…10), at that scale's `scale_version`."""

    root: str
    mode: str
    quad: int
    cameo: str
    intensity: float
    scale: str
    scale_version: str


@dataclass(frozen=True)
class Codebook:
    """Every act, facet, root and table, with the version recorded with what is derived under them.

    `effective_confidence`: a value that only one owner reports is "reported" below it, "effective" from it on.
    `ending_confidence`: from it on an event below its floor ends the value that it contradicts.
    `overdue_days`: so many days after the last for which something is planned it is pending no more.
    `floors`: by family of acts, the confidence from which an event moves facets. It applies to events that only
    `calibrated` coders report, by coder version: the confidence of other coders is no probability.
    `reliability`: error rates of the coder in use; None if none were measured of it. Nothing is derived from them.
    """

    version: str
    acts: Mapping[str, Act]
    facets: Mapping[str, Facet]
    roots: Mapping[str, Root]
    crosswalks: Mapping[str, Crosswalk]
    cameo_by_status: Mapping[str, tuple[str, str]]
    intensities: Mapping[str, float]
    scale: str
    scale_version: str
    labels: Sequence[LabelRule]
    score: ScoreRule
    effective_confidence: float
    ending_confidence: float
    overdue_days: int
    floors: Mapping[str, float]
    calibrated: frozenset[str]
    reliability: Reliability | None = None

    def act(self, name: str) -> Act:
        """The act of that name. Raises UnknownAct."""
        try:
            return self.acts[name]
        except KeyError:
            raise UnknownAct(name) from None

    def facet(self, name: str) -> Facet:
        """The facet of that name. Raises UnknownFacet with the known ones."""
        try:
            return self.facets[name]
        except KeyError:
            raise UnknownFacet(name, tuple(self.facets)) from None

    @property
    def label_names(self) -> tuple[str, ...]:
        """Labels that a relation may have; `unknown` where no rule fits."""
        return tuple(dict.fromkeys([*(rule.label for rule in self.labels), "unknown"]))

    def effects(self, act: str, status: str) -> tuple[Effect, ...]:
        """Effects of an act in that status; empty if it moves no facet."""
        return self._effects.get((act, status), ())

    def family(self, act: str) -> str:
        """The family of an act: that of the facets which it moves, "" if it moves none."""
        return self._families.get(act, "")

    def floor(self, act: str) -> float:
        """The confidence from which an event of this act moves facets; 0 if the act moves none."""
        return self._floors.get(act, 0.0)

    @cached_property
    def movers(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """The (act, status) pairs that may move each facet."""
        found: dict[str, set[tuple[str, str]]] = {}
        for pair, effects in self._effects.items():
            for effect in effects:
                found.setdefault(effect.facet, set()).add(pair)
        return {facet: frozenset(pairs) for facet, pairs in found.items()}

    def codes(self, act: str, status: str, crosswalk: str = "plover") -> Codes:
        """Root, mode, quad class, CAMEO code and intensity of an act in a status. Raises UnknownAct, KeyError."""
        cached = self._codes.get((act, status, crosswalk))
        if cached is None:
            cached = self._codes[act, status, crosswalk] = self._derive(self.act(act), status, crosswalk)
        return cached

    def _derive(self, act: Act, status: str, crosswalk: str) -> Codes:
        conflictual = self.roots[act.root].quad > 2
        table = self.crosswalks[crosswalk]
        by_status = table.by_status.get(status)
        root = table.by_act.get((act.name, status)) or (by_status[conflictual] if by_status else act.root)
        cameo = (act.cameo_by_status or {}).get(status)
        if cameo is None:
            default = self.cameo_by_status.get(status)
            cameo = default[conflictual] if default else act.cameo
        intensity, scale = self._intensity(cameo)
        mode = act.mode if root == act.root else ""
        return Codes(root, mode, self.roots[root].quad, cameo, intensity, scale, self.scale_version)

    def _intensity(self, cameo: str) -> tuple[float, str]:
        """The scale's value of a code; where it has none, its nearest ancestor's, and the scale's name says so."""
        for length in range(len(cameo), 1, -1):
            value = self.intensities.get(cameo[:length])
            if value is not None:
                return value, self.scale if length == len(cameo) else f"{self.scale} ({cameo[:length]})"
        raise UnknownAct(f"CAMEO {cameo}")

    @cached_property
    def _floors(self) -> dict[str, float]:
        return {act: self.floors[family] for act, family in self._families.items()}

    @cached_property
    def _families(self) -> dict[str, str]:
        return {name: self.facets[act.effects[0].facet].family for name, act in self.acts.items() if act.effects}

    @cached_property
    def _effects(self) -> dict[tuple[str, str], tuple[Effect, ...]]:
        found: dict[tuple[str, str], tuple[Effect, ...]] = {}
        for act in self.acts.values():
            for effect in act.effects:
                for status in effect.statuses:
                    found[act.name, status] = (*found.get((act.name, status), ()), effect)
        return found

    @cached_property
    def _codes(self) -> dict[tuple[str, str, str], Codes]:
        return {}
