"""Repairs of clauses that the parser joins wrongly: gapped lists, reduced relatives, subjects far off."""

from entente.coding.syntax import Node, reattach


def repair_clauses(nodes: list[Node]) -> None:
    """Apply each of them to a tree, in place."""
    for node in nodes:
        _first_of_two_verbs(node)
        _clause_after_preposition(node)
        _of_reason(node)
        _of_beside_place(node)
        _reduced_object(node)
        _main_after_reduced(node)
        _main_after_commas(node, nodes)
        _actor_for_verb(node)
        _deal_not_country(node)
        _main_after_relative(node, nodes)
        _shot_dead(node)
        _that_of(node, nodes)


def _first_of_two_verbs(node: Node) -> None:
    """In "troops crossed into Mali and seized two villages" both verbs are the subject's, the first no participle."""
    joined = next((c for c in node.sub("cc") if c.index < node.index and c.lower in ("and", "but")), None)
    subject = next((c for c in node.sub("nsubj") if joined is not None and c.index < joined.index), None)
    if subject is None or joined is None or node.dep == "conj":
        return
    first = next((c for c in subject.sub("acl") if c.tag in ("VBN", "VBD") and c.index == subject.index + 1), None)
    if first is None or first.sub("obl:agent") or any(c.case() == "by" for c in first.children):
        return
    reattach(first, node.head, node.dep)
    reattach(subject, first, "nsubj")
    reattach(node, first, "conj")
    first.tag = "VBD"


_FINITE = ("VBD", "VBZ", "VBP")
_SINCE_WHEN = frozenset({"after", "before", "as", "since", "when", "while", "until", "because"})


def _clause_after_preposition(node: Node) -> None:
    """In "scrambled jets after a plane entered its airspace" the plane is what entered."""
    noun = next((c for c in node.sub("obl") if c.case() in _SINCE_WHEN), None)
    if noun is None:
        return
    last = max(n.index for n in noun.subtree())
    verb = next((c for c in node.sub("xcomp", "ccomp", "conj", "advcl") if c.index == last + 1), None)
    if verb is None or verb.tag not in ("VBD", "VBZ", "VBP") or verb.sub("nsubj", "nsubj:pass", "mark"):
        return
    mark = next(c for c in noun.children if c.dep == "case")
    reattach(verb, node, "advcl")
    reattach(noun, verb, "nsubj")
    reattach(mark, verb, "mark")


_REASONS = frozenset({"over", "after", "amid", "despite", "because of", "due to", "following", "about", "during"})


def _of_reason(node: Node) -> None:
    """In "halted aid over a deal with China" China is party to the deal, and the aid is not China's."""
    verb = node.head
    if node.dep != "obl" or verb is None or node.case() in _REASONS or not node.case():
        return
    begin = min(n.index for n in node.subtree())
    reason = next((c for c in verb.sub("obl") if c.case() in _REASONS and c.index == begin - 1), None)
    if reason is not None and reason.mention is None and reason.is_noun:
        reattach(node, reason, "nmod")


def _of_beside_place(node: Node) -> None:
    """In "the arrest in Benin of five Nigeriens" the Nigeriens are arrested, and are not Benin's."""
    place = node.head
    if node.mention is None or node.dep != "nmod" or node.case() != "of" or place is None or place.mention is None:
        return
    noun = place.head
    if place.case() == "in" and not place.mention.head and noun is not None and noun.is_noun and noun.mention is None:
        reattach(node, noun, "nmod")


_SPEAKING = frozenset(
    "say state report add note announce confirm declare think believe hope know see find show".split()
)


def _reduced_object(node: Node) -> None:
    """In "handed over two men sought for robbery" the men are handed over, and sought only besides."""
    verb = node.head
    if node.tag not in ("VBN", "VBD") or node.dep != "ccomp" or verb is None or not verb.is_verb or verb.sub("obj"):
        return
    if node.sub("aux", "aux:pass", "mark", "obj", "cop") and not (node.tag == "VBD" and node.sub("obj")):
        return
    subject = next((c for c in node.sub("nsubj", "nsubj:pass") if c.index == node.index - 1), None)
    if subject is None or verb.lemma in _SPEAKING or not subject.is_noun or subject.index < verb.index:
        return
    if node.sub("aux", "aux:pass", "mark", "cop"):
        return
    reattach(subject, verb, "obj")
    reattach(node, subject, "acl")
    node.tag = "VBN"
    for child in [c for c in node.children if c.dep == "obj"]:
        reattach(child, verb, "obj")


