"""The DerivedReads, DerivedWrites, DyadVersions and ChangeLog ports, on SQLite and PostgreSQL."""

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import event, text

from entente.relations.dyads import Dyad
from entente.relations.events import Event
from entente.relations.grouping.group import group_mentions
from entente.relations.periods import Period
from entente.relations.states import Change, Interval
from entente.services.ports.changes import RecordedChange
from entente.services.ports.derived import Derived
from entente.services.ports.events import EventQuery
from entente.services.ports.ledger import UnitOfWork
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import (
    AFG_RUS,
    NOON,
    add_article,
    at_once,
    committed,
    replace_events,
    replace_states,
    report,
)
from tests.unit.builders import mention

AFG_PAK = Dyad("AFG", "PAK")

RECOGNISED = Interval(
    source="RUS",
    target="AFG",
    facet="recognition",
    item="",
    standing="held",
    value="recognised",
    valid_from=Period.parse("2025-07-03"),
    known_by=date(2025, 7, 4),
    valid_to=None,
    ends="",
    evidence=("RUS.AFG.recognise.effective.2025-07-03", "RUS.AFG.recognise.effective.2025-07-05"),
    rule="recognition-1",
)
NOT_RECOGNISED = replace(
    RECOGNISED,
    value="not_recognised",
    valid_from=None,
    known_by=date(2021, 9, 1),
    valid_to=date(2025, 7, 3),
    ends="change",
)
MISSION = replace(RECOGNISED, facet="mission", item="", value="embassy", valid_from=Period.parse("2024-05"))

CHANGE = Change(
    "RUS", "AFG", "recognition", "", "held", "unknown", "recognised", date(2025, 7, 3), "an.event.id", False
)


def project(unit: UnitOfWork, dyad: Dyad = AFG_RUS) -> list[Event]:
    events = group_mentions(unit.mentions.of_dyad(dyad))
    replace_events(unit, dyad, events)
    return events


def events_of(ledger: SqlLedger, dyad: Dyad = AFG_RUS) -> list[Event]:
    with ledger.read() as unit:
        return sorted(unit.events.search(EventQuery(dyad=dyad), None, 1000).items, key=lambda event: event.id)


def statements(ledger: SqlLedger) -> list[str]:
    """The statements that the ledger executes from now on, each row of a batch counted."""
    seen: list[str] = []

    def note(conn, cursor, statement, parameters, context, executemany):  # type: ignore[no-untyped-def]  # SQLAlchemy's hook
        seen.extend([statement.split("(")[0].strip()] * (len(parameters) if executemany else 1))

    event.listen(ledger._engine, "before_cursor_execute", note)
    return seen


# Versions and locks


def test_each_lock_of_a_dyad_gives_the_next_version(ledger: SqlLedger) -> None:
    for expected in (1, 2, 3):
        versions = committed(ledger, lambda unit: unit.dyads.lock([AFG_RUS, AFG_RUS]))
        assert versions == {AFG_RUS: expected}
    assert committed(ledger, lambda unit: unit.dyads.lock([AFG_PAK, AFG_RUS])) == {AFG_PAK: 1, AFG_RUS: 4}
    assert committed(ledger, lambda unit: unit.dyads.lock([])) == {}
    with ledger.read() as unit:
        assert unit.dyads.version(AFG_RUS) == 4
        assert unit.dyads.version(Dyad("FRA", "USA")) == 0


def test_more_dyads_than_one_statement_holds_can_be_locked(ledger: SqlLedger) -> None:
    many = [Dyad(f"A{i:04}", f"B{i:04}") for i in range(2500)]
    versions = committed(ledger, lambda unit: unit.dyads.lock(reversed(many)))
    assert versions == dict.fromkeys(many, 1)


