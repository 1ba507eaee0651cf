"""From findings to coded events: dates, identities at that date, confidence, and one event for what is said twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from entente.coding import date_phrases, dates
from entente.coding.confidence import Confidence
from entente.coding.contexts import context_of
from entente.coding.date_phrases import DatePhrase
from entente.coding.event_dates import lasts, when
from entente.coding.explain import Trace
from entente.coding.findings import Reading
from entente.coding.mentions import Mention
from entente.coding.sentences import Sentence
from entente.coding.story import Story
from entente.coding.syntax import Tree
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
    phrases = date_phrases.phrases(sentence.text, sentence.start, today, composition.anchor, history)
    owners = dates.assign(tree, phrases)
    findings = [*reading.findings, *composition.story.close(reading, sentence.index)]
    for finding in findings:
        period, dated_by = when(finding, owners, phrases, sentence, today)
        # "…, and Nicaragua in December 2021": of the one that the date stands beside.
        own = _beside(finding.source, finding.trigger.end, phrases, sentence)
        own = own or _beside(finding.target, finding.trigger.start, phrases, sentence)
        if own is not None and not finding.carried and own.period is not None:
            period = own.period
            if today is not None and finding.status == "announced":
                period = dates.coming(own.period, sentence.text[own.start - sentence.start :], today)
            dated_by = "text"
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
    aside = {i for i, phrase in owners.items() if tree.nodes[i].dep in ("acl:relcl", "acl") and phrase is not None}
    beside = [owners[i] for i in aside]
    told = [p.period for p in phrases if p.period is not None and not lasts(p, sentence) and p not in beside]
    days = [period for period in told if period.precision == "day"]
    last = (days or told)[-1:]
    if last and not _interrupts_history(composition, sentence, last[0]):
        composition.anchor, composition.anchored_in = last[0], sentence.paragraph


_AFTER_THAT = re.compile(r"\b(?:[Aa]fter|[Ff]ollowing|[Bb]efore|[Dd]uring|[Ii]n) (?:that|those) (?!month|week)[a-z]+\b")


def _beside(target: Mention, after: int, phrases: list[DatePhrase], sentence: Sentence) -> DatePhrase | None:
    """The date right after a target that stands behind offset `after`, where each of several has its own.

    "of Mali in 2022, of Niger in 2023"
    """
    if len(phrases) < 2 or target.start < after:
        return None
    for phrase in phrases:
        between = sentence.text[target.end - sentence.start : phrase.start - sentence.start]
        if 0 < phrase.start - target.end < 6 and between.strip() in ("in", "on", ""):
            return phrase
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
