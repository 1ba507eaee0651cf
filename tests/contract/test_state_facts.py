"""The StateFactBook port and the loading of whole data sets, on SQLite and PostgreSQL."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from entente.bootstrap.absent import AbsentCache
from entente.bootstrap.seeds import load_codebook, load_entities
from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.state_facts import StateFact
from entente.services.errors import Unavailable
from entente.services.ports.ledger import UnitOfWork
from entente.services.ports.state_facts import LoadedSet, StateFactQuery
from entente.services.projecting.projector import Projector
from entente.services.projecting.state_facts import Loaded, StateFactSets
from entente.services.reading.dyad_views import record, records, view
from entente.storage.ledger import SqlLedger
from schemas.renderer import JsonRenderer
from tests.conftest import ChosenClock
from tests.contract.helpers import AFG_RUS, NOON, at_once, committed, report
from tests.unit.builders import mention, state_fact

CODEBOOK = load_codebook()
RENDERER = JsonRenderer(CODEBOOK, load_entities())
TODAY = date(2025, 7, 4)


def projector(ledger: SqlLedger, codebook: Codebook = CODEBOOK) -> Projector:
    return Projector(ledger, AbsentCache(), RENDERER, codebook, ChosenClock(NOON))


def sets(ledger: SqlLedger, codebook: Codebook = CODEBOOK) -> StateFactSets:
    return StateFactSets(ledger, projector(ledger, codebook), codebook, ChosenClock(NOON))


def load(ledger: SqlLedger, facts: Iterable[StateFact], digest: str = "1") -> Loaded:
    return sets(ledger).load("baseline", digest, facts)


def publish(ledger: SqlLedger, act: str, day: str) -> str:
    """Record an article that reports one act, and project it."""
    with ledger.write() as unit:
        with projector(ledger).session(unit, [AFG_RUS]) as session:
            article = report(unit, [mention(act, day).event])
            session.fold(article.id, session.at)
        unit.commit()
    return article.id


def retract(ledger: SqlLedger, article_id: str) -> None:
    with ledger.write() as unit:
        with projector(ledger).session(unit, [AFG_RUS]) as session:
            unit.mentions.retire(article_id, session.at)
            session.fold(article_id, session.at)
        unit.commit()


def values(ledger: SqlLedger, day: date = TODAY, known_at: datetime | None = None) -> list[tuple[str, str]]:
    """The values of Russia's recognition of Afghanistan that hold on a day, with their origins."""
    with ledger.read() as unit:
        held = record(unit, "RUS", "AFG", day, CODEBOOK, known_at).facets["recognition"]
    return [(interval.value, interval.origin) for interval in held]


def test_a_fact_is_stored_and_read_as_it_was(ledger: SqlLedger) -> None:
    whole = state_fact("in_force", "1990-05", "1991-06-07", facet="sanctions", item="arms", document_date="1990")
    bare = state_fact(begins=None)
    undated = replace(state_fact(begins="1990-05"), document_date=None, citation="")
    assert undated.known_by == date(1990, 5, 31)
    committed(ledger, lambda unit: unit.state_facts.add([whole, bare, undated], NOON))
    with ledger.read() as unit:
        assert unit.state_facts.of_dyad(AFG_RUS) == [undated, bare, whole]
        assert list(unit.state_facts.of_origin("baseline")) == [undated, bare, whole]
        assert unit.state_facts.by_id([whole.id, "baseline/none"]) == {whole.id: whole}
        assert unit.state_facts.of_dyad(Dyad("FRA", "USA")) == []
    committed(ledger, lambda unit: unit.state_facts.remove([whole.id]))
    with ledger.read() as unit:
        assert unit.state_facts.of_dyad(AFG_RUS) == [undated, bare]


def test_facts_are_found_by_entity_pair_facet_and_origin_in_pages(ledger: SqlLedger) -> None:
    told = [
        state_fact(source="FRA", target="XKX"),
        state_fact(source="USA", target="XKX"),
        state_fact("in_force", facet="sanctions", item="arms", source="USA", target="FRA"),
        state_fact(source="USA", target="FRA", origin="other"),
    ]
    committed(ledger, lambda unit: unit.state_facts.add(told, NOON))
    with ledger.read() as unit:
        search = unit.state_facts.search
        assert {f.id for f in search(StateFactQuery(entity="XKX"), "", 9)} == {told[0].id, told[1].id}
        assert {f.id for f in search(StateFactQuery("baseline", dyad=Dyad.of("USA", "FRA")), "", 9)} == {told[2].id}
        assert len(search(StateFactQuery(facet="recognition"), "", 9)) == 3
        assert search(StateFactQuery(origin="other"), "", 9) == [told[3]]
        first = search(StateFactQuery(), "", 3)
        assert [f.id for f in [*first, *search(StateFactQuery(), first[-1].id, 3)]] == sorted(f.id for f in told)


