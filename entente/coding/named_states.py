"""The states among a sentence's mentions: which they are, which stand together, and which it begins with."""

from collections.abc import Sequence
from itertools import pairwise

from entente.coding.mentions import Mention
from entente.relations.events import STATE_SECTORS

#: A name so near to the beginning of a sentence is its subject.
AT_THE_START = 25


def is_state(mention: Mention) -> bool:
    """True for a state, or who acts for it."""
    return any(len(s.entity) == 3 and s.role != "organisation" and s.sector in STATE_SECTORS for s in mention.senses)


def states_of(mentions: Sequence[Mention]) -> list[Mention]:
    """The first mention of each state."""
    found: list[Mention] = []
    for mention in mentions:
        if is_state(mention) and not any(mention.entities() & other.entities() for other in found):
            found.append(mention)
    return found


def named_together(states: Sequence[Mention], text: str, start: int) -> list[Mention]:
    """The first two states with nothing but "and" between them, else none."""
    for one, other in pairwise(states):
        if text[one.end - start : other.start - start].strip() == "and":
            return [one, other]
    return []


def joined(states: Sequence[Mention]) -> list[Mention]:
    """The two of several states that stand beside each other as "X and Y" do, if there is one such pair."""
    pairs = [[one, other] for one, other in pairwise(states) if other.start - one.end == len(" and ")]
    return pairs[0] if len(pairs) == 1 else []


def beginning(states: Sequence[Mention], begins: int) -> list[Mention]:
    """The states that a sentence begins with: one, or several joined by commas and "and"."""
    found = list(states[:1]) if states and states[0].start - begins < AT_THE_START else []
    for one, other in pairwise(states if found else ()):
        if other.start - one.end > len(", and "):
            break
        found.append(other)
    return found


def is_list(states: Sequence[Mention]) -> bool:
    """True for states named one after the other: "Mali, Niger and Burkina Faso"."""
    return all(other.start - one.end <= len(", and ") for one, other in pairwise(states))
