"""From one tree to its events: predicates, their acts, how far the acts got, and who did them to whom."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from entente.coding.acts import AGAIN, ERGATIVE, ActChooser, Decision
from entente.coding.clauses import Clauses, Part
from entente.coding.findings import HAPPENED, Finding, OpenEnd, Reading, between, distinct, inner_status
from entente.coding.guesses import guesses
from entente.coding.judgements import judgements
from entente.coding.lexicon import Lexicon
from entente.coding.mentions import Mention
from entente.coding.modality import Cue, Modality, status_of
from entente.coding.nominals import ANSWERS, Nominals
from entente.coding.parties import Parties, lawgivers, owner_and_place, reciprocal, requested, responsible, telling
from entente.coding.syntax import Node, Tree

#: Above so many pairs one predicate is a list, not an act.
MAX_PAIRS = 12

#: Acts that only repeat another: named by frames, resolved by the story.
REPEATING = frozenset({"reciprocate", "follow_suit"})

#: What leads to the sides of an act that both do ("its treaty with Peru, signed in 1951").
_SIDES = ("between", "among", "poss", "own", "of", "with", "and", "")

#: Acts upon one's own envoy: with another state's as object they are none.
_OF_ONES_OWN = frozenset({"appoint_ambassador", "recall_ambassador", "withdraw_ambassador", "return_ambassador"})


class Extractor:
    """Finds the events of a tree. Stateless; what earlier sentences said comes in as `antecedent`."""

    def __init__(self, lexicon: Lexicon, acts: Collection[str], mutual: Collection[str]) -> None:
        self._lexicon = lexicon
        self._sets = lexicon.act_sets
        self._chooser = ActChooser(lexicon)
        self._parties = Parties(self._chooser, lexicon.act_sets)
        self._modality = Modality(lexicon)
        self._nominals = Nominals(lexicon, self._chooser, self._modality, acts, mutual)
        self._acts = acts
        self._mutual = mutual

    def read(
        self, tree: Tree, antecedent: Mention | None = None, lenient: bool = False, topic: Mention | None = None
    ) -> Reading:
        """The events of a sentence. `lenient` accepts remote parties, for callers who name the actors themselves."""
        clauses = Clauses(tree, antecedent, topic)
        reading = Reading()
        decisions = self._decide(clauses)
        wrappers = self._drop_wrappers(decisions)
        for node, decision in decisions.items():
            for one in (decision, *self._chooser.further(decision)):
                reading.findings.extend(self._verbal(clauses, node, one, reading, lenient))
        for wrapper, (decision, inner) in wrappers.items():
            if not any(finding.trigger is inner for finding in reading.findings):
                reading.findings.extend(self._verbal(clauses, wrapper, decision, reading, lenient))
        named = [n for n in tree.nodes if n.is_noun]
        undergone = {inner for n in named if self._chooser.operated(n) for inner in self._chooser.governed(n)}
        for node in named:
            taken = node in undergone or any(d.noun is node and d.act not in ANSWERS for d in decisions.values())
            if not taken:
                reading.findings.extend(self._nominals.read(node, clauses))
        for judged in judgements(clauses, self._lexicon.cues["judgements"], self._modality):
            if isinstance(judged, OpenEnd):
                reading.open_ends.append(judged)
            else:
                reading.findings.append(judged)
        if lenient:
            bare = [n for n in tree.nodes if n.is_noun and n.mention is None]
            nouns = {n: d for n in bare if (d := self._chooser.nominal(n)) is not None}
            undo = self._lexicon.undo
            verbs = {n: d for n, d in decisions.items() if d.act in self._acts}
            reading.findings.extend(guesses(clauses, verbs, nouns, reading, self._modality, undo))
        return reading

    def _decide(self, clauses: Clauses) -> dict[Node, Decision]:
        decisions: dict[Node, Decision] = {}
        for node in clauses.tree.nodes:
            if not node.is_verb or node.mention is not None or node.dep in ("aux", "aux:pass", "cop", "amod", "case"):
                continue
            if _only_tells(node):
                continue
            decision = self._chooser.decide(clauses, node, clauses.agents(node))
            if decision is not None and (
                decision.act in self._acts or decision.act in REPEATING or decision.act.startswith(AGAIN)
            ):
                decisions[node] = decision
        return decisions

    def _drop_wrappers(self, decisions: dict[Node, Decision]) -> dict[Node, tuple[Decision, Node]]:
        """Take out verbs that only say how far another act got ("agreed to …"): wrapper → (its act, the inner)."""
        dropped: dict[Node, tuple[Decision, Node]] = {}
        for node in list(decisions):
            cues = self._modality.layers(node)
            if status_of(cues)[0] == "negated":
                continue
            for cue in cues:
                outer = decisions.get(cue.by) if cue.by is not None else None
                transparent = cue.kind in ("reported", "alleged", "praised", "condemned", "purpose")
                if outer is not None and cue.by is not None and not transparent and outer.rule.startswith("default"):
                    dropped[cue.by] = (outer, node)
                    del decisions[cue.by]
        return dropped

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
        if status == "hypothetical" and act in self._sets["spoken"] and cues[-1].kind == "purpose":
            status = "effective"
        if any(cue.kind == "offered" for cue in cues):
            act = self._lexicon.offered.get(act, act)
        status = inner_status(decision.status, status)
        if status == "negated" and lenient:
            status = "refused"
        if status == "negated":
            reading.notes.append(f"{node.text}: {act} negated ({decision.rule})")
            return
        agents, patients = self._sides(clauses, node, replace(decision, act=act))
        requester = next((cue for cue in cues if cue.kind in ("requested", "ordered") and cue.by is not None), None)
        if requester is not None and requester.by is not None and status == "requested":
            if requester.kind == "ordered" and act in ("close_embassy", "close_consulate"):
                act, status = f"order_{act.removeprefix('close_')}_closed", "effective"
            if requester.kind == "ordered" and act in self._sets["ordered"]:
                status = "effective"
            agents, patients = requested(clauses, requester.by, agents, patients)
        if act in ("accuse", "blame") and not patients:
            patients = [p for c in node.sub("ccomp") for p in clauses.agents(c)]
        if not patients:
            patients = [p for c in node.sub("xcomp", "ccomp") if c.is_verb for p in clauses.patients(c)]
        if (
            act in self._sets["spoken"]
            and (node.dep in ("xcomp", "advcl") or (node.dep == "conj" and not node.sub("obj")))
            and node.head is not None
            and node.head.is_verb
            and not patients
        ):
            patients = clauses.patients(node.head)
        yield from self._pair(
            clauses, node, replace(decision, act=act, status=status), agents, patients, cues, reading, lenient
        )

    def _sides(self, clauses: Clauses, node: Node, decision: Decision) -> tuple[list[Part], list[Part]]:
        """Who does it and to whom it may be done, where the clause leaves one of them to what stands around it."""
        agents, patients = clauses.agents(node), clauses.patients(node)
        subjects = clauses.subject_nodes(node)
        if decision.noun is not None and decision.noun in subjects and node.lemma in ERGATIVE:
            return owner_and_place(clauses, decision.noun)
        if not agents and decision.act in self._sets["missions"] and decision.noun is not None:
            return owner_and_place(clauses, decision.noun)
        if not agents and decision.act in _OF_ONES_OWN and decision.noun is not None and decision.noun.mention:
            return owner_and_place(clauses, decision.noun)
        agents = agents or responsible(clauses, node) or lawgivers(clauses, subjects)
        owned = {e for p in agents for e in p.mention.entities()}
        if patients and not node.sub("nsubj") and all(p.mention.entities() <= owned for p in patients):
            agents = clauses.speakers(node) or agents
        return agents, patients

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
        agents = distinct([self._parties.as_private(part) for part in agents])
        mutual = decision.act in self._mutual
        if not agents:
            reading.notes.append(f"{node.text}: {decision.act} by nobody named ({decision.rule})")
            if mutual and len(distinct(patients)) >= 2:
                agents = [p for p in patients if p.prep in _SIDES][:4]
            if not agents:
                reached = [p for p in distinct(patients) if p.prep not in ("in", "at") or p.rank < 4]
                reading.open_ends.append(OpenEnd(decision, node, None, reached[0].mention if reached else None))
                return
        sources = {entity for part in agents for entity in part.mention.entities()}
        others = [p for p in patients if not p.mention.entities() & sources]
        if decision.act in REPEATING and decision.status in ("refused", "hypothetical", "denied"):
            return
        if decision.act in REPEATING or decision.act.startswith(AGAIN):
            doers = [a for a in agents if a.prep not in ("between", "among")]
            reading.open_ends.extend(OpenEnd(decision, node, agent.mention) for agent in doers)
            return
        told = telling(clauses, cues)
        at_home = any(p.rank == 0 and p not in others for p in patients)
        if decision.act in self._sets["evaluative"] and at_home and not lenient:
            others = [p for p in others if p.rank == 0]
            if not others:
                reading.notes.append(f"{node.text}: {decision.act} at home ({decision.rule})")
                return
        targets = self._parties.targets(decision, others, lenient)
        if decision.act in _OF_ONES_OWN and _anothers(decision.noun, sources):
            reading.notes.append(f"{node.text}: {decision.act} of another's envoy ({decision.rule})")
            return
        if targets:
            pairs = [(a, t) for a in agents for t in targets]
        elif decision.act in self._sets["carrying"] and any(
            p.prep in ("from", "in") for p in patients if p not in others
        ):
            reading.notes.append(f"{node.text}: {decision.act} at home ({decision.rule})")
            return
        elif len(agents) > 1 and decision.act == "military_exercise":
            decision, mutual = replace(decision, act="joint_exercise"), True
            pairs = [(a, b) for a in agents for b in agents if a is not b]
        elif len(agents) > 1 and (mutual or decision.act in self._sets["joint"] or lenient or reciprocal(node)):
            pairs = [(a, b) for a in agents for b in agents if a is not b]
        elif (
            decision.act in self._sets["against_ones_own"]
            and (reporter := told.speaker) is not None
            and any(s.role != "organisation" for s in reporter.senses)
            and not reporter.entities() & sources
            and self._is_ones_own(node, decision.noun)
        ):
            pairs = [(a, Part(node, reporter, 4, "own")) for a in agents]
        else:
            if told.claimed and decision.status in HAPPENED:
                decision = replace(decision, status="alleged")
            for agent in agents:
                reading.open_ends.append(OpenEnd(decision, node, agent.mention))
            reading.notes.append(f"{node.text}: {decision.act} towards nobody named ({decision.rule})")
            return
        for agent, target in pairs[:MAX_PAIRS]:
            hostile = decision.act in self._sets["against_ones_own"]
            yield from between(node, decision, agent, target, mutual and bool(targets), told, False, hostile)

    def _is_ones_own(self, node: Node, of_frame: Node | None) -> bool:
        """True unless the act is done to something that is nobody's ("invades the podium")."""
        objects = [o for o in node.sub("obj") if o is not of_frame]
        return not objects or any(
            o.mention or o.tag.startswith("NNP") or o.sub("nmod:poss") or self._chooser.noun_class(o) for o in objects
        )


