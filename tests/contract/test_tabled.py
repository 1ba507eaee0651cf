"""Events and intervals as columns, on SQLite and PostgreSQL: the same as the objects that they stand for."""

from datetime import timedelta

from entente.relations.events import Event, Fact
from entente.services.ports.event_tables import TabledEvents
from entente.services.ports.events import EventQuery
from entente.services.ports.state_tables import StatePage, TabledStates
from entente.services.reading import past_events
from entente.services.reading.state_tables import tabled
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import AFG_RUS, NOON, report
from tests.contract.test_relation_index import TODAY, project
from tests.unit.builders import mention


def told(ledger: SqlLedger) -> SqlLedger:
    """A ledger of values that follow one another, dates of every precision, and an event of two articles."""
    acts = ["sever_relations", "establish_relations", "recall_ambassador", "return_ambassador"]
    first = [mention(act, f"2025-0{month}-01").event for month, act in enumerate(acts, start=1)]
    first += [mention("meet", None).event, mention("praise", "1990").event, mention("close_embassy", "1992-08").event]
    first.append(mention("visit", "2025-07-02", target="PAK", sectors=("CVL", "GOV")).event)
    with ledger.write() as unit:
        report(unit, [*first, mention("recognise", "2025-07-03").event])
        report(unit, [mention("recognise", "2025-07-03").event], publisher="other", at=NOON + timedelta(hours=1))
        project(unit)
        unit.commit()
    return ledger


def pages(ledger: SqlLedger, limit: int) -> list[TabledEvents]:
    found, after = [], None
    while True:
        with ledger.read() as unit:
            page, after = unit.events.tabled(EventQuery(), after, limit)
        found.append(page)
        if after is None:
            return found


def row(event: Event) -> list[object]:
    best = event.mentions[0]
    return [
        *(event.id, event.source, event.target, event.act, event.status),
        event.period.first.isoformat() if event.period else None,
        event.period.precision if event.period else None,
        *(event.dated_by, event.known_by.isoformat(), event.confidence, len(event.mentions), event.n_sources),
        len({m.article_id for m in event.mentions}),
        sorted({m.coder_version for m in event.mentions}),
        min(m.recorded_at for m in event.mentions),
        *(best.event.source.sector, best.event.target.sector, best.event.source.text, best.event.target.text),
        *(best.event.quote.text, list(best.event.context), best.article_id, best.publisher),
        *(best.published_on.isoformat(), best.coder_version),
    ]


def test_columns_of_events_are_those_of_the_events(ledger: SqlLedger) -> None:
    told(ledger)
    with ledger.read() as unit:
        events = unit.events.search(EventQuery(), None, 100).items

    for limit in (4, 100):
        found = pages(ledger, limit)
        rows = [list(row) for page in found for row in zip(*_columns(page), strict=True)]
        assert rows == [row(event) for event in events]
        assert len(found) == (3 if limit == 4 else 1)
    assert [list(row) for row in zip(*_columns(past_events.tabled(events)), strict=True)] == list(map(row, events))


def test_facts_are_those_of_the_events(ledger: SqlLedger) -> None:
    told(ledger)
    with ledger.read() as unit:
        events = unit.events.search(EventQuery(), None, 100).items
        some, after = unit.events.facts(EventQuery(), None, 5)
        others, end = unit.events.facts(EventQuery(), after, 5)

    facts: list[Fact] = [*some, *others]
    assert facts == [event.fact for event in events]
    assert end is None


def test_columns_of_intervals_are_those_of_the_intervals_whatever_the_page(ledger: SqlLedger) -> None:
    told(ledger)
    with ledger.read() as unit:
        intervals = [interval for interval in unit.derived.states(AFG_RUS) if interval.source == "RUS"]
        confidences = {event.id: event.confidence for event in unit.events.of_dyad(AFG_RUS)}
    expected = list(zip(*_columns(tabled(intervals, TODAY, confidences)), strict=True))

    for limit in (1, 2, 100):
        found, after = [], None
        while True:
            with ledger.read() as unit:
                page, after = unit.derived.tabled(StatePage(TODAY, "RUS", "AFG"), after, limit)
            found += list(zip(*_columns(page), strict=True))
            if after is None:
                break
        assert found == expected
    assert len({row[11] for row in expected}) > 1


def test_an_interval_derived_anew_between_two_pages_comes_once(ledger: SqlLedger) -> None:
    told(ledger)
    wanted = StatePage(TODAY, "RUS", "AFG")
    found: list[tuple[object, ...]] = []
    after, more = None, True
    while more:
        with ledger.read() as unit:
            page, after = unit.derived.tabled(wanted, after, 1)
        found += list(zip(page.facet, page.item, page.standing, page.first_day, strict=True))
        more = after is not None
        with ledger.write() as unit:
            # Its rows are written anew, under other ids.
            project(unit)
            unit.commit()

    assert len(found) == len(set(found)) > 2


def _columns(page: TabledEvents | TabledStates) -> list[list[object]]:
    return [list(getattr(page, name)) for name in page.__dataclass_fields__]
