"""What an act without a party is done to: a thing, a place, somebody without a name."""

from collections.abc import Iterator

from entente.coding.findings import Finding, OpenEnd
from entente.coding.syntax import Node


def sentence_of(node: Node) -> Iterator[Node]:
    """Every node of the tree that a node is in."""
    return next((g for g in (node, *node.path_up()) if g.head is None), node).subtree()


def object_of(end: OpenEnd) -> str:
    """The lemma of what is answered: "incursion" in "condemned the incursion"."""
    about = (o for o in end.node.sub("obl") if o.case() in ("against", "at", "over"))
    return next((o.lemma for o in (*end.node.sub("obj"), *about) if o.is_noun or o.lower == "it"), "")


def is_named_by(noun: str, finding: Finding) -> bool:
    """True for a noun of the act's own stem ("invasion" of invade), or of the verb that told it ("launch")."""
    words = (*finding.act.split("_"), finding.trigger.lemma)
    return len(noun) > 4 and any(part[:4] == noun[:4] for part in words if len(part) > 3)


def is_done_to_something_else(end: OpenEnd) -> bool:
    """True if the act has a party without a name, or an object that only its verb speaks for ("invades the podium")."""
    if end.decision.act in _OF_THINGS:
        return False
    if any(n.lemma in _UNNAMED and n.tag == "NNS" and n.mention is None for n in end.node.subtree()):
        return True
    objects = [o for o in end.node.sub("obj") if o.is_noun]
    return bool(objects) and end.decision.noun is None and end.decision.rule.startswith("default")


#: Nouns for a party that is there, but that no name was found for.
_UNNAMED = frozenset({"state", "country", "nation", "rebel", "group", "militant"})


def is_said_of_others(end: OpenEnd) -> bool:
    """True for "accused the African leaders": of somebody who is there, and whom no name was found for."""
    return any(o.tag == "NNS" and o.mention is None and o.lemma in _SPOKEN_OF for o in end.node.sub("obj"))


_SPOKEN_OF = frozenset("leader ally neighbour neighbor partner government member capital state country nation".split())


def recognises_somebody(end: OpenEnd) -> bool:
    """True for "recognised the rival candidate as president": a person is no state."""
    return end.decision.act == "recognise" and any(o.lemma in _PERSONS for o in end.node.sub("obj"))


_PERSONS = frozenset("candidate leader president government council politician winner victory result election".split())


def hits_a_place(end: OpenEnd) -> bool:
    """True for a blow to something that a state has, of which none is named ("shelled two villages")."""
    whole = [end.node.head] if end.node.dep == "acl:relcl" and end.node.head is not None else []
    return any(o.lemma.split(" ")[-1] in _HELD for o in (*whole, *end.node.sub("obj", "nsubj:pass", "obl")))


_HELD = frozenset(
    """
    village town position post outpost border checkpoint vessel boat ship trawler jet warplane frigate base airfield
    embassy frontier patrol island territory peninsula province enclave strip
    """.split()
)


BORDERS = frozenset({"border", "frontier", "boundary"})


#: What is promised or threatened is their object, so that they may have one.
_OF_THINGS = frozenset({"offer", "threaten", "threaten_force"})
