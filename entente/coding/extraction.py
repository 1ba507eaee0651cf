"""From one tree to its events: predicates, their acts, how far the acts got, and who did them to whom."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from entente.coding.acts import ActChooser, Decision
from entente.coding.clauses import Clauses, Part
from entente.coding.lexicon import Lexicon
from entente.coding.mentions import Mention
from entente.coding.modality import Cue, Modality, status_of
from entente.coding.syntax import Node, Tree

#: Above so many pairs one predicate is a list, not an act.
MAX_PAIRS = 12

_SAID_AND_DONE = ("effective", "ongoing")
_EVALUATIVE = frozenset(
    """
    condemn praise accuse blame support thank congratulate defend reject oppose express_concern criticise request
    demand warn complain express_accord condole apologise deny forgive
    """.split()
)
_IN_PLACE = frozenset(
    """
    strike air_strike drone_strike missile_strike shell bomb deploy give_aid give_economic_aid
    give_humanitarian_aid give_military_aid give_peacekeepers open_embassy close_embassy reopen_embassy
    suspend_embassy open_consulate close_consulate invest withdraw_forces announce_ceasefire ceasefire_in_effect
    occupy invade incursion declare_emergency impose_curfew support mediate visit military_exercise
    open_representative_office fight_war appoint_ambassador mobilise train_forces alert_forces violate_ceasefire
    shoot missile_test demonstrate clash kill
    """.split()
)
_AGAINST_ONES_OWN = frozenset(
    """
    strike shell bomb air_strike drone_strike missile_strike kill wound shoot shoot_down destroy seize arrest
    occupy detain_nationals incursion violate_airspace abduct expel_diplomats expel_ambassador freeze_assets
    invade violate_ceasefire violate_treaty
    """.split()
)
#: Parts of the United Kingdom act apart from it in sport only.
_HOME_NATIONS = frozenset({"England", "Scotland", "Wales", "Northern Ireland"})
_STATE_NOUNS = frozenset(
    """
    move decision action policy law step plan statement offensive strategy response act government side stance
    position target city village base soil capital infrastructure leader foreign minister state power coast oil
    ship claim rule control interest security economy goods product steel company vessel plane jet aircraft effort
    peace sovereignty independence regime invader aggression delegation team people national
    """.split()
)
_ON_GOODS = frozenset(
    """
    impose_tariff remove_tariff ban_imports lift_import_ban impose_sanctions freeze_assets release_assets
    trade_cooperation ban_exports export_control sell_arms strike air_strike shell bomb missile_strike
    drone_strike shoot_down seize occupy kill wound destroy arrest detain_nationals condemn praise reject accuse
    support
    """.split()
)
_OWN_MOVES = frozenset({"deploy", "withdraw_forces", "visit", "withdraw_diplomats", "give_peacekeepers"})
_SPOKEN = frozenset(
    """
    negotiate consult meet support praise thank congratulate condole apologise complain condemn warn
    express_concern request demand protest_note
    """.split()
)
_ORDERED = frozenset(
    """
    arrest censor release_prisoners extradite deport restrict expel_diplomats order_embassy_closed
    """.split()
)
_JOINT = frozenset(
    """
    agree cooperate negotiate meet sign_treaty reject upgrade_mission reopen_embassy open_embassy sever_relations
    suspend_relations improve_relations reduce_relations return_ambassador appoint_ambassador end_ceasefire
    announce_ceasefire reopen_border violate_ceasefire exchange_prisoners withdraw_forces ratify_treaty
    visa_waiver ceasefire_in_effect
    """.split()
)


@dataclass(frozen=True, slots=True)
class Finding:
    """An event as one sentence tells it; mentions are resolved to entities when its date is known."""

    source: Mention
    target: Mention
    act: str
    status: str
    trigger: Node
    noun: Node | None
    rank: int
    rule: str
    nominal: bool = False
    alleged_by: Mention | None = None
    cues: tuple[Cue, ...] = ()
    fallback: bool = False
    carried: bool = False
    undated: bool = False


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """An act without a target, or without anyone named at all: what the story said before may close it."""

    decision: Decision
    node: Node
    source: Mention | None = None


@dataclass
class Reading:
    """What was found in one sentence, and why something was not; filled for `explain`."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    open_ends: list[OpenEnd] = field(default_factory=list)


