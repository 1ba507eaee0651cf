"""The floor: which events are sure enough to move a facet."""

from entente.relations.codebook import Codebook
from entente.relations.events import Event, Fact
from entente.relations.state_facts import Evidence, StateReport


def is_sure(fact: Fact, codebook: Codebook) -> bool:
    """True if an event may move facets: it reaches the floor of its act's family, or no floor applies to it.

    None applies to what an analyst asserted, nor to what any coder reports whose confidence is not calibrated: until
    it is coded again, that moves facets as it did before there was a floor.
    """
    return fact.confidence >= codebook.floor(fact.act) or not _calibrated(fact, codebook)


def is_unconfirmed(event: Event | Fact, codebook: Codebook) -> bool:
    """True if an event would move a facet but is not sure enough."""
    if not codebook.effects(event.act, event.status) or not event.between_states:
        return False
    return not is_sure(event.fact if isinstance(event, Event) else event, codebook)


def supporters(fact: Evidence, codebook: Codebook) -> tuple[str, ...]:
    """The owners that count where two make a value effective: of calibrated reports those that are sure enough."""
    if isinstance(fact, StateReport):
        return fact.owners
    return fact.sure_owners if _calibrated(fact, codebook) else fact.owners


def _calibrated(fact: Fact, codebook: Codebook) -> bool:
    return bool(fact.coders) and codebook.calibrated.issuperset(fact.coders)
