"""From findings to coded events: dates, identities at that date, confidence, and one event for what is said twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from entente.coding import dates
from entente.coding.clauses import is_of_object
from entente.coding.confidence import Confidence
from entente.coding.contexts import context_of
from entente.coding.explain import Trace
from entente.coding.findings import HAPPENED, Finding, Reading
from entente.coding.mentions import Mention
from entente.coding.sentences import Sentence
from entente.coding.story import Story
from entente.coding.syntax import Node, Tree
from entente.relations.events import CodedEvent, Span
from entente.relations.periods import Period
from entente.services.articles import Document

#: After a date this far back, undated sentences of the same paragraph go on telling history.
HISTORY_DAYS = 25

#: A headline tells in the present tense what the text dates this many days back, at most.
HEADLINE_DAYS = 45


@dataclass
class Composition:
    """The events of one document as they are put together, and what the story last spoke of."""

    document: Document
    story: Story
    confidence: Confidence
    trace: Trace | None = None
    found: list[CodedEvent] = field(default_factory=list)
    anchor: Period | None = None
    anchored_in: int = -1

    def events(self) -> Iterator[CodedEvent]:
        """Each event once: the same parties, act and status, on dates that don't contradict each other."""
        kept: dict[tuple[str, str, str, str], list[CodedEvent]] = {}
        for event in sorted(self.found, key=lambda e: (e.dated_by != "text", e.period is None, -e.confidence)):
            alike = kept.setdefault((event.source.party, event.target.party, event.act, event.status), [])
            if not any(_same(event, other) for other in alike):
                alike.append(event)
        single = [event for alike in kept.values() for event in alike]
        yield from sorted(single, key=lambda e: (e.quote.field != "title", e.quote.start, e.trigger.start))


def compose(composition: Composition, sentence: Sentence, tree: Tree, reading: Reading) -> None:
    """Add a sentence's findings to the composition."""
    if composition.trace:
        composition.trace.read(sentence, reading)
    today = composition.document.published_on
    history = composition.anchor if _tells_history(composition, sentence) else None
    phrases = dates.phrases(sentence.text, sentence.start, today, composition.anchor, history)
    owners = dates.assign(tree, phrases)
    findings = [*reading.findings, *composition.story.close(reading, sentence.index)]
    for finding in findings:
        period, dated_by = _when(finding, owners, phrases, sentence, today)
        own = _beside(finding.target, phrases, sentence)
        if own is not None and not finding.carried:
            period, dated_by = own, "text"
        if (
            dated_by == "publication"
            and not phrases
            and (_tells_history(composition, sentence) or _AFTER_THAT.search(sentence.text))
        ):
            period, dated_by = None, "none"
        day = (period.first if period else None) or today
        source, target = finding.source.actor_on(day), finding.target.actor_on(day)
        if source.entity == target.entity:
            continue
        composition.found.append(
            CodedEvent(
                source,
                target,
                finding.act,
                finding.status,
                period,
                dated_by,
                composition.confidence.of(finding, dated_by != "none"),
                _span(sentence.field, sentence.start, sentence.end, composition.document),
                _span(sentence.field, finding.trigger.start, finding.trigger.end, composition.document),
                context_of(finding),
            )
        )
        if composition.trace:
            composition.trace.told(sentence, finding, composition.found[-1], phrases)
    composition.story.told.extend(findings)
    told = [p.period for p in phrases if p.period is not None and not _lasts(p, sentence)]
    if told and not _interrupts_history(composition, sentence, told[-1]):
        composition.anchor, composition.anchored_in = told[-1], sentence.paragraph


#: Conjunctions of a clause that tells of another time than its main clause.
_APART = ("after", "before", "since", "until")
#: What somebody is thanked or punished for, or reacts to, lies before that.
_EARLIER = ("for", "over", "because of", "in response to", "in retaliation for")
_FORWARD = ("announced", "agreed", "requested", "threatened", "refused", "denied")
_TELLING = ("say", "announce", "report", "confirm", "tell", "state")
_AFTER_THAT = re.compile(r"\b(?:[Aa]fter|[Ff]ollowing|[Bb]efore|[Dd]uring|[Ii]n) (?:that|those) (?!month|week)[a-z]+\b")


def _beside(target: Mention, phrases: list[dates.DatePhrase], sentence: Sentence) -> Period | None:
    """The date right after a target, where each of several has its own ("of Mali in 2022, of Niger in 2023")."""
    if len(phrases) < 2:
        return None
    for phrase in phrases:
        between = sentence.text[target.end - sentence.start : phrase.start - sentence.start]
        if 0 < phrase.start - target.end < 6 and between.strip() in ("in", "on", ""):
            return phrase.period
    return None


def _tells_history(composition: Composition, sentence: Sentence) -> bool:
    """True if the paragraph's last date is long past: what follows it undated is history, not today's news."""
    anchor, today = composition.anchor, composition.document.published_on
    if anchor is None or today is None or composition.anchored_in != sentence.paragraph or sentence.field == "title":
        return False
    return (today - anchor.last).days > HISTORY_DAYS


def _interrupts_history(composition: Composition, sentence: Sentence, told: Period) -> bool:
    """True for a day of this week named among old dates: "that year" still means the old one."""
    today = composition.document.published_on
    return today is not None and (today - told.first).days <= 7 and _tells_history(composition, sentence)


def _lasts(phrase: dates.DatePhrase, sentence: Sentence) -> bool:
    """True for the beginning of what still goes on ("since 2014"): no time that a story then stays in."""
    before, after = sentence.text[: phrase.start - sentence.start], sentence.text[phrase.end - sentence.start :]
    opens = sentence.text[phrase.start - sentence.start : phrase.end - sentence.start].lower().startswith("since")
    return (opens or before.rstrip().endswith(("since", "Since"))) and not after.startswith((", when", " when"))


def _span(name: str, start: int, end: int, document: Document) -> Span:
    text = document.text if name == "text" else document.title or ""
    return Span(name, start, end, text[start:end])


def _same(event: CodedEvent, other: CodedEvent) -> bool:
    """Whether two reports of one act between the same parties can be of one event."""
    if event.period is None or other.period is None or event.period == other.period:
        return True
    if event.period.within(other.period) or other.period.within(event.period):
        return True
    reach = HEADLINE_DAYS if event.quote.field == "title" else 3
    return event.dated_by == "publication" and 0 <= (event.period.first - other.period.first).days <= reach


def _when(
    finding: Finding,
    owners: dict[int, dates.DatePhrase],
    phrases: list[dates.DatePhrase],
    sentence: Sentence,
    today: date | None,
) -> tuple[Period | None, str]:
    """The period of a finding and where it comes from: text, publication or none."""
    node = finding.trigger
    measured, period = _measured(node, owners, sentence, today)
    if measured:
        return period, "text" if period is not None else "none"
    phrase = owners.get(node.index) or (owners.get(finding.noun.index) if finding.noun is not None else None)
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
    if phrase is not None and _lasts(phrase, sentence) and not _is_perfect(node) and finding.status == "effective":
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
    node: Node, owners: dict[int, dates.DatePhrase], sentence: Sentence, today: date | None
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
