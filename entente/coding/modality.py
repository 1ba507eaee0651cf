"""Modality: how far an act got, read from the inside out, before anything is said to be a fact."""

from collections.abc import Iterator
from dataclasses import dataclass

from entente.coding.lexicon import Lexicon
from entente.coding.subjects import SPEECH_VERBS, is_of_object
from entente.coding.syntax import Node


@dataclass(frozen=True, slots=True)
class Cue:
    """One layer around an act: its kind, the word that says it, and the governor whose subject says it, if any."""

    kind: str
    word: str
    by: Node | None = None


_FINITE = ("VBD", "VBZ", "VBP")
_ABOUT_OBJECTS = ("alleged", "praised", "condemned")
_OF_SOMEBODY = ("alleged", "requested", "denied")
_SHARED = ("future", "conditional", "possible", "obliged", "negated")


class Modality:
    """Reads the layers around a predicate and folds them into a status."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._complement = lexicon.complement
        self._reporting = lexicon.cues["reporting"]
        self._auxiliaries = {word: kind for kind, words in lexicon.cues["auxiliaries"].items() for word in words}
        self._negation = lexicon.cues["negation"]["words"]
        self._marks = lexicon.cues["hypothesis"]["marks"]

    def layers(self, node: Node, nominal: bool = False) -> list[Cue]:
        """The cues around a predicate, innermost first."""
        cues = list(self._own(node))
        current = node
        for governor in node.path_up():
            dep = current.dep
            if dep == "conj" and _is_infinitive(current) and governor.tag in _FINITE:
                cues.extend(self._governing(governor, current))
            elif dep == "conj":
                if _is_finite(current) and governor.tag not in _FINITE and not governor.sub("aux"):
                    # A clause that stands by itself is not joined to an infinitive, whatever the parser says.
                    break
                if not any(c.dep in ("aux", "nsubj") for c in current.children) and current.tag not in _FINITE:
                    cues.extend(c for c in self._own(governor) if c.kind in _SHARED)
            elif dep == "acl" and governor.mention is not None and governor.head is None and _is_infinitive(current):
                cues.append(Cue("announced", "to"))
                break
            elif dep == "acl" and current.tag == "VBG" and governor.mention is not None and governor.head is not None:
                if governor.dep in ("obj", "iobj") and self._complement.get(governor.head.lemma) in _OF_SOMEBODY:
                    cues.extend(self._governing(governor.head, current))
                break
            elif dep in ("xcomp", "ccomp", "csubj", "acl") or (
                dep in ("obj", "obl", "nmod", "advcl") and (nominal or dep == "advcl")
            ):
                if dep == "advcl":
                    to_infinitive = _is_infinitive(current)
                    takes = governor.lemma in self._complement and not governor.sub("xcomp", "ccomp", "obj")
                    of_object = is_of_object(current) and self._complement.get(governor.lemma) in _ABOUT_OBJECTS
                    if not (to_infinitive and takes) and not of_object:
                        if to_infinitive and governor.is_verb:
                            cues.append(Cue("purpose", governor.lower, governor))
                        break
                cues.extend(self._governing(governor, current))
            elif dep == "parataxis" or (dep == "root" or dep == "ROOT"):
                if governor.is_verb and governor.lemma in self._reporting["verbs"]:
                    cues.append(Cue("reported", governor.lower, governor))
                break
            elif dep not in ("acl:relcl",):
                break
            if dep == "acl:relcl" and not _is_cleft(governor):
                break
            current = governor
        for child in current.children:
            if (
                child.dep in ("parataxis", "ccomp")
                and child.lemma in self._reporting["verbs"]
                and child.index > node.index
                and child.sub("nsubj")
            ):
                cues.append(Cue("reported", child.lower, child))
        return cues

    def _own(self, node: Node) -> Iterator[Cue]:
        marked_to = False
        for child in node.children:
            if child.dep in ("aux", "aux:pass", "cop"):
                auxiliary = _base(child.lower)
                if auxiliary in self._auxiliaries:
                    yield Cue(self._auxiliaries[auxiliary], child.lower)
            elif child.dep == "mark":
                if child.lower in self._marks:
                    yield Cue("hypothetical", child.lower)
                if child.lower == "against" and node.sub("cop"):
                    yield Cue("refused", child.lower)
                marked_to = marked_to or child.lower == "to"
            elif (child.dep == "advmod" and child.lower == "if") or (
                child.dep == "advcl"
                and any(c.lower in ("if", "unless") for c in child.children)
                and any(c.lower in ("would", "could", "might") for c in node.sub("aux"))
            ):
                yield Cue("hypothetical", "if")
        if (
            node.dep == "advcl"
            and node.tag in ("VBZ", "VBP")
            and any(c.lower in ("when", "once") for c in node.children)
        ):
            yield Cue("hypothetical", "when")
        if _is_counterfactual(node):
            yield Cue("counterfactual", "had")
        if marked_to and node.dep in ("root", "ROOT"):
            yield Cue("announced", "to")
        if self.is_negated(node):
            yield Cue("negated", "not")

    def is_negated(self, node: Node) -> bool:
        """True if the predicate, or its subject or object as a whole, is negated ("no country recognised …")."""
        for child in node.children:
            if child.dep in ("aux", "aux:pass", "cop") and child.lower.endswith(("n't", "n’t", "cannot")):
                return True
            if child.lower in self._negation and child.dep in ("advmod", "neg", "det", "cc", "cc:preconj", "mark"):
                return True
            if child.dep == "obl" and child.lower in self._negation and child.case() == "for":
                return True
            if child.dep in ("nsubj", "nsubj:pass", "obj") and (
                child.lower in self._negation
                or any(g.lower in ("no", "neither") for g in child.children if g.dep in ("det", "cc:preconj"))
            ):
                return True
        return False

    def _governing(self, governor: Node, inner: Node) -> Iterator[Cue]:
        # "warned them to leave" asks; "warned that they would leave" does not.
        particles = [c.lower for c in governor.children if c.dep == "compound:prt" or c.tag == "RP"]
        if _is_infinitive(inner):
            particles.insert(0, "to")
        keys = [*(f"{governor.lemma}_{particle}" for particle in particles), governor.lemma]
        kind = next((self._complement[key] for key in keys if key in self._complement), None)
        told = governor.lemma == "tell" and inner.sub("nsubj", "nsubj:pass") and not _is_infinitive(inner)
        if told or (
            governor.lemma in self._reporting["verbs"] and inner.dep == "ccomp" and kind not in ("requested", "alleged")
        ):
            opaque = governor.lemma in self._reporting["opaque"]
            yield Cue("alleged" if opaque else "reported", governor.lower, governor)
        elif governor.lemma in self._reporting["verbs"] and inner.dep == "xcomp" and governor.sub("aux:pass"):
            yield Cue("alleged", governor.lower, governor)
        elif governor.lemma in ("want", "need", "like", "expect") and any(
            c.is_noun for c in governor.sub("obj", "iobj")
        ):
            yield Cue("requested", governor.lower, governor)
        elif kind == "announced" and governor.tag == "VBN" and governor.lemma == "expect":
            yield Cue("announced", governor.lower, governor)
        elif kind == "requested" and governor.lemma == "call" and inner.lemma in SPEECH_VERBS:
            pass
        elif kind is not None:
            yield Cue(kind, governor.lower, governor)
        yield from self._own(governor)


_INVERTED = frozenset({"had", "should", "were"})


def _is_counterfactual(node: Node) -> bool:
    """True for a clause of what did not happen: "had it recognised …", "should it attack …", "would have joined"."""
    auxiliaries = {c.lower: c for c in node.sub("aux", "aux:pass", "cop")}
    if "would" in auxiliaries and "have" in auxiliaries:
        return True
    subject = next((c for c in node.sub("nsubj", "nsubj:pass")), None)
    inverted = next((c for word, c in auxiliaries.items() if word in _INVERTED), None)
    top = next((n for n in (node, *node.path_up()) if n.head is None), node)
    nodes = sorted(top.subtree(), key=lambda n: n.index)
    if any(n.text == "?" for n in nodes[-3:]):
        return False
    if (
        inverted is not None
        and subject is not None
        and inverted.index < subject.index
        and inverted.index == min(n.index for n in node.subtree() if n.dep != "punct")
    ):
        return True
    first = next((n for n in nodes if n.text[:1].isalpha()), node)
    return first.text in ("Had", "Should", "Were") and first.dep in ("aux", "aux:pass", "cop")


def _is_cleft(noun: Node) -> bool:
    """True for the noun of "it was the army that …": what is told of it is the clause's own news."""
    return bool(noun.sub("cop")) and any(c.lower == "it" for c in noun.sub("nsubj", "expl"))


