"""The SubmissionBook port, on SQLite and PostgreSQL."""

from entente.services.ports.api_keys import ApiKey
from entente.services.ports.ledger import UnitOfWork
from entente.services.ports.submissions import TakenSubmission
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import NOON, add_article, at_once, committed


def add_keys(unit: UnitOfWork) -> None:
    for id in ("one", "two"):
        unit.keys.add(ApiKey(id, id, ("ingest",), f"digest of {id}", NOON))


def test_a_submission_comes_back_as_it_was_recorded(ledger: SqlLedger) -> None:
    taken = TakenSubmission("a1", False, "digest")
    with ledger.write() as unit:
        add_keys(unit)
        add_article(unit, "a1")
        assert unit.submissions.record("one", "k", taken, NOON) is None
        unit.commit()
    with ledger.read() as unit:
        assert unit.submissions.get("one", "k") == taken


def test_an_idempotency_key_is_known_only_to_the_api_key_that_sent_it(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        add_keys(unit)
        for key, article in (("one", "a1"), ("two", "a2")):
            add_article(unit, article)
            assert unit.submissions.record(key, "k", TakenSubmission(article, True, "digest"), NOON) is None
        unit.commit()
    with ledger.read() as unit:
        found = [unit.submissions.get(key, "k") for key in ("one", "two")]
        assert [one and one.article_id for one in found] == ["a1", "a2"]
        assert unit.submissions.get("one", "K") is None


def test_of_eight_submissions_under_one_key_at_once_the_first_is_kept(ledger: SqlLedger) -> None:
    committed(ledger, add_keys)

    def submit(i: int) -> str:
        with ledger.write() as unit:
            id = add_article(unit, f"a{i}").id
            first = unit.submissions.record("one", "k", TakenSubmission(id, True, f"digest {i}"), NOON)
            if first is None:
                unit.commit()
        return first.article_id if first else id

    (kept,) = set(at_once(submit, 8))
    with ledger.read() as unit:
        assert unit.submissions.get("one", "k") == TakenSubmission(kept, True, f"digest {kept[1]}")
        assert [i for i in range(8) if unit.articles.get(f"a{i}")] == [int(kept[1])]
