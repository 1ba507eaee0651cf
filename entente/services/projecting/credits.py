"""Credits: for whom the whole ledger's mentions count (reprint groups and owners), checked and repaired."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

from entente.relations.dyads import Dyad
from entente.relations.grouping.reprint_scan import scan
from entente.relations.grouping.reprints import Print, bands, first_of, runs
from entente.relations.publishers import Publishers
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.projecting.reprints import ReprintGroups, credit
from entente.services.projecting.session import ProjectionSession

#: Makes a session of these dyads in a unit of work.
Session = Callable[[UnitOfWork, Iterable[Dyad]], AbstractContextManager[ProjectionSession]]

#: Articles whose bands are stored in one transaction.
_AT_ONCE = 200


class Credits:
    """Reprint groups and owners as stored, against those that follow from the texts and the table of publishers."""

    def __init__(self, ledger: Ledger, publishers: Publishers, session: Session) -> None:
        self._ledger = ledger
        self._publishers = publishers
        self._session = session

    def left_behind(self) -> str:
        """Warning for the operator of mentions that don't count as they would now, with the remedy; "" if none."""
        with self._ledger.read() as unit:
            told = unit.mentions.owners()
            uncompared = unit.reprints.without_bands(1)
        moved = [publisher for publisher, owner in told if self._publishers.owner_of(publisher) != owner]
        found = []
        if moved:
            found.append(f"{len(moved):,} publishers count for another owner than the table of publishers names")
        if uncompared:
            found.append("some articles were never compared with others as reprints")
        return f"{' and '.join(found)}: `entente rebuild` derives them again" if found else ""

    def differences(self) -> list[str]:
        """Where stored groups differ from those of the texts; one line an article."""
        with self._ledger.read() as unit:
            wrong = [
                f"article {print.id}: counts as {stored}, is printed first by {first.id}"
                for print, stored, first in _compared(unit)
                if stored != first.id
            ]
            unlike = [
                f"article {id}: its mentions count for another first print" for id in unit.reprints.contradictions()
            ]
        return wrong + unlike

    def repair(self) -> int:
        """Make the stored groups those of the texts; the number of articles whose first print changed.

        One short transaction a group, each of which groups anew what it finds: articles may come meanwhile.
        """
        self._note_bands()
        with self._ledger.read() as unit:
            wrong = [(print.id, first.id) for print, stored, first in _compared(unit) if stored != first.id]
        done = 0
        for ids in wrong:
            with self._ledger.write() as unit:
                firsts = ReprintGroups(unit).repair(ids)
                with self._session(unit, {d for id in firsts for d in unit.mentions.dyads_of(id)}) as projection:
                    credit(unit, self._publishers, firsts, projection.at)
                    projection.fold(ids[0], projection.at, also=firsts)
                unit.commit()
            done += len(firsts)
        return done

    def _note_bands(self) -> None:
        """Store the bands of articles that came before bands were kept of their like."""
        while True:
            with self._ledger.write() as unit:
                missing = unit.reprints.without_bands(_AT_ONCE)
                for id in missing:
                    unit.reprints.note(id, bands(runs(unit.reprints.text(id))))
                unit.commit()
            if not missing:
                return


def _compared(unit: UnitOfWork) -> Iterator[tuple[Print, str, Print]]:
    """Yield (article, id of its stored first print, its first print)."""
    stored: dict[str, str] = {}

    def read() -> Iterator[tuple[Print, str]]:
        for print, first, text in unit.reprints.every():
            stored[print.id] = first
            yield print, text

    for group in scan(read()):
        first = first_of(group)
        yield from ((print, stored.pop(print.id), first) for print in group)
