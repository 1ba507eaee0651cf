"""The SourceBook port, on SQLite and PostgreSQL."""

from dataclasses import replace

from entente.services.ports.sources import Source, TakenDelivery
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import NOON, add_article, at_once, committed

WIRE = Source("wire", ("whsec_bmV3", "whsec_b2xk"), NOON)


def test_a_source_comes_back_with_its_secrets_in_order(ledger: SqlLedger) -> None:
    assert committed(ledger, lambda unit: unit.sources.add(WIRE))
    with ledger.read() as unit:
        assert unit.sources.get("wire") == WIRE
        assert unit.sources.get("other") is None


def test_the_publishers_of_a_source_are_kept_and_changed(ledger: SqlLedger) -> None:
    bound = replace(WIRE, publishers=("Sample Wire", "herald.example"))
    committed(ledger, lambda unit: unit.sources.add(bound))
    with ledger.read() as unit:
        assert unit.sources.get("wire") == bound
    committed(ledger, lambda unit: unit.sources.note(replace(bound, publishers=("*",))))
    with ledger.read() as unit:
        assert unit.sources.list() == [WIRE]


def test_a_taken_name_is_refused_and_the_first_source_stays(ledger: SqlLedger) -> None:
    committed(ledger, lambda unit: unit.sources.add(WIRE))
    assert not committed(ledger, lambda unit: unit.sources.add(Source("wire", ("whsec_eHh4",), NOON)))
    with ledger.read() as unit:
        assert unit.sources.get("wire") == WIRE


def test_sources_are_listed_by_name(ledger: SqlLedger) -> None:
    for name in ("b-wire", "a-wire", "Z-wire"):
        committed(ledger, lambda unit, name=name: unit.sources.add(Source(name, ("whsec_eHh4",), NOON, active=False)))
    with ledger.read() as unit:
        assert [source.name for source in unit.sources.list()] == ["Z-wire", "a-wire", "b-wire"]


def test_a_delivery_that_comes_eight_times_at_once_makes_one_article(ledger: SqlLedger) -> None:
    committed(ledger, lambda unit: unit.sources.add(WIRE))

    def deliver(i: int) -> str:
        with ledger.write() as unit:
            id = add_article(unit, f"a{i}").id
            first = unit.sources.record_delivery("wire", "msg_1", TakenDelivery(id, f"digest {i}"), NOON).article_id
            if first == id:
                unit.commit()
        return first

    answers = set(at_once(deliver, 8))
    assert len(answers) == 1
    with ledger.read() as unit:
        taken = unit.sources.delivery("wire", "msg_1")
        assert taken
        assert {taken.article_id} == answers
        assert taken.content_hash == f"digest {taken.article_id[1]}"
        assert [i for i in range(8) if unit.articles.get(f"a{i}")] == [int(answers.pop()[1])]


def test_a_webhook_id_is_known_only_to_the_source_that_sent_it(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        unit.sources.add(WIRE)
        unit.sources.add(Source("other", ("whsec_eHh4",), NOON))
        unit.sources.record_delivery("wire", "msg_1", TakenDelivery(add_article(unit, "a1").id, None), NOON)
        unit.commit()
    with ledger.read() as unit:
        assert unit.sources.delivery("wire", "msg_1") == TakenDelivery("a1", None)
        assert unit.sources.delivery("other", "msg_1") is None
        assert unit.sources.delivery("wire", "msg_2") is None