def test_a_set_is_loaded_once_for_a_content(ledger: SqlLedger) -> None:
    assert not sets(ledger).is_loaded("baseline", "1")
    assert load(ledger, [state_fact()]) == Loaded(came=1, went=0, dyads=1)
    assert sets(ledger).is_loaded("baseline", "1")
    assert not sets(ledger).is_loaded("baseline", "2")
    assert sets(ledger).count("baseline") == 1
    assert load(ledger, [state_fact()]) == Loaded()
    assert values(ledger) == [("recognised", "baseline")]


def test_a_changed_set_derives_only_the_dyads_that_it_touches(ledger: SqlLedger) -> None:
    other = state_fact(source="FRA", target="XKX")
    load(ledger, [state_fact(), other])
    assert load(ledger, [state_fact("withdrawn"), other], "2") == Loaded(came=1, went=1, dyads=1)
    with ledger.read() as unit:
        assert (unit.dyads.version(AFG_RUS), unit.dyads.version(Dyad("FRA", "XKX"))) == (2, 1)
    assert values(ledger) == [("withdrawn", "baseline")]


def test_an_emptied_set_leaves_what_events_report(ledger: SqlLedger) -> None:
    publish(ledger, "withdraw_recognition", "2024-03-01")
    load(ledger, [state_fact(), state_fact(source="FRA", target="XKX")])
    assert values(ledger, date(2020, 1, 1)) == [("recognised", "baseline")]
    sets(ledger).load("baseline", None, ())
    assert sets(ledger).is_loaded("baseline", None)
    assert (values(ledger, date(2020, 1, 1)), values(ledger)) == ([], [("withdrawn", "events")])
    with ledger.read() as unit:
        assert list(unit.dyads.every()) == [AFG_RUS]
        assert unit.derived.states(Dyad("FRA", "XKX")) == []


def test_a_later_event_ends_a_value_until_its_article_is_taken_back(ledger: SqlLedger) -> None:
    load(ledger, [state_fact(begins="1990")])
    article = publish(ledger, "withdraw_recognition", "2024-03-01")
    assert values(ledger) == [("withdrawn", "events")]
    assert values(ledger, date(2024, 2, 29)) == [("recognised", "baseline")]
    with ledger.read() as unit:
        assert unit.derived.pasts([("RUS", "AFG")], TODAY)["RUS", "AFG"].tallies
    retract(ledger, article)
    assert values(ledger) == [("recognised", "baseline")]


