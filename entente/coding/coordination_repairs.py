"""Repairs of what the parser joins wrongly: gapped lists, verbs joined too deep, subjects put into a list."""

from entente.coding.syntax import Node, reattach


def repair_coordination(nodes: list[Node]) -> None:
    """Apply each of them to a tree, in place."""
    for node in nodes:
        _gapped_object(node)
        _gapped_oblique(node)
        _gapped_subject(node, nodes)
        _subject_in_list(node, nodes)
        _as_did(node)
        _subject_after_comma(node)
        _joined_too_deep(node, nodes)


_DONE = frozenset({"do", "have", "be", "will"})


def _gapped_object(node: Node) -> None:
    """In "suspended Guinea in September and Mali in January" the second noun is an object, too."""
    verb = node.head
    if node.mention is None or node.is_verb or node.dep != "conj" or verb is None or not verb.is_verb or node.case():
        return
    if not node.sub("cc") or node.sub("cop", "nsubj") or any(c.is_verb for c in node.children):
        return
    objects = [c for c in verb.sub("obj") if c.mention is not None and c.index < node.index]
    if objects:
        reattach(node, objects[-1], "conj")


def _gapped_oblique(node: Node) -> None:
    """In "left Mali in 2022, and of Niger in 2023" what repeats the preposition of an actor is its verb's, too."""
    if node.mention is None or node.dep not in ("conj", "nmod") or not node.case() or not node.sub("cc"):
        return
    for governor in node.path_up():
        if governor.is_verb:
            alike = [
                c for c in governor.children if c.mention is not None and c.dep == "obl" and c.case() == node.case()
            ]
            if alike and node.head is not governor and node.head not in alike and node.head is not None:
                reattach(node, governor, "obl")
            return


def _gapped_subject(node: Node, nodes: list[Node]) -> None:
    """In "Honduras cut its ties with it last March, and Nicaragua in 2021" Nicaragua cut them, too."""
    opens = node.index > 1 and nodes[node.index - 1].lower == "and" and nodes[node.index - 2].lower == ","
    after = nodes[node.index + 1].lower if node.index + 1 < len(nodes) else ""
    if node.mention is None or node.dep != "conj" or node.case() or not opens or after not in ("in", "on", "last"):
        return
    verb = next((g for g in node.path_up() if g.is_verb), None)
    subject = next(iter(verb.sub("nsubj")), None) if verb is not None else None
    done_to = verb is not None and any(c.mention is not None for c in verb.sub("obj"))
    if subject is not None and subject.mention is not None and node.head is not subject and not done_to:
        reattach(node, subject, "conj")


def _subject_in_list(node: Node, nodes: list[Node]) -> None:
    """In "after an attack in Marrakesh and Algeria closed the frontier" the noun before the verb is its subject."""
    if node.tag not in ("VBD", "VBZ") or node.index < 2 or node.sub("nsubj", "nsubj:pass", "aux", "expl"):
        return
    noun, cc = nodes[node.index - 1], nodes[node.index - 2]
    if noun.mention is None or noun.dep != "conj" or cc.dep != "cc" or noun.head is None or noun.head.is_verb:
        return
    if noun.head.dep in ("nsubj", "nsubj:pass") or noun.head.case() == "between" or node.dep in ("aux", "cop"):
        return
    if node in list(noun.subtree()):
        return
    reattach(noun, node, "nsubj")


def _as_did(node: Node) -> None:
    """In "recognised it, as did Germany and France" they did it too."""
    did = next((g for c in node.sub("case") if c.lower == "as" for g in c.sub("fixed") if g.lemma in _DONE), None)
    verb = node.head
    if did is None or verb is None or not verb.is_verb:
        return
    subject = next(iter(verb.sub("nsubj")), None)
    if subject is not None:
        reattach(node, subject, "conj")


def _subject_after_comma(node: Node) -> None:
    """In "China warned Peru, and Russia, whose envoy had come, blamed Ghana" it is Russia that blamed it."""
    if node.mention is None or node.dep != "conj" or not node.sub("acl:relcl"):
        return
    last = max(n.index for n in node.subtree())
    above = [g for g in node.path_up() if g.is_verb]
    own = next((c for g in above for c in g.sub("conj") if c.is_verb and last < c.index <= last + 2), None)
    if own is None or own.sub("nsubj", "nsubj:pass"):
        return
    for child in node.sub("cc"):
        reattach(child, own, "cc")
    reattach(node, own, "nsubj")


def _joined_too_deep(node: Node, nodes: list[Node]) -> None:
    """In "recalled its envoy after the mayor had …, and expelled the embassy" both are done by the same."""
    deep = node.head
    if node.dep != "conj" or node.tag != "VBD" or deep is None or deep.dep != "advcl" or deep.head is None:
        return
    perfect = deep.tag == "VBN" and any(c.lower == "had" for c in deep.sub("aux"))
    comma = any(c.index > 0 and nodes[c.index - 1].lower == "," for c in node.sub("cc"))
    if perfect and comma and not node.sub("nsubj", "nsubj:pass") and deep.head.tag == "VBD":
        reattach(node, deep.head, "conj")