def _only_tells(node: Node) -> bool:
    """True for "told parliament that …", "asked whether it had …": no demand, for what follows is no infinitive."""
    if node.lemma in ("refuse", "decline") and any(c.lemma in _COMMENT for c in node.sub("xcomp", "advcl")):
        return True
    if node.lemma == "want" and not any(c.is_verb for c in node.children):
        return True
    if node.lemma in ("ask", "wonder") and any("whether" in _marks(c) for c in node.sub("ccomp", "advcl", "xcomp")):
        return True
    if node.lemma not in ("tell", "insist"):
        return False
    clauses = node.sub("ccomp", "xcomp", "advcl", "acl")
    wanted = any(c.tag == "VB" and not c.sub("aux") for c in clauses) or any("to" in _marks(c) for c in clauses)
    told = any(c.dep == "ccomp" for c in clauses)
    return not wanted and (told or node.lemma == "tell")


#: Who "refused to say" something refused nobody anything.
_COMMENT = frozenset("say comment confirm answer speculate elaborate disclose reveal discuss".split())


def _marks(clause: Node) -> list[str]:
    return [c.lower for c in clause.sub("mark")]


def _anothers(noun: Node | None, sources: set[str]) -> bool:
    """True for an envoy of somebody else than the source."""
    return noun is not None and noun.mention is not None and not noun.mention.entities() & sources