def test_records_read_together_are_those_read_alone_and_take_as_many_queries(ledger: SqlLedger) -> None:
    load(ledger, [state_fact(begins="1990"), state_fact(source="FRA", target="XKX")])
    publish(ledger, "withdraw_recognition", "2024-03-01")
    publish(ledger, "meet", "2025-05-05")
    directions = [("RUS", "AFG"), ("AFG", "RUS"), ("FRA", "XKX"), ("XKX", "FRA"), ("FRA", "USA")]
    with ledger.read() as unit:
        alone = [record(unit, *direction, TODAY, CODEBOOK) for direction in directions]
    assert [(one.version, one.n_events, len(one.facts)) for one in alone] == [
        *((3, 2, 0), (3, 0, 0)),
        *((1, 0, 1), (1, 0, 0)),
        (0, 0, 0),
    ]
    asked: list[str] = []
    event.listen(ledger._engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with ledger.read() as unit:
        asked.clear()  # of the statement that begins a transaction on SQLite
        assert records(unit, [("FRA", "XKX")], TODAY, CODEBOOK) == [alone[2]]
        of_one, asked[:] = len(asked), []
        assert records(unit, directions, TODAY, CODEBOOK) == alone
    assert len(asked) == of_one


def test_no_score_and_no_change_comes_of_a_document(ledger: SqlLedger) -> None:
    load(ledger, [state_fact("war", "2022", facet="conflict", source="AFG", target="RUS")])
    with ledger.read() as unit:
        made = record(unit, "RUS", "AFG", TODAY, CODEBOOK)
        assert unit.changes.after(0, 10) == []
        assert unit.derived.tallies(AFG_RUS) == {}
    assert (made.score.net, made.n_events, made.label) == (0, 0, "at war")


def test_a_document_is_known_from_its_date_on_whenever_it_was_loaded(ledger: SqlLedger) -> None:
    load(ledger, [state_fact(begins="1990", ends="2001-05", document_date="1991-03")])
    day = date(1991, 6, 1)
    assert values(ledger, day, datetime(1991, 3, 30, tzinfo=UTC)) == []
    assert values(ledger, day, datetime(1991, 3, 31, tzinfo=UTC)) == [("recognised", "baseline")]
    # Nobody knew in 1999 that it would end in 2001.
    with ledger.read() as unit:
        (then,) = view(unit, AFG_RUS, CODEBOOK, datetime(1999, 1, 1, tzinfo=UTC)).intervals
        (now,) = view(unit, AFG_RUS, CODEBOOK).intervals
        assert (then.valid_to, now.valid_to) == (None, date(2001, 5, 1))
        assert unit.relations.partners("AFG", datetime(1991, 3, 30, tzinfo=UTC)) == []
        assert unit.relations.partners("AFG", datetime(1991, 4, 1, tzinfo=UTC)) == ["RUS"]
        assert unit.relations.partners("RUS") == ["AFG"]


def test_under_a_new_codebook_the_set_is_folded_again(ledger: SqlLedger) -> None:
    load(ledger, [state_fact()])
    newer = replace(CODEBOOK, version="9999.1")
    assert not sets(ledger, newer).is_loaded("baseline", "1")
    assert sets(ledger, newer).load("baseline", "1", [state_fact()]).dyads == 1
    with ledger.read() as unit:
        assert [i.rule for i in unit.derived.states(AFG_RUS)] == ["baseline→recognition@9999.1"]
        assert unit.dyads.behind("9999.1") == {}
        assert unit.state_facts.loaded("baseline") == LoadedSet("1", "9999.1", 1)


def test_rebuild_and_verify_include_what_documents_say(ledger: SqlLedger) -> None:
    publish(ledger, "withdraw_recognition", "2024-03-01")
    load(ledger, [state_fact(begins="1990"), state_fact(source="FRA", target="XKX")])
    own = projector(ledger)
    assert own.verify() == []
    with ledger.write() as unit:
        unit.derived_writes.remove_all([Dyad("FRA", "XKX")])
        unit.commit()
    assert own.verify() == ["FRA-XKX: stored states differ from what is derived"]
    assert own.rebuild() == 2
    assert own.verify() == []
    assert values(ledger, date(2000, 1, 1)) == [("recognised", "baseline")]


def test_processes_that_load_one_set_at_once_load_it_once(ledger: SqlLedger) -> None:
    keys = sorted(entity.key for entity in load_entities() if entity.is_country)[:40]
    told = [state_fact(source=one, target="XKX") for one in keys if one != "XKX"]
    done = at_once(lambda _: load(ledger, told), 4)
    assert sum(loaded.came for loaded in done) == len(told)
    with ledger.read() as unit:
        assert list(unit.state_facts.of_origin("baseline")) == sorted(told, key=lambda fact: fact.id)
    assert projector(ledger).verify() == []


def test_an_interrupted_load_is_finished_by_the_next(ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entente.services.projecting.state_facts._AT_ONCE", 2)
    told = [state_fact(source=one, target="XKX") for one in ("FRA", "GBR", "JPN", "TUR", "USA")]
    written = iter([True, True, False])
    write = ledger.write

    def write_twice() -> UnitOfWork:
        if not next(written):
            raise Unavailable("the ledger is gone")
        return write()

    monkeypatch.setattr(ledger, "write", write_twice)
    with pytest.raises(Unavailable):
        load(ledger, told)
    monkeypatch.setattr(ledger, "write", write)
    assert not sets(ledger).is_loaded("baseline", "1")
    assert load(ledger, told) == Loaded(came=1, went=0, dyads=1)
    assert sets(ledger).is_loaded("baseline", "1")
    assert projector(ledger).verify() == []


def test_large_histories_of_documents_are_checkpointed_and_refolded(ledger: SqlLedger) -> None:
    day = date(1950, 1, 1)
    told = []
    for n in range(90):
        begins, ends = (day + timedelta(days=100 * step) for step in (n, n + 1))
        value = ("recognised", "withdrawn")[n % 2]
        told.append(state_fact(value, begins.isoformat(), ends.isoformat()))
    load(ledger, told)
    article = publish(ledger, "recognise", "1960-01-05")
    assert projector(ledger).verify() == []
    load(ledger, told[:-20], "2")
    assert projector(ledger).verify() == []
    retract(ledger, article)
    assert projector(ledger).verify() == []