def _main_after_reduced(node: Node) -> None:
    """In "that shells fired from there had struck the villages" the finite verb is the one that has no subject."""
    subject = next((c for c in node.sub("nsubj", "nsubj:pass") if c.index < node.index), None)
    if node.tag != "VBN" or subject is None or node.sub("aux", "aux:pass") or subject.index != node.index - 1:
        return
    main = next(
        (
            c
            for c in node.children
            if c.dep in ("advcl", "ccomp", "conj", "xcomp")
            and c.index > node.index
            and c.tag in ("VBN", "VBD")
            and c.sub("aux")
            and not c.sub("nsubj", "nsubj:pass", "mark", "cc")
        ),
        None,
    )
    if main is None:
        return
    reattach(main, node.head, node.dep)
    for child in [c for c in node.children if c.index < subject.index]:
        reattach(child, main, child.dep)
    reattach(subject, main, "nsubj")
    reattach(node, subject, "acl")


def _main_after_commas(node: Node, nodes: list[Node]) -> None:
    """In "the truce, announced on Sunday, took effect" what stands between the commas tells of the truce."""
    subject = next((c for c in node.sub("nsubj", "nsubj:pass") if c.index < node.index), None)
    participle = node.tag in ("VBN", "VBD") and nodes[node.index - 1].lower == "," and not node.sub("obj", "aux")
    if subject is None or not participle or not subject.is_noun:
        return
    if max(n.index for n in subject.subtree() if n.dep != "punct") != node.index - 2:
        return
    later = (c for c in node.sub("parataxis", "ccomp", "conj", "advcl") if c.index > node.index and c.tag in _FINITE)
    main = next((c for c in later if not c.sub("nsubj", "nsubj:pass", "mark", "cc")), None)
    if main is None or nodes[main.index - 1].lower != ",":
        return
    reattach(main, node.head, node.dep)
    reattach(subject, main, "nsubj")
    reattach(node, subject, "acl")
    node.tag = "VBN"


_OF_DEALS = frozenset("sign ratify conclude agree negotiate adopt announce broker mediate initial".split())


def _deal_not_country(node: Node) -> None:
    """In "its treaty with the Philippines, signed in 1951" it is the treaty that was signed."""
    country = node.head
    if node.dep != "acl" or node.tag != "VBN" or node.lemma not in _OF_DEALS or country is None:
        return
    noun = country.head
    if country.mention is not None and country.dep == "nmod" and noun is not None and noun.is_noun:
        reattach(node, noun, "acl")


def _main_after_relative(node: Node, nodes: list[Node]) -> None:
    """In "Ireland, where it has its seat, called it piracy" Ireland is who called it so."""
    if node.head is not None or node.mention is None:
        return
    for relative in node.sub("acl:relcl"):
        main = next(
            (
                c
                for c in relative.sub("conj", "parataxis", "ccomp", "advcl")
                if c.tag in _FINITE
                and nodes[c.index - 1].lower == ","
                and not c.sub("nsubj", "nsubj:pass", "cc", "mark")
            ),
            None,
        )
        if main is not None:
            reattach(main, None, node.dep)
            reattach(node, main, "nsubj")
            return


def _shot_dead(node: Node) -> None:
    """In "shot dead an Indian farmer" the farmer was shot."""
    verb = node.head
    if node.lower == "dead" and verb is not None and verb.is_verb and verb.index == node.index - 1:
        for child in [c for c in node.children if c.is_noun and c.index > node.index]:
            reattach(child, verb, "obj")


def _actor_for_verb(node: Node) -> None:
    """In "islands that Soviet troops occupied" the troops are who occupied them."""
    verb = next((c for c in node.sub("xcomp") if c.index > node.index and c.tag in ("VBN", "VBD")), None)
    if node.mention is None or not node.is_verb or verb is None:
        return
    relative = node.sub("nsubj")
    reattach(verb, node.head, node.dep)
    reattach(node, verb, "nsubj")
    for child in relative:
        reattach(child, verb, "obj")
    node.tag, verb.tag = "NNS", "VBD"


def _that_of(node: Node, nodes: list[Node]) -> None:
    """In "A third government, that of Samoa, announced …" the noun in apposition is no relative clause's subject."""
    verb, noun = node.head, node.head.head if node.head is not None else None
    if node.lower not in ("that", "those") or node.dep != "nsubj" or verb is None or noun is None:
        return
    if nodes[node.index + 1 : node.index + 2] == [] or nodes[node.index + 1].lower != "of" or noun.head is not None:
        return
    if verb.dep == "acl:relcl" and noun.index < node.index:
        reattach(verb, None, "ROOT")
        reattach(noun, verb, "nsubj")
        reattach(node, noun, "appos")