def test_eight_projections_of_one_dyad_at_once_lose_no_mention(ledger: SqlLedger) -> None:
    def report_and_project(i: int) -> int:
        with ledger.write() as unit:
            # Written before the lock, so that each of them starts before any other is done.
            report(unit, [mention("meet", f"2025-07-{i + 1:02}").event])
            version = unit.dyads.lock([AFG_RUS])[AFG_RUS]
            mentions = unit.mentions.of_dyad(AFG_RUS)
            time.sleep(0.01)
            replace_events(unit, AFG_RUS, group_mentions(mentions))
            unit.commit()
        return version

    versions = at_once(report_and_project, 8)
    assert sorted(versions) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len(events_of(ledger)) == 8


def test_projections_that_share_dyads_in_any_order_wait_for_each_other(ledger: SqlLedger) -> None:
    orders = list(itertools.permutations([AFG_RUS, AFG_PAK, Dyad("PAK", "RUS")]))

    def lock_often(i: int) -> None:
        for order in orders:
            committed(ledger, lambda unit, order=order: unit.dyads.lock(order[: 1 + i % 3]))

    at_once(lock_often, 6)
    with ledger.read() as unit:
        assert sum(unit.dyads.version(dyad) for dyad in orders[0]) == 6 * 2 * (1 + 2 + 3)


def test_dyads_are_locked_in_order_so_that_a_waiting_projection_holds_no_later_one(postgres_url: str) -> None:
    ledger = SqlLedger(postgres_url)
    committed(ledger, lambda unit: unit.dyads.lock([AFG_PAK, AFG_RUS]))
    with ThreadPoolExecutor(2) as pool:
        with ledger.write() as unit:
            unit.dyads.lock([AFG_PAK])
            waiting = pool.submit(committed, ledger, lambda unit: unit.dyads.lock([AFG_RUS, AFG_PAK]))
            _wait_until_blocked(ledger)
            # Had the waiting one taken AFG-RUS before it came to AFG-PAK, this would wait for it.
            meanwhile = pool.submit(committed, ledger, lambda unit: unit.dyads.lock([AFG_RUS]))
            done, _ = wait([meanwhile], timeout=20)
            unit.commit()
        assert done == {meanwhile}
        assert waiting.result() == {AFG_PAK: 3, AFG_RUS: 3}
    ledger.close()


def _wait_until_blocked(ledger: SqlLedger) -> None:
    blocked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(500):
        with ledger._engine.connect() as connection:
            if connection.execute(blocked).scalar_one():
                return
        time.sleep(0.01)
    raise AssertionError("nothing came to wait")


# Events and states


