"""Repairs of clauses that the parser joins wrongly: gapped lists, reduced relatives, subjects far off."""

from entente.coding.syntax import Node, reattach


def repair_clauses(nodes: list[Node]) -> None:
    """Apply each of them to a tree, in place."""
    for node in nodes:
        _first_of_two_verbs(node)
        _clause_after_preposition(node)
        _of_reason(node)
        _gapped_object(node)
        _gapped_oblique(node)
        _gapped_subject(node, nodes)
        _of_beside_place(node)
        _reduced_object(node)
        _main_after_reduced(node)
        _main_after_commas(node, nodes)
        _actor_for_verb(node)
        _deal_not_country(node)
        _as_did(node)
        _subject_after_comma(node)
        _main_after_relative(node, nodes)
        _joined_too_deep(node, nodes)
        _shot_dead(node)
        _subject_in_list(node, nodes)
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


def _joined_too_deep(node: Node, nodes: list[Node]) -> None:
    """In "recalled its envoy after the mayor had …, and expelled the embassy" both are done by the same."""
    deep = node.head
    if node.dep != "conj" or node.tag != "VBD" or deep is None or deep.dep != "advcl" or deep.head is None:
        return
    perfect = deep.tag == "VBN" and any(c.lower == "had" for c in deep.sub("aux"))
    comma = any(c.index > 0 and nodes[c.index - 1].lower == "," for c in node.sub("cc"))
    if perfect and comma and not node.sub("nsubj", "nsubj:pass") and deep.head.tag == "VBD":
        reattach(node, deep.head, "conj")


def _shot_dead(node: Node) -> None:
    """In "shot dead an Indian farmer" the farmer was shot."""
    verb = node.head
    if node.lower == "dead" and verb is not None and verb.is_verb and verb.index == node.index - 1:
        for child in [c for c in node.children if c.is_noun and c.index > node.index]:
            reattach(child, verb, "obj")


_DONE = frozenset({"do", "have", "be", "will"})


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
