"""Findings: events as one sentence tells them, before they have dates and identities."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from entente.coding.acts import Decision
from entente.coding.clauses import Part
from entente.coding.mentions import Mention
from entente.coding.modality import Cue
from entente.coding.syntax import Node

HAPPENED = ("effective", "ongoing")
_BOTH_WAYS = ("effective", "ongoing", "announced", "agreed", "alleged")


@dataclass(frozen=True, slots=True)
class Finding:
    """An event as one sentence tells it; mentions are resolved to entities when its date is known.

    `seconded`: how likely the second reader takes its root to be, if it was asked.
    """

    source: Mention
    target: Mention
    act: str
    status: str
    trigger: Node
    noun: Node | None
    rank: int
    rule: str
    nominal: bool = False
    alleged_by: Mention | None = None
    cues: tuple[Cue, ...] = ()
    fallback: bool = False
    carried: bool = False
    seconded: float | None = None


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """An act without a target, or without anyone named at all: what the story said before may close it."""

    decision: Decision
    node: Node
    source: Mention | None = None
    target: Mention | None = None


@dataclass
class Reading:
    """What was found in one sentence, and why something was not; filled for `explain`."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    open_ends: list[OpenEnd] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Telling:
    """How a predicate is told: its layers, who reports it, and whether he only claims it."""

    cues: tuple[Cue, ...]
    speaker: Mention | None = None
    claimed: bool = False


def between(
    node: Node,
    decision: Decision,
    agent: Part,
    target: Part,
    both: bool,
    telling: Telling,
    nominal: bool = False,
    hostile: bool = False,
) -> Iterator[Finding]:
    """The finding(s) of one act between two parties: both ways where `both`, alleged where a third party says so.

    `hostile` acts are allegations even when the victim reports them.
    """
    if agent.mention.entities() & target.mention.entities():
        return
    status, accuser = decision.status, _accuser(decision, agent, target, telling, hostile)
    if accuser is not None:
        status = "alleged"
        if (telling.claimed or hostile) and accuser.senses and decision.act != "accuse":
            rule = f"alleged {decision.act}"
            yield Finding(accuser, agent.mention, "accuse", "effective", node, None, 2, rule, cues=telling.cues)
    source, goal = (target, agent) if decision.swap else (agent, target)
    rank = agent.rank + target.rank
    finding = Finding(
        source.mention, goal.mention, decision.act, status, node, decision.noun, rank, decision.rule, nominal,
        accuser, telling.cues,
    )  # fmt: skip
    yield finding
    if both and status in _BOTH_WAYS:
        yield replace(finding, source=goal.mention, target=source.mention)


def _accuser(decision: Decision, agent: Part, target: Part, telling: Telling, hostile: bool) -> Mention | None:
    """Who makes it an allegation: a speaker that is no party, or anyone but the doer who merely claims it."""
    speaker = telling.speaker
    if speaker is None or decision.status not in HAPPENED or speaker.entities() & agent.mention.entities():
        return None
    third = not speaker.entities() & target.mention.entities()
    return speaker if telling.claimed or ((third or hostile) and speaker.sector != "MED") else None


def inner_status(own: str, around: str) -> str:
    """An act that carries a status of its own ("pledged aid") keeps it unless something further out says otherwise."""
    if not own:
        return around
    return own if around in (*HAPPENED, "announced") else around


def distinct(parts: Sequence[Part]) -> list[Part]:
    """The first part of each entity."""
    found: list[Part] = []
    for part in parts:
        if not any(part.mention.entities() & other.mention.entities() for other in found):
            found.append(part)
    return found
