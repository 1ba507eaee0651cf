"""The RelationIndex port, and full-text search of quotes, on SQLite and PostgreSQL."""

from datetime import date, timedelta

import pytest

from entente.bootstrap.seeds import load_codebook
from entente.relations.events import CodedEvent, Span
from entente.relations.folding.dyad import fold
from entente.relations.grouping.group import group_mentions
from entente.services.ports.derived import Derived
from entente.services.ports.events import EventQuery
from entente.services.ports.ledger import UnitOfWork
from entente.services.ports.relations import DirectionQuery
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import NOON, report
from tests.unit.builders import mention

TODAY = date(2025, 7, 4)
CODEBOOK = load_codebook()


def project(unit: UnitOfWork) -> None:
    for dyad in list(unit.dyads.every()):
        unit.dyads.lock([dyad])
        events = group_mentions(unit.mentions.of_dyad(dyad))
        unit.derived_writes.replace_events(dyad, events)
        unit.derived_writes.replace_all(dyad, Derived(fold(events, CODEBOOK), {}))
        unit.dyads.note_derived([dyad], "test-1")


@pytest.fixture
def varied(ledger: SqlLedger) -> SqlLedger:
    told = [
        mention("recognise", "2025-07-03").event,
        mention("sever_relations", "2024-01-01", source="IRN", target="FRA").event,
        mention("praise", "2025-07-01", source="CHN", target="PAK").event,
        mention("praise", "2025-07-01", source="USA", target="GBR", sectors=("CVL", "GOV")).event,
        mention("threaten_force", "2020-01-01", source="PRK", target="KOR").event,
    ]
    with ledger.write() as unit:
        report(unit, told)
        project(unit)
        unit.commit()
    return ledger


def test_held_values_of_a_facet_come_of_all_of_one_entity_or_of_a_day(varied: SqlLedger) -> None:
    with varied.read() as unit:
        found = unit.relations

        def named(entity: str | None = None, on: date | None = None) -> list[str]:
            return [f"{i.source}>{i.target} {i.value}" for i in found.held("conflict", entity, on)]

        every = named()
        assert {"KOR>PRK threat_of_force", "PRK>KOR threat_of_force"} <= set(every)
        assert named("PRK") == every
        assert named("FRA") == []
        assert named(on=date(2020, 1, 2)) == ["KOR>PRK threat_of_force", "PRK>KOR threat_of_force"]
        assert named(on=date(2019, 12, 31)) == named(on=TODAY) == []
        assert found.first_held("conflict") == found.first_held("conflict", "KOR") == date(2020, 1, 1)
        assert found.first_held("conflict", "FRA") is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (DirectionQuery(TODAY), ["CHN>PAK", "FRA>IRN", "IRN>FRA", "KOR>PRK", "PRK>KOR", "RUS>AFG"]),
        (DirectionQuery(TODAY, source="FRA"), ["FRA>IRN"]),
        (DirectionQuery(TODAY, target="FRA"), ["IRN>FRA"]),
        (DirectionQuery(TODAY, source="FRA", target="AFG"), []),
        (DirectionQuery(date(2024, 1, 1)), ["FRA>IRN", "IRN>FRA", "KOR>PRK", "PRK>KOR"]),
        (DirectionQuery(TODAY, facet=("recognition", "recognised")), ["RUS>AFG"]),
        (DirectionQuery(TODAY, facet=("recognition", "withdrawn")), []),
        (DirectionQuery(TODAY, facet=("recognition", "pending")), []),
        (DirectionQuery(TODAY, facet=("relations", None)), ["FRA>IRN", "IRN>FRA"]),
        (DirectionQuery(date(2020, 1, 2), facet=("conflict", "threat_of_force")), ["KOR>PRK", "PRK>KOR"]),
        (DirectionQuery(TODAY, facet=("conflict", None)), []),
        (DirectionQuery(TODAY, begun_since=date(2025, 7, 3)), ["RUS>AFG"]),
        (DirectionQuery(date(2025, 7, 2), begun_since=date(2025, 7, 1)), []),
        (DirectionQuery(TODAY, facet=("recognition", "recognised"), begun_since=date(2025, 7, 3)), ["RUS>AFG"]),
        (DirectionQuery(TODAY, facet=("recognition", "recognised"), begun_since=TODAY), []),
        (DirectionQuery(TODAY, facet=("relations", "severed"), target="FRA"), ["IRN>FRA"]),
        (DirectionQuery(TODAY, facet=("relations", None), source="FRA", begun_since=TODAY), []),
    ],
)
def test_each_filter_leaves_the_directions_it_names(
    varied: SqlLedger, query: DirectionQuery, expected: list[str]
) -> None:
    with varied.read() as unit:
        assert [f"{s}>{t}" for s, t in unit.relations.directions(query, None, 10)] == expected