def _is_finite(node: Node) -> bool:
    """True for "stalled" and "have stalled" with a subject of their own."""
    return node.tag in _FINITE or any(
        c.tag in _FINITE for c in node.sub("aux", "aux:pass", "cop") if node.sub("nsubj", "nsubj:pass")
    )


def _is_infinitive(node: Node) -> bool:
    return any(c.lower == "to" and c.dep == "mark" for c in node.children)


def _base(auxiliary: str) -> str:
    """The auxiliary without its negation: "won't" → "wo", "cannot" → "can"."""
    return auxiliary.removesuffix("n't").removesuffix("n’t").removesuffix("not") or auxiliary


_PLAIN = ("effective", "ongoing")


def status_of(cues: list[Cue], progressive: bool = False) -> tuple[str, bool]:
    """Fold the layers into (status, undone): undone is True if the act is said to have been stopped."""
    status, undone = "ongoing" if progressive else "effective", False
    for cue in cues:
        if cue.kind == "undone":
            undone = not undone
        elif cue.kind == "future" or cue.kind == "conditional":
            status = "announced" if status in _PLAIN else status
        elif cue.kind in ("possible", "purpose"):
            status = "hypothetical" if status in _PLAIN else status
        elif cue.kind == "obliged":
            status = "requested" if status in _PLAIN else status
        elif cue.kind == "negated":
            status = {
                "announced": "refused",
                "hypothetical": "refused",
                "denied": "effective",
                "agreed": "refused",
            }.get(status, "negated")
        elif cue.kind == "counterfactual":
            return "negated", False
        elif cue.kind == "ordered":
            status = _under("requested", status)
        elif cue.kind == "offered":
            status = _under("announced", status)
        elif cue.kind in ("threatened", "announced", "agreed", "requested", "hypothetical", "refused", "denied"):
            status = _under(cue.kind, status)
    return status, undone


def _under(kind: str, inner: str) -> str:
    if inner == "negated":
        return "negated"
    if inner == "hypothetical" and kind in ("announced", "agreed"):
        return inner
    if inner == "refused" and kind in ("announced", "threatened", "agreed"):
        return "refused"
    return kind
