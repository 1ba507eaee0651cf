"""The EventIndex port, on SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import date

import pytest

from entente.bootstrap.seeds import load_codebook
from entente.relations.dyads import Dyad
from entente.relations.events import CodedEvent, Event
from entente.relations.grouping.group import group_mentions
from entente.services.ports.events import EventQuery, Unconfirmed
from entente.services.ports.ledger import UnitOfWork
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import AFG_RUS, replace_events, report
from tests.unit.builders import mention


def project(unit: UnitOfWork) -> None:
    for dyad in list(unit.dyads.every()):
        unit.dyads.lock([dyad])
        replace_events(unit, dyad, group_mentions(unit.mentions.of_dyad(dyad)))


def store(ledger: SqlLedger, *articles: Sequence[CodedEvent]) -> list[str]:
    """Ids of articles that report these events, projected."""
    with ledger.write() as unit:
        ids = [report(unit, events).id for events in articles]
        project(unit)
        unit.commit()
    return ids


def pages(ledger: SqlLedger, query: EventQuery, limit: int) -> list[list[Event]]:
    found, after = [], None
    while True:
        with ledger.read() as unit:
            page = unit.events.search(query, after, limit)
        found.append(list(page.items))
        if page.next is None:
            return found
        after = page.next


def search(ledger: SqlLedger, query: EventQuery) -> set[str]:
    return {event.id for page in pages(ledger, query, 2) for event in page}


def test_a_found_event_is_the_event_that_was_derived(ledger: SqlLedger) -> None:
    doubted = mention("recognise", confidence=0.4).event
    store(ledger, [doubted], [mention("recognise").event, mention("recognise", "2025-07").event], [])
    with ledger.read() as unit:
        derived = group_mentions(unit.mentions.of_dyad(AFG_RUS))
        page = unit.events.search(EventQuery(), None, 10)
    assert list(page.items) == derived
    assert len(derived[0].mentions) == 3
    assert page.next is None


def test_every_event_is_on_one_page_and_newest_come_first_though_days_tie(ledger: SqlLedger) -> None:
    acts = ["meet", "visit", "praise", "phone", "host"]
    days = ["2025-07-01", "2025-07-02", "2025-07-02", "2025-07-03"]
    for act in acts:
        store(ledger, [mention(act, day, target=to).event for day in days for to in ("AFG", "PAK")])
    found = pages(ledger, EventQuery(), 7)
    assert [len(page) for page in found] == [7, 7, 7, 7, 2]
    order = [(event.starts_on, event.id) for page in found for event in page]
    assert order == sorted(order, reverse=True)
    assert len(set(order)) == 30


def test_a_full_last_page_has_no_next(ledger: SqlLedger) -> None:
    store(ledger, [mention("meet", f"2025-07-0{day}").event for day in (1, 2, 3, 4)])
    assert [len(page) for page in pages(ledger, EventQuery(), 2)] == [2, 2]


def test_an_event_that_arrives_between_two_pages_moves_nothing(ledger: SqlLedger) -> None:
    store(ledger, [mention("meet", f"2025-07-0{day}").event for day in (1, 2, 3, 4)])
    with ledger.read() as unit:
        first = unit.events.search(EventQuery(), None, 2)
    store(ledger, [mention("visit", "2025-07-09").event])
    with ledger.read() as unit:
        second = unit.events.search(EventQuery(), first.next, 2)
    assert [event.starts_on.day for event in second.items] == [2, 1]


@pytest.fixture
def varied(ledger: SqlLedger) -> list[str]:
    return store(
        ledger,
        [mention("meet", "2025-07-01", source="RUS", target="AFG").event],
        [mention("visit", "2025-07-02", source="AFG", target="RUS", confidence=0.5).event],
        [mention("meet", "2025-07-03", source="RUS", target="PAK", sectors=("CVL", "GOV")).event],
        [mention("praise", "2025-07-04", source="PAK", target="AFG", status="denied").event],
    )


@pytest.mark.parametrize(
    ("query", "days"),
    [
        (EventQuery(source="RUS"), {1, 3}),
        (EventQuery(source="RUS:CVL"), {3}),
        (EventQuery(target="RUS"), {2}),
        (EventQuery(source="RUS", target="AFG"), {1}),
        (EventQuery(dyad=AFG_RUS), {1, 2}),
        (EventQuery(acts=("visit", "praise")), {2, 4}),
        (EventQuery(acts=()), set()),
        (EventQuery(statuses=("denied",)), {4}),
        (EventQuery(starts_from=date(2025, 7, 2), starts_to=date(2025, 7, 3)), {2, 3}),
        (EventQuery(min_confidence=0.6), {1, 3, 4}),
        (EventQuery(), {1, 2, 3, 4}),
    ],
)
def test_each_filter_leaves_what_it_names(
    ledger: SqlLedger, varied: list[str], query: EventQuery, days: set[int]
) -> None:
    assert {int(id[-2:]) for id in search(ledger, query)} == days


def test_the_events_of_an_article_are_those_that_it_reports(ledger: SqlLedger, varied: list[str]) -> None:
    assert search(ledger, EventQuery(article_id=varied[1])) == {"AFG.RUS.visit.effective.2025-07-02"}


def test_an_event_id_leads_to_its_dyad_and_anything_else_to_none(ledger: SqlLedger, varied: list[str]) -> None:
    with ledger.read() as unit:
        assert unit.events.dyad_of("RUS.AFG.meet.effective.2025-07-01") == AFG_RUS
        assert unit.events.dyad_of("RUS:CVL.PAK.meet.effective.2025") == Dyad("PAK", "RUS")
        assert unit.events.dyad_of("RUS.USA.meet.effective.2025-07-01") is None
        assert unit.events.dyad_of("no event id") is None


def test_unconfirmed_events_are_those_of_calibrated_coders_that_would_move_a_facet(ledger: SqlLedger) -> None:
    codebook = load_codebook()
    calibrated = max(codebook.calibrated)
    unsure = {
        (act, sectors): mention(act, confidence=0.3, sectors=sectors).event
        for act, sectors in (("recognise", ("GOV", "GOV")), ("praise", ("GOV", "GOV")), ("strike", ("REB", "GOV")))
    }
    sure = mention("sever_relations", confidence=0.9).event
    both = mention("recall_ambassador", confidence=0.3).event
    with ledger.write() as unit:
        report(unit, [*unsure.values(), sure, both], coder=calibrated)
        report(unit, [both, mention("ban", confidence=0.1).event], coder="remote:model", publisher="Herald")
        project(unit)
        unit.commit()
    only, others = (
        {id.split(".")[2] for id in search(ledger, EventQuery(unconfirmed=Unconfirmed.of(wanted, codebook)))}
        for wanted in (True, False)
    )
    assert only == {"recognise"}
    assert others == {"praise", "strike", "sever_relations", "recall_ambassador", "ban"}
    with ledger.read() as unit:
        kinds = {pair for pairs in codebook.movers.values() for pair in pairs}
        assert unit.mentions.by_coders_beside(codebook.calibrated, kinds) == {"remote:model": 2}
