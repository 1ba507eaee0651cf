"""Which predicate a date phrase belongs to, and what it means for acts to come and acts at a measured distance."""

import re
from datetime import date, timedelta

from entente.coding.date_phrases import DatePhrase
from entente.coding.date_reading import COUNT, MONTH, WEEKDAY, counted
from entente.coding.syntax import Node, Tree
from entente.relations.periods import PRECISIONS, Period

_BARE_DAY = re.compile(rf"{WEEKDAY}\b")
_BARE_MONTH = re.compile(
    rf"(?:(?i:in|from|by|until|late|early|(?:end|start|middle|beginning)\ of)\ )?{MONTH}\b(?!\ \d)"
)


def coming(period: Period | None, phrase: str, today: date) -> Period | None:
    """What a weekday or month without more means of something that is still to come ("will visit on Friday")."""
    if period is None or period.first >= today:
        return period
    if period.precision == "day" and _BARE_DAY.match(phrase):
        return Period.day(period.first + timedelta(days=7))
    if period.precision == "month" and _BARE_MONTH.match(phrase) and period.last < today:
        return Period(date(period.first.year + 1, period.first.month, 1), "month")
    return period


def assign(tree: Tree, found: list[DatePhrase]) -> dict[int, DatePhrase]:
    """Which predicate each date phrase belongs to: node index of the nearest governing verb → phrase."""
    owners: dict[int, DatePhrase] = {}
    for phrase in found:
        node = next((n for n in tree.nodes if n.start < phrase.end and phrase.start < n.end), None)
        if node is None:
            root = next((n for n in tree.nodes if n.head is None and n.is_verb), None)
            if root is not None:
                owners.setdefault(root.index, phrase)
            continue
        inside = [n for n in tree.nodes if n.start < phrase.end and phrase.start < n.end]
        top = next((n for n in inside if n.head is None or n.head not in inside), node)
        owner = next((g for g in top.path_up() if g.is_verb or g.head is None), top)
        mark = next((c for c in owner.sub("mark") if c.index > node.index), None)
        if mark is not None and owner.dep == "advcl" and owner.head is not None and owner.head.index < node.index:
            owner = owner.head  # "recalled its envoy last June after …"
        beside = _verb_right_before(node, tree)
        if beside is not None and owner.index > node.index:
            owner = beside
        for index in (owner.index, *(n.index for n in _nominal_path(top, owner))):
            held = owners.get(index)
            if held is None or _is_finer(phrase, held):
                owners[index] = phrase
    return owners


def _verb_right_before(node: Node, tree: Tree) -> Node | None:
    """The verb of "said on Wednesday", which a later verb has no claim to."""
    at = node.index - 1
    if at > 0 and tree.nodes[at].lower in ("on", "in", "last", "early", "late"):
        at -= 1
    return tree.nodes[at] if at >= 0 and tree.nodes[at].is_verb else None


def _is_finer(phrase: DatePhrase, other: DatePhrase) -> bool:
    """True for "March 18, 2014" beside "ten years ago"."""
    if phrase.period is None or other.period is None:
        return phrase.period is not None
    return PRECISIONS.index(phrase.period.precision) < PRECISIONS.index(other.period.precision)


_OFFSET = re.compile(rf"(?:\b(?P<count>(?i:{COUNT}))\ |\b)(?P<unit>day|week|month|year|hour|decade)s?\s*$")


def offset(before: str, sign: int, base: Period | None) -> tuple[bool, Period | None]:
    """Whether `before` ends in a measure of time ("ten months" after …), and the day so far from `base`, if known."""
    match = _OFFSET.search(before)
    if match is None:
        return False, None
    unit = match["unit"]
    reached = base is not None and (
        base.precision == "day" or unit in ("year", "decade") or (unit == "month" and base.precision == "month")
    )
    if match["count"] is None or base is None or not reached or unit == "hour":
        return True, None
    words = [match["count"].lower(), unit, "later" if sign > 0 else "earlier"]
    return True, counted(words, base.first, base.first)


def _nominal_path(node: Node, stop: Node) -> list[Node]:
    path = []
    for governor in node.path_up():
        if governor is stop:
            break
        path.append(governor)
    return path
