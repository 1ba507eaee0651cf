"""Digests: the latest changes of facets, back to an instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.services.ports.changes import RecordedChange
from entente.services.ports.ledger import Ledger

#: Most changes of a digest.
MOST_CHANGES = 500


@dataclass(frozen=True, slots=True)
class Digest:
    """Changes recorded since an instant, newest first. `last`: the number of the last change in the ledger.

    `is_whole` is False if there were more than MOST_CHANGES, the earliest of which are left out.
    """

    changes: Sequence[RecordedChange]
    last: int
    is_whole: bool


class Digests:
    """Reads of the end of the changes feed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def since(self, when: datetime) -> Digest:
        """What changed since `when`."""
        with self._ledger.read() as unit:
            last = unit.changes.last()
            first = max(0, last - MOST_CHANGES)
            latest = unit.changes.after(first, MOST_CHANGES)
        found = [recorded for recorded in reversed(latest) if recorded.recorded_at >= when]
        return Digest(found, last, len(found) < len(latest) or first == 0)