def test_replaced_events_are_those_last_derived(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        report(unit, [mention("meet", "2025-07").event, mention("visit", "2025-07-02").event])
        unit.dyads.lock([AFG_RUS])
        assert len(project(unit)) == 2
        unit.commit()
    # The finer date takes the month's mention into another event: the first one's id is gone.
    with ledger.write() as unit:
        later = report(unit, [mention("meet", "2025-07-03").event], publisher="gazette")
        unit.dyads.lock([AFG_RUS])
        derived = project(unit)
        unit.commit()
    assert events_of(ledger) == derived
    assert [(e.id[-10:], len(e.mentions)) for e in derived] == [("2025-07-03", 2), ("2025-07-02", 1)]
    with ledger.write() as unit:
        unit.mentions.retire(later.id, NOON)
        derived = project(unit)
        unit.commit()
    assert events_of(ledger) == derived
    assert [len(e.mentions) for e in derived] == [1, 1]


def test_replacing_one_dyads_events_leaves_anothers(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        report(unit, [mention("meet").event, mention("meet", target="PAK").event])
        for dyad in (AFG_RUS, Dyad("PAK", "RUS")):
            project(unit, dyad)
        replace_events(unit, AFG_RUS, [])
        unit.commit()
    assert events_of(ledger) == []
    assert len(events_of(ledger, Dyad("PAK", "RUS"))) == 1


def test_one_more_event_writes_only_its_own_rows(ledger: SqlLedger) -> None:
    history = [mention("meet", f"20{year}-{month:02}-15").event for year in range(10, 25) for month in range(1, 13)]
    with ledger.write() as unit:
        report(unit, history)
        project(unit)
        replace_states(unit, AFG_RUS, [RECOGNISED, NOT_RECOGNISED])
        report(unit, [mention("visit").event])
        seen = statements(ledger)
        project(unit)
        replace_states(unit, AFG_RUS, [NOT_RECOGNISED, RECOGNISED, MISSION])
        unit.commit()
    written = [statement for statement in seen if statement.startswith("INSERT")]
    assert written == ["INSERT INTO events", "INSERT INTO event_mentions", "INSERT INTO states"]
    assert len(events_of(ledger)) == 181


def test_states_come_back_in_the_order_of_the_fold(ledger: SqlLedger) -> None:
    sanctions = [
        replace(RECOGNISED, source="AFG", target="RUS", facet="sanctions", item=item, value="in_force")
        for item in ("travel_ban", "arms")
    ]
    given = [RECOGNISED, *sanctions, MISSION, NOT_RECOGNISED]
    committed(ledger, lambda unit: replace_states(unit, AFG_RUS, given))
    with ledger.read() as unit:
        stored = unit.derived.states(AFG_RUS)
        assert stored == [sanctions[1], sanctions[0], MISSION, NOT_RECOGNISED, RECOGNISED]
        assert unit.derived.states(AFG_PAK) == []


def test_replaced_states_are_those_last_derived(ledger: SqlLedger) -> None:
    committed(ledger, lambda unit: replace_states(unit, AFG_RUS, [NOT_RECOGNISED, RECOGNISED]))
    ended = replace(RECOGNISED, valid_to=date(2025, 8, 1), ends="change")
    committed(ledger, lambda unit: replace_states(unit, AFG_RUS, [MISSION, ended]))
    with ledger.read() as unit:
        assert unit.derived.states(AFG_RUS) == [MISSION, ended]


def test_every_dyad_that_was_ever_reported_on_is_listed_in_order(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        pairs = [("USA", "FRA"), ("RUS", "AFG"), ("AFG", "RUS"), ("AFG", "PAK")]
        article = report(unit, [mention("meet", source=a, target=b).event for a, b in pairs])
        unit.mentions.retire(article.id, NOON)
        unit.commit()
    with ledger.read() as unit:
        assert list(unit.dyads.every()) == [AFG_PAK, AFG_RUS, Dyad("FRA", "USA")]


# What the cache is behind on


def test_a_dirty_dyad_stays_dirty_until_its_newest_version_was_cached(ledger: SqlLedger) -> None:
    for _ in range(2):
        with ledger.write() as unit:
            version = unit.dyads.lock([AFG_RUS])[AFG_RUS]
            unit.dyads.mark_dirty({AFG_RUS: version}, NOON)
            unit.commit()
    committed(ledger, lambda unit: unit.dyads.clear_dirty({AFG_RUS: 1}))
    with ledger.read() as unit:
        assert unit.dyads.dirty(10) == [(AFG_RUS, 2)]
    committed(ledger, lambda unit: unit.dyads.clear_dirty({AFG_RUS: 2}))
    with ledger.read() as unit:
        assert unit.dyads.dirty(10) == []
        assert unit.dyads.version(AFG_RUS) == 2


def test_the_dyads_that_wait_longest_are_redone_first(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        for minutes, dyad in ((1, AFG_PAK), (2, AFG_RUS), (0, Dyad("FRA", "USA"))):
            version = unit.dyads.lock([dyad])[dyad]
            unit.dyads.mark_dirty({dyad: version}, NOON + timedelta(minutes=minutes))
        unit.commit()
    with ledger.read() as unit:
        assert [dyad for dyad, _ in unit.dyads.dirty(2)] == [Dyad("FRA", "USA"), AFG_PAK]


def test_a_dyad_is_dirty_since_the_first_change_that_the_cache_does_not_have(ledger: SqlLedger) -> None:
    for minutes in (0, 5):
        with ledger.write() as unit:
            version = unit.dyads.lock([AFG_PAK])[AFG_PAK]
            unit.dyads.mark_dirty({AFG_PAK: version}, NOON + timedelta(minutes=minutes))
            unit.commit()
    with ledger.read() as unit:
        assert unit.dyads.dirty(10, NOON) == [(AFG_PAK, 2)]
        assert unit.dyads.dirty(10, NOON - timedelta(minutes=1)) == []
    committed(ledger, lambda unit: unit.dyads.clear_dirty({AFG_PAK: 2}))
    with ledger.write() as unit:
        unit.dyads.mark_dirty({AFG_PAK: unit.dyads.lock([AFG_PAK])[AFG_PAK]}, NOON + timedelta(minutes=9))
        unit.commit()
    with ledger.read() as unit:
        assert unit.dyads.dirty(10, NOON + timedelta(minutes=8)) == []
        assert unit.dyads.dirty(10, NOON + timedelta(minutes=9)) == [(AFG_PAK, 3)]


# The changes feed


def test_a_change_comes_back_with_its_number_its_article_and_its_time(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        article = add_article(unit)
        unit.changes.append([CHANGE, replace(CHANGE, historic=True)], article.id, NOON)
        unit.changes.append([], article.id, NOON)
        unit.changes.append([CHANGE], None, NOON)
        unit.commit()
    first, second = (
        RecordedChange(1, CHANGE, article.id, NOON),
        RecordedChange(2, replace(CHANGE, historic=True), article.id, NOON),
    )
    with ledger.read() as unit:
        assert unit.changes.after(0, 10) == [first, second, RecordedChange(3, CHANGE, None, NOON)]
        assert unit.changes.after(1, 1) == [second]
        assert unit.changes.of_article(article.id) == [first, second]


def test_a_rolled_back_change_leaves_no_gap(ledger: SqlLedger) -> None:
    committed(ledger, lambda unit: unit.changes.append([CHANGE], None, NOON))
    with ledger.write() as unit:
        unit.changes.append([CHANGE, CHANGE], None, NOON)
    committed(ledger, lambda unit: unit.changes.append([CHANGE], None, NOON))
    with ledger.read() as unit:
        assert [recorded.seq for recorded in unit.changes.after(0, 10)] == [1, 2]


def test_a_reader_of_the_feed_misses_nothing_while_writers_commit_and_roll_back(ledger: SqlLedger) -> None:
    done = threading.Event()
    seen: list[int] = []

    def follow() -> None:
        while True:
            last_round = done.is_set()
            with ledger.read() as unit:
                seen.extend(recorded.seq for recorded in unit.changes.after(seen[-1] if seen else 0, 1000))
            if last_round:
                return
            time.sleep(0.002)

    def append(i: int) -> int:
        appended = 0
        for turn in range(10):
            with ledger.write() as unit:
                some = [CHANGE] * (1 + (i + turn) % 3)
                unit.changes.append(some, None, NOON)
                time.sleep(0.001 * (i % 3))
                if (i + turn) % 5:
                    unit.commit()
                    appended += len(some)
        return appended

    reader = threading.Thread(target=follow)
    reader.start()
    appended = sum(at_once(append, 8))
    done.set()
    reader.join()
    assert seen == list(range(1, appended + 1))


def test_the_dyads_that_another_codebook_derived_are_counted_by_its_version(ledger):
    def derive(unit: UnitOfWork) -> None:
        for dyad, version in ((AFG_RUS, "2026.1"), (AFG_PAK, "2026.2"), (Dyad("FRA", "MLI"), "2026.1")):
            unit.dyads.lock([dyad])
            unit.derived_writes.replace_all(dyad, Derived([], {}))
            unit.dyads.note_derived([dyad], version)
        unit.dyads.lock([Dyad("CAN", "MEX")])

    committed(ledger, derive)
    with ledger.read() as unit:
        assert unit.dyads.behind("2026.2") == {"": 1, "2026.1": 2}
        assert unit.dyads.behind("2026.1") == {"": 1, "2026.2": 1}
