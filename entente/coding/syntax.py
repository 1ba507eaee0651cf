"""The dependency tree of one sentence as light nodes, after the repairs that the parser's weak points need."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from entente.coding.mentions import Mention

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "csubj:pass", "nsubj:outer"})
CLAUSES = frozenset({"acl", "acl:relcl", "advcl", "advcl:relcl", "ccomp", "xcomp", "csubj", "parataxis", "conj"})


@dataclass(eq=False, slots=True)
class Node:
    """A token, or a whole actor mention as one token. `start`/`end` are offsets into the document's field."""

    index: int
    text: str
    lower: str
    lemma: str
    tag: str
    dep: str
    start: int
    end: int
    mention: Mention | None = None
    head: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    @property
    def is_verb(self) -> bool:
        """True for a verb form, a participle included."""
        return self.tag.startswith("VB")

    @property
    def is_noun(self) -> bool:
        """True for a noun, proper or common, or an actor."""
        return self.tag.startswith("NN") or self.mention is not None

    def sub(self, *deps: str) -> list["Node"]:
        """Children in one of these relations."""
        return [child for child in self.children if child.dep in deps]

    def case(self) -> str:
        """The preposition before a nominal, several words joined by a blank; "" if it has none."""
        return " ".join(c.lower for c in self.children if c.dep == "case" and c.index < self.index)

    def conjuncts(self) -> list["Node"]:
        """The node and what is coordinated with it, below it."""
        found = [self]
        for child in self.children:
            if child.dep == "conj" or (child.dep == "appos" and _is_enumerated(self, child)):
                found.extend(child.conjuncts())
        return found

    def subtree(self) -> Iterator["Node"]:
        """The node and everything below it."""
        yield self
        for child in self.children:
            yield from child.subtree()

    def path_up(self) -> Iterator["Node"]:
        """The governors, nearest first."""
        node = self.head
        while node is not None:
            yield node
            node = node.head


def _is_enumerated(node: Node, other: Node) -> bool:
    """True for two different actors side by side, which are a list and no apposition."""
    return bool(node.mention and other.mention and not node.mention.entities() & other.mention.entities())


@dataclass(slots=True)
class Tree:
    """A parsed sentence: its nodes in order, and where it stands in the document. `speaker`: who is quoted with it."""

    nodes: list[Node]
    field: str
    start: int
    end: int
    text: str
    speaker: Mention | None = None

    @property
    def mentions(self) -> list[Node]:
        """The nodes that are actors."""
        return [node for node in self.nodes if node.mention is not None]


def link(nodes: list[Node], heads: list[int]) -> None:
    """Connect nodes whose governor's index is given (its own index for a root)."""
    for node, head in zip(nodes, heads, strict=True):
        if head != node.index:
            node.head = nodes[head]
            nodes[head].children.append(node)


def reattach(node: Node, head: Node | None, dep: str) -> None:
    """Give a node another governor and relation; not one that it governs itself, which would leave no tree."""
    if head is not None and (head is node or node in head.path_up()):
        return
    if node.head is not None:
        node.head.children.remove(node)
    node.head, node.dep = head, dep
    if head is not None:
        head.children.append(node)
        head.children.sort(key=lambda child: child.index)