class Extractor:
    """Finds the events of a tree. Stateless; what earlier sentences said comes in as `antecedent`."""

    def __init__(self, lexicon: Lexicon, acts: Collection[str], mutual: Collection[str]) -> None:
        self._lexicon = lexicon
        self._chooser = ActChooser(lexicon)
        self._modality = Modality(lexicon)
        self._acts = acts
        self._mutual = mutual

    def read(self, tree: Tree, antecedent: Mention | None = None, lenient: bool = False) -> Reading:
        """The events of a sentence. `lenient` accepts remote parties, for callers who name the actors themselves."""
        clauses = Clauses(tree, antecedent)
        reading = Reading()
        decisions = self._decide(clauses)
        self._drop_wrappers(decisions)
        for node, decision in decisions.items():
            reading.findings.extend(self._verbal(clauses, node, decision, reading, lenient))
        for node in tree.nodes:
            if node.is_noun and not self._consumed(node, decisions):
                reading.findings.extend(self._nominal(node, clauses, decisions, reading))
        if lenient:
            reading.findings.extend(self._guesses(clauses, decisions, reading))
        return reading

    def _guesses(self, clauses: Clauses, decisions: dict[Node, Decision], reading: Reading) -> Iterator[Finding]:
        """For each ordered pair of given actors that nothing was found for: the predicate that is likeliest theirs."""
        nodes = clauses.tree.mentions
        done = {(e, f) for x in reading.findings for e in x.source.entities() for f in x.target.entities()}
        nominal = {
            n: d for n in clauses.tree.nodes if n.is_noun and n.mention is None and (d := self._chooser.nominal(n))
        }
        for one in nodes:
            for other in nodes:
                pair = (
                    (min(one.mention.entities()), min(other.mention.entities()))
                    if one.mention and other.mention
                    else None
                )
                if pair is None or pair[0] == pair[1] or pair in done:
                    continue
                done.add(pair)
                best = max(
                    [*((n, d, 3.0) for n, d in decisions.items()), *((n, d, 0.0) for n, d in nominal.items())],
                    key=lambda c: c[2] + _closeness(clauses, c[0], one, other),
                    default=None,
                )
                if best is not None:
                    yield self._guess(clauses, *best[:2], one, other)

    def _guess(self, clauses: Clauses, node: Node, decision: Decision, one: Node, other: Node) -> Finding:
        cues = self._modality.layers(node)
        status, undone = status_of(cues)
        act = self._lexicon.undo.get(decision.act, decision.act) if undone else decision.act
        status = _inner_status(decision.status, "refused" if status == "negated" else status)
        assert one.mention is not None and other.mention is not None
        return Finding(
            one.mention,
            other.mention,
            act,
            status,
            node,
            decision.noun,
            8,
            decision.rule,
            fallback=True,
            cues=tuple(cues),
        )

    def _decide(self, clauses: Clauses) -> dict[Node, Decision]:
        decisions: dict[Node, Decision] = {}
        for node in clauses.tree.nodes:
            if not node.is_verb or node.mention is not None or node.dep in ("aux", "aux:pass", "cop", "amod", "case"):
                continue
            decision = self._chooser.decide(clauses, node, clauses.agents(node))
            if decision is not None and decision.act in self._acts:
                decisions[node] = decision
        return decisions

    def _drop_wrappers(self, decisions: dict[Node, Decision]) -> None:
        """A verb that only says how far another act got ("agreed to withdraw") is no act of its own."""
        for node in list(decisions):
            for cue in self._modality.layers(node):
                outer = decisions.get(cue.by) if cue.by is not None else None
                if outer is not None and status_of(self._modality.layers(node))[0] == "negated":
                    continue
                if (
                    outer is not None
                    and cue.kind not in ("reported", "alleged", "praised", "condemned", "purpose")
                    and outer.rule.startswith("default")
                ):
                    decisions.pop(cue.by, None)

    def _consumed(self, node: Node, decisions: dict[Node, Decision]) -> bool:
        return any(decision.noun is node for decision in decisions.values())

    def _verbal(
        self, clauses: Clauses, node: Node, decision: Decision, reading: Reading, lenient: bool
    ) -> Iterator[Finding]:
        cues = self._modality.layers(node)
        progressive = node.tag == "VBG" and any(c.dep == "aux" and c.lemma == "be" for c in node.children)
        status, undone = status_of(cues, progressive)
        act = decision.act
        if undone:
            act = self._lexicon.undo.get(act, "")
            if not act:
                reading.notes.append(f"{node.text}: stopped {decision.act}, no act of its own")
                return
        if status == "hypothetical" and act in _SPOKEN and cues[-1].kind == "purpose":
            status = "effective"
        if any(cue.kind == "offered" for cue in cues):
            act = self._lexicon.offered.get(act, act)
        status = _inner_status(decision.status, status)
        if status == "negated" and lenient:
            status = "refused"
        if status == "negated":
            reading.notes.append(f"{node.text}: {act} negated ({decision.rule})")
            return
        agents = clauses.agents(node)
        patients = clauses.patients(node)
        requester = next((cue for cue in cues if cue.kind in ("requested", "ordered") and cue.by is not None), None)
        if requester is not None and requester.by is not None and status == "requested":
            if requester.kind == "ordered" and act in _ORDERED:
                status = "effective"
            agents, patients = self._requested(clauses, requester.by, agents, patients)
        if act in ("accuse", "blame") and not patients:
            patients = [p for c in node.sub("ccomp") for p in clauses.agents(c)]
        if not patients:
            patients = [p for c in node.sub("xcomp", "ccomp") if c.is_verb for p in clauses.patients(c)]
        if (
            act in _SPOKEN
            and node.dep in ("xcomp", "advcl", "conj")
            and node.head is not None
            and node.head.is_verb
            and not patients
        ):
            patients = clauses.patients(node.head)
        yield from self._pair(
            clauses, node, replace(decision, act=act, status=status), agents, patients, cues, reading, lenient
        )

    @staticmethod
    def _requested(
        clauses: Clauses, requester: Node, agents: list[Part], patients: list[Part]
    ) -> tuple[list[Part], list[Part]]:
        """A request runs from who asks to who is asked, whatever is asked for."""
        asking = (
            clauses.agents(requester)
            if requester.is_verb
            else [p for p in clauses._complements(requester, 0, 1) if p.prep in ("poss", "by", "of", "from")]
        )
        asked = [p for p in agents if not any(p.mention.entities() & a.mention.entities() for a in asking)]
        return asking, [replace(p, rank=0) for p in asked] or patients

    def _pair(
        self,
        clauses: Clauses,
        node: Node,
        decision: Decision,
        agents: Sequence[Part],
        patients: Sequence[Part],
        cues: list[Cue],
        reading: Reading,
        lenient: bool,
    ) -> Iterator[Finding]:
        agents = _distinct([self._as_private(part) for part in agents])
        mutual = decision.act in self._mutual
        if not agents:
            reading.notes.append(f"{node.text}: {decision.act} by nobody named ({decision.rule})")
            if mutual and len(_distinct(patients)) >= 2:
                agents = [p for p in patients if p.prep in ("between", "among", "poss", "of", "with", "and", "")][:4]
            if not agents:
                if not _distinct(patients):
                    reading.open_ends.append(OpenEnd(decision, node))
                return
        sources = {entity for part in agents for entity in part.mention.entities()}
        others = [p for p in patients if not p.mention.entities() & sources]
        targets = self._targets(decision, others, lenient)
        if targets:
            pairs = [(a, t) for a in agents for t in targets]
        elif len(agents) > 1 and decision.act == "military_exercise":
            decision, mutual = replace(decision, act="joint_exercise"), True
            pairs = [(a, b) for a in agents for b in agents if a is not b]
        elif len(agents) > 1 and (mutual or decision.act in _JOINT or lenient or _reciprocal(node)):
            pairs = [(a, b) for a in agents for b in agents if a is not b]
        elif (
            decision.act in _AGAINST_ONES_OWN
            and (reporter := self._speaker(clauses, cues)[0]) is not None
            and (reporter.senses and not reporter.entities() & sources)
            and self._is_ones_own(node)
        ):
            pairs = [(a, Part(node, reporter, 4, "own")) for a in agents]
        else:
            for agent in agents:
                reading.open_ends.append(OpenEnd(decision, node, agent.mention))
            reading.notes.append(f"{node.text}: {decision.act} towards nobody named ({decision.rule})")
            return
        speaker, alleged = self._speaker(clauses, cues)
        for agent, target in pairs[:MAX_PAIRS]:
            yield from self._finding(node, decision, agent, target, mutual and bool(targets), cues, speaker, alleged)

    def _is_ones_own(self, node: Node) -> bool:
        """True unless the act is done to something that is nobody's ("invades the podium")."""
        objects = node.sub("obj")
        return not objects or any(
            o.mention or o.tag.startswith("NNP") or o.sub("nmod:poss") or self._chooser.noun_class(o) for o in objects
        )

    def _as_private(self, part: Part) -> Part:
        """A demonym before a noun that is no organ of a state ("a Polish comedy") names no state."""
        mention, noun = part.mention, part.via
        if mention.text in _HOME_NATIONS:
            return replace(part, mention=replace(mention, sector="CVL"))
        if mention.form != "adjective" or noun is None or part.prep != "poss" or mention.sector is not None:
            return part
        if self._chooser.noun_class(noun) is not None or noun.lemma in _STATE_NOUNS:
            return part
        return replace(part, mention=replace(mention, sector="CVL"))

    def _targets(self, decision: Decision, others: Sequence[Part], lenient: bool) -> list[Part]:
        if decision.target:
            preps = decision.target.removeprefix("prep:").split("/")
            chosen = [p for p in others if p.prep in preps]
            if chosen or not lenient:
                best = min((p.rank for p in chosen), default=0)
                return _distinct([p for p in chosen if p.rank == best])
        allowed = []
        for part in others:
            if part.rank > 8 and not lenient:
                continue
            if (
                part.prep in ("in", "inside", "near", "at", "across", "along", "off", "outside", "around", "over")
                and part.rank >= 4
            ):
                if decision.act not in _IN_PLACE and not lenient:
                    continue
            elif part.rank > 7 and not lenient:
                continue
            if part.prep == "own" and decision.act not in _AGAINST_ONES_OWN:
                continue
            if (
                decision.act in _EVALUATIVE
                and part.prep in ("on", "against", "in", "to")
                and not lenient
                and (part.via is not None and part.via is not decision.noun)
            ):
                continue
            allowed.append(part if lenient or decision.act in _ON_GOODS else self._as_private(part))
        if not allowed:
            return []
        best = min(part.rank for part in allowed)
        return _distinct([part for part in allowed if part.rank == best])

    def _finding(
        self,
        node: Node,
        decision: Decision,
        agent: Part,
        target: Part,
        both: bool,
        cues: list[Cue],
        speaker: Mention | None,
        alleged: bool,
        nominal: bool = False,
    ) -> Iterator[Finding]:
        if agent.mention.entities() & target.mention.entities():
            return
        status = decision.status
        accuser = None
        if speaker is not None and status in _SAID_AND_DONE and not speaker.entities() & agent.mention.entities():
            third = not speaker.entities() & target.mention.entities()
            hostile = decision.act in _AGAINST_ONES_OWN
            if alleged or ((third or hostile) and speaker.sector not in ("MED",)):
                status, accuser = "alleged", speaker
            if hostile and accuser is not None and accuser.senses:
                yield Finding(
                    accuser, agent.mention, "accuse", "effective", node, None, 4, f"alleged {decision.act} → accuse"
                )
        source, goal = (target, agent) if decision.swap else (agent, target)
        finding = Finding(
            source.mention,
            goal.mention,
            decision.act,
            status,
            node,
            decision.noun,
            agent.rank + target.rank,
            decision.rule,
            nominal,
            accuser,
            tuple(cues),
        )
        yield finding
        if both and status in ("effective", "ongoing", "announced", "agreed", "alleged"):
            yield replace(finding, source=goal.mention, target=source.mention)

    def _speaker(self, clauses: Clauses, cues: Sequence[Cue]) -> tuple[Mention | None, bool]:
        for cue in cues:
            if cue.kind in ("reported", "alleged") and cue.by is not None:
                agents = clauses.agents(cue.by)
                if agents:
                    return agents[0].mention, cue.kind == "alleged"
                if cue.kind == "alleged":
                    return Mention(0, 0, "", ()), True
        return clauses.tree.speaker, False

    def _nominal(
        self, noun: Node, clauses: Clauses, decisions: dict[Node, Decision], reading: Reading
    ) -> Iterator[Finding]:
        decision = self._chooser.nominal(noun)
        if decision is None or decision.act not in self._acts or decision.act in _EVALUATIVE:
            return
        parts = list(clauses._complements(noun, 0, 1))
        mutual = decision.act in self._mutual
        between = [p for p in parts if p.prep == "between"]
        agents = [p for p in parts if (p.prep == "poss" and p.via is noun) or p.prep == "by"]
        agents += [p for p in parts if p.prep in ("of", "between") and mutual]
        agents += [p for p in parts if p.prep == "of" and decision.act in _OWN_MOVES and p not in agents]
        mutual = mutual or len(between) > 1
        agents = [*agents, *(p for p in between if p not in agents)]
        targets = [
            p
            for p in parts
            if p.prep in ("on", "against", "to", "with", "of", "from", "into", "toward", "towards", "upon")
            and p not in agents
        ]
        cues = self._modality.layers(noun, nominal=True)
        status, undone = status_of(cues)
        if undone or status == "negated" or not agents or self._modality.is_negated(noun):
            return
        status = _inner_status(decision.status, status)
        agents, targets = _distinct(agents), _distinct(targets)
        pairs = [(a, t) for a in agents for t in targets]
        if not pairs and mutual:
            pairs = [(a, b) for a in agents for b in agents if a is not b]
        speaker, alleged = self._speaker(clauses, cues)
        for agent, target in pairs[:MAX_PAIRS]:
            made = replace(decision, status=status)
            yield from self._finding(noun, made, agent, target, mutual and bool(targets), cues, speaker, alleged, True)


def _reciprocal(node: Node) -> bool:
    """True for "accused each other", "expelled one another's diplomats"."""
    words = [n.lower for n in node.subtree()]
    return any(
        a in ("each", "one") and b.startswith(("other", "another")) for a, b in zip(words, words[1:], strict=False)
    )


def _closeness(clauses: Clauses, node: Node, one: Node, other: Node) -> float:
    """How likely a predicate is that of `one` towards `other`, in points."""
    below = set(node.subtree())
    depth = sum(1 for _ in node.path_up())
    points = -0.5 * depth - 0.01 * node.index
    points += 4 * any(part.node is one for part in clauses.agents(node)) if node.is_verb else 0
    points += 3 * any(part.node is other for part in clauses.patients(node)) if node.is_verb else 0
    return points + (one in below) + 2 * (other in below)


def _inner_status(own: str, around: str) -> str:
    """An act that carries a status of its own ("pledged aid") keeps it unless something further out says otherwise."""
    if not own:
        return around
    return own if around in (*_SAID_AND_DONE, "announced") else around


def _distinct(parts: Sequence[Part]) -> list[Part]:
    found: list[Part] = []
    for part in parts:
        if not any(part.mention.entities() & other.mention.entities() for other in found):
            found.append(part)
    return found
