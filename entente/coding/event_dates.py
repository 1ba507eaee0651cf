"""When an event happened: from the date its clause owns, from those around it, or from the day of publication."""

import re
from datetime import date
from itertools import pairwise

from entente.coding import dates
from entente.coding.date_phrases import DatePhrase
from entente.coding.findings import HAPPENED, Finding
from entente.coding.sentences import Sentence
from entente.coding.subjects import is_of_object
from entente.coding.syntax import Node
from entente.relations.periods import Period

#: Conjunctions of a clause that tells of another time than its main clause.
_APART = ("after", "before", "since", "until")


#: What somebody is thanked or punished for, or reacts to, lies before that.
_EARLIER = ("for", "over", "because of", "in response to", "in retaliation for")


_FORWARD = ("announced", "agreed", "requested", "threatened", "refused", "denied")


_TELLING = ("say", "announce", "report", "confirm", "tell", "state")


#: Before the year in which something began that a story does not go back to.
_LASTING = re.compile(r"(?:\b[Ss]ince|\bdat(?:e|es|ed|ing)(?: back)? (?:from|to)) *$")


def lasts(phrase: DatePhrase, sentence: Sentence) -> bool:
    """True for the beginning of what still goes on ("since 2014"): no time that a story then stays in."""
    before, after = sentence.text[: phrase.start - sentence.start], sentence.text[phrase.end - sentence.start :]
    opens = sentence.text[phrase.start - sentence.start : phrase.end - sentence.start].lower().startswith("since")
    return (opens or _LASTING.search(before[-30:]) is not None) and not after.startswith((", when", " when"))


def when(
    finding: Finding,
    owners: dict[int, DatePhrase],
    phrases: list[DatePhrase],
    sentence: Sentence,
    today: date | None,
) -> tuple[Period | None, str]:
    """The period of a finding and where it comes from: text, publication or none."""
    node = finding.trigger
    measured, period = _measured(node, owners, sentence, today)
    if measured:
        return period, "text" if period is not None else "none"
    phrase = owners.get(node.index) or (owners.get(finding.noun.index) if finding.noun is not None else None)
    if phrase is None:
        phrase = next((owners[c.index] for c in node.sub("conj") if c.index in owners and _shares_its_end(c)), None)
    if phrase is None:
        phrase = next((owners[c.index] for c in node.sub("advcl") if c.index in owners and _at_that_time(c)), None)
    upwards = [node, *node.path_up()]
    for inner, outer in pairwise(upwards):
        if phrase is not None or inner.dep not in (
            "conj",
            "xcomp",
            "ccomp",
            "advcl",
            "obj",
            "obl",
            "nmod",
            "acl",
            "parataxis",
        ):
            break
        if inner.dep == "ccomp" and _has_own_time(inner):
            break
        if inner is not node and inner.dep in ("obl", "nmod") and inner.case() in _EARLIER:
            return None, "none"
        if inner.dep == "advcl" and any(c.dep == "mark" and c.lower in _APART for c in inner.children):
            return None, "none"
        phrase = owners.get(outer.index)
    if phrase is None and not finding.nominal and finding.status in HAPPENED:
        phrase = next((owners[c.index] for c in node.children if _attributes(c) and c.index in owners), None)
    if phrase is None and len(phrases) == 1 and finding.nominal is False and not _is_background(node):
        owner = next((n for n in node.path_up() if n.index in owners), None)
        if owner is None:
            below = node.subtree() if finding.status not in _FORWARD else ()
            owner = next((n for n in below if n.index in owners and _reduced_under(n, node)), None)
        phrase = owners[owner.index] if owner is not None else None
    if phrase is None and len(phrases) == 1 and phrases[0].start - sentence.start < 12 and not finding.nominal:
        phrase = phrases[0]
    if phrase is not None and finding.status in _FORWARD and lasts(phrase, sentence):
        phrase = None
    if phrase is not None and lasts(phrase, sentence) and not _is_perfect(node) and finding.status == "effective":
        phrase = None if node.tag in ("VBD", "VBZ", "VBP") else phrase
    if phrase is not None and finding.status == "announced" and owners.get(node.index) is phrase and today:
        return dates.coming(phrase.period, sentence.text[phrase.start - sentence.start :], today), "text"
    if phrase is not None:
        return (phrase.period, "text") if phrase.period is not None else (None, "none")
    if today and finding.status in _FORWARD and not finding.nominal and not _is_background(node):
        return Period.day(today), "publication"
    if finding.status == "alleged" and is_of_object(node):
        return None, "none"
    if today is None or finding.nominal or finding.source.historic or finding.target.historic:
        return None, "none"
    if _is_background(node) or (_is_perfect(node) and not sentence.lead and not _is_reported(node)):
        return None, "none"
    if any(p.period is not None and p.period.first.year < today.year - 1 for p in phrases):
        return None, "none"
    return Period.day(today), "publication"


