"""Times of records are in order, also where the machine's clock goes back: on SQLite and PostgreSQL."""

from datetime import date, timedelta

from entente.relations.states import Change
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import NOON, committed

HOUR = timedelta(hours=1)
CHANGE = Change("RUS", "AFG", "recognition", "", "held", "unknown", "recognised", date(2025, 7, 3), "e", False)


def test_a_new_ledger_records_under_the_time_that_it_is(ledger: SqlLedger) -> None:
    with ledger.read() as unit:
        assert unit.changes.recording_time(NOON) == NOON


def test_what_is_recorded_after_the_clock_went_back_has_the_time_of_the_last_record(ledger: SqlLedger) -> None:
    noon = NOON + timedelta(microseconds=1)
    committed(ledger, lambda unit: unit.changes.note_recorded(noon))
    with ledger.read() as unit:
        assert unit.changes.recording_time(noon - HOUR) == noon
        assert unit.changes.recording_time(noon + HOUR) == noon + HOUR
    assert committed(ledger, lambda unit: unit.changes.note_recorded(noon - HOUR)) == noon
    assert committed(ledger, lambda unit: unit.changes.note_recorded(noon + HOUR)) == noon + HOUR


def test_the_changes_feed_is_in_order_of_time_although_its_writers_clocks_differ(ledger: SqlLedger) -> None:
    for at in (NOON, NOON - HOUR, NOON + HOUR, NOON):
        committed(ledger, lambda unit, at=at: unit.changes.append([CHANGE], None, at))
    with ledger.read() as unit:
        assert [recorded.recorded_at for recorded in unit.changes.after(0, 9)] == [NOON, NOON, *2 * [NOON + HOUR]]


def test_a_rolled_back_record_leaves_no_time(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        unit.changes.note_recorded(NOON + HOUR)
    with ledger.read() as unit:
        assert unit.changes.recording_time(NOON) == NOON