def test_directions_are_walked_from_any_place_both_ways(varied: SqlLedger) -> None:
    with varied.read() as unit:
        every = unit.relations.directions(DirectionQuery(TODAY), None, 10)
        assert unit.relations.directions(DirectionQuery(TODAY), every[1], 2) == every[2:4]
        assert unit.relations.directions(DirectionQuery(TODAY), every[4], 2, backwards=True) == every[3:1:-1]


def test_a_direction_that_holds_a_value_of_two_items_comes_once_and_from_any_place(ledger: SqlLedger) -> None:
    told = [
        mention(act, "2025-07-01", source=source, target="IRN").event
        for source in ("GBR", "USA")
        for act in ("arms_embargo", "ban_imports")
    ]
    wanted = DirectionQuery(TODAY, facet=("sanctions", "in_force"))
    with ledger.write() as unit:
        report(unit, told)
        project(unit)
        both = [("GBR", "IRN"), ("USA", "IRN")]
        assert unit.relations.directions(wanted, None, 10) == both
        assert unit.relations.directions(wanted, both[0], 10) == both[1:]
        assert unit.relations.directions(wanted, both[1], 10, backwards=True) == both[:1]
        assert unit.relations.directions(wanted, None, 10, backwards=True) == both[::-1]


def test_partners_are_those_known_then(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        first = report(unit, [mention("meet").event])
        report(unit, [mention("meet", target="PAK").event], at=NOON + timedelta(hours=1))
        unit.mentions.retire(first.id, NOON + timedelta(hours=2))
        unit.commit()
    with ledger.read() as unit:
        known = [unit.relations.partners("RUS", NOON + timedelta(hours=hours)) for hours in (-1, 0, 1, 2)]
        assert known == [[], ["AFG"], ["AFG", "PAK"], ["PAK"]]
        assert unit.relations.partners("RUS") == ["PAK"]
        assert unit.relations.partners("PAK") == ["RUS"]


def quoting(act: str, text: str) -> CodedEvent:
    said = mention(act, "2025-07-01").event
    return CodedEvent(**{**{name: getattr(said, name) for name in said.__slots__}, "quote": Span("text", 0, 1, text)})


@pytest.mark.parametrize(
    ("words", "acts"),
    [
        ("sanction", {"impose_sanctions"}),
        ("SANCTIONS impose", {"impose_sanctions"}),
        ("ambassador's", {"recall_ambassador"}),
        ("sanctions ambassador", set()),
        ("sanctions | ambassador", set()),
        ("'); DROP TABLE mentions; --", set()),
        ("?!", set()),
        ("Škoda", {"visit"}),
    ],
)
def test_quotes_are_searched_by_their_words(ledger: SqlLedger, words: str, acts: set[str]) -> None:
    with ledger.write() as unit:
        report(
            unit,
            [
                quoting("impose_sanctions", "Russia imposed new sanctions."),
                quoting("recall_ambassador", "Russia recalled its ambassador."),
                quoting("visit", "He saw the Škoda works."),
            ],
        )
        project(unit)
        unit.commit()
    with ledger.read() as unit:
        assert {event.act for event in unit.events.search(EventQuery(words=words), None, 10).items} == acts


def test_events_are_paged_backwards_too(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        report(unit, [mention("meet", f"2025-07-0{day}").event for day in range(1, 8)])
        project(unit)
        unit.commit()
    with ledger.read() as unit:
        first = unit.events.search(EventQuery(), None, 3)
        second = unit.events.search(EventQuery(), first.next, 3)
        assert first.previous is None
        assert second.previous is not None
        back = unit.events.search(EventQuery(), second.previous, 3, backwards=True)
    assert (back.items, back.next, back.previous) == (first.items, first.next, None)


def test_events_are_found_by_kind_and_by_when_they_were_recorded(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        report(unit, [mention("meet").event, mention("visit", status="announced").event])
        report(unit, [mention("praise").event], at=NOON + timedelta(hours=1))
        project(unit)
        unit.commit()
    with ledger.read() as unit:
        kind = EventQuery(kinds=[("meet", "effective"), ("visit", "effective")])
        assert [event.act for event in unit.events.search(kind, None, 5).items] == ["meet"]
        assert unit.events.search(EventQuery(kinds=[]), None, 5).items == []
        late = EventQuery(recorded_since=NOON + timedelta(minutes=1))
        assert [event.act for event in unit.events.search(late, None, 5).items] == ["praise"]