def _measured(
    node: Node, owners: dict[int, DatePhrase], sentence: Sentence, today: date | None
) -> tuple[bool, Period | None]:
    """Whether the act lies a measured time from another ("ten months after expelling them"), and when, if told."""
    for clause in (node, *node.path_up()):
        if clause.index in owners:
            return False, None
        openers = [*clause.children, *(c for s in clause.sub("nsubj") for c in s.children)]
        mark = next((c for c in openers if c.dep in ("mark", "case") and c.lower in ("after", "before")), None)
        if mark is not None and clause.dep in ("advcl", "obl", "nmod", "acl", "parataxis", "root", "ROOT"):
            outer = next((owners[g.index] for g in clause.path_up() if g.index in owners), None)
            base = outer.period if outer is not None else Period.day(today) if today else None
            sign = -1 if mark.lower == "after" else 1
            return dates.offset(sentence.text[: max(0, mark.start - sentence.start)], sign, base)
        if clause.dep not in ("conj", "xcomp", "advcl", "obl", "nmod"):
            return False, None
    return False, None


def _attributes(node: Node) -> bool:
    """True for the clause of "…, the ministry said on Monday": what is told as done is dated by its telling."""
    return (
        node.dep in ("parataxis", "conj") and node.lemma in _TELLING and bool(node.sub("nsubj")) and not node.sub("cc")
    )


def _reduced_under(node: Node, verb: Node) -> bool:
    """True for a participle in the verb's own object ("banned chips made by … in May")."""
    if node.tag not in ("VBN", "VBG") or node is verb or node.sub("aux", "aux:pass"):
        return False
    for governor in node.path_up():
        if governor is verb:
            return True
        if governor.is_verb:
            return False
    return False


def _at_that_time(clause: Node) -> bool:
    """True for a clause that says when ("when its reserves ran out in 2022")."""
    return any(c.lower == "when" for c in clause.children) and clause.tag in ("VBD", "VBN")


def _shares_its_end(verb: Node) -> bool:
    """True for the last of several verbs of one subject: "rammed a boat and fired at two others on Sunday"."""
    return verb.is_verb and not verb.sub("nsubj", "nsubj:pass") and bool(verb.sub("cc"))


def _has_own_time(node: Node) -> bool:
    return any(c.dep == "aux" and c.lemma in ("will", "would", "may", "might", "could") for c in node.children)


def _is_perfect(node: Node) -> bool:
    holder = node.head if node.dep == "conj" and node.head is not None and not node.sub("aux", "nsubj") else node
    return any(c.dep == "aux" and c.lower in ("has", "have", "had", "'ve") for c in holder.children)


def _is_reported(node: Node) -> bool:
    """True for "said it had expelled …": the pluperfect of reported speech is news, not background."""
    clause = node.head if node.dep == "conj" and node.head is not None else node
    return clause.dep == "ccomp" and any(c.lower == "had" for c in clause.sub("aux"))


def _is_background(node: Node) -> bool:
    upwards = [node, *node.path_up()]
    return any(n.dep in ("acl:relcl", "acl", "advcl:relcl") for n in upwards[:3] if n.is_verb and n.tag != "VB")
