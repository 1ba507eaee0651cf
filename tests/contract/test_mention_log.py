"""The MentionLog port, on SQLite and PostgreSQL."""

from datetime import date, timedelta

from entente.relations.dyads import Dyad
from entente.relations.events import Actor, CodedEvent, Span
from entente.relations.periods import Period
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import AFG_RUS, NOON, committed, report
from tests.unit.builders import mention

HOUR = timedelta(hours=1)


def test_a_mention_comes_back_as_the_coder_wrote_it(ledger: SqlLedger) -> None:
    event = CodedEvent(
        source=Actor("RUS", "CVL", "Russian aid workers"),
        target=Actor("AFG", "", "Afghanistan"),
        act="give_aid",
        status="alleged",
        period=Period(date(2021, 8, 1), "month"),
        dated_by="text",
        confidence=0.625,
        quote=Span("text", 10, 60, "“Aid – 漢字”"),
        trigger=Span("title", 3, 8, "gave"),
        context=("aid:humanitarian", "amount:large"),
    )
    article = committed(ledger, lambda unit: report(unit, [event, mention("meet", None).event]))
    with ledger.read() as unit:
        first, second = unit.mentions.of_article(article.id)
    assert first.event == event
    assert (first.article_id, first.publisher, first.published_on) == (article.id, "agency", date(2025, 7, 4))
    assert (first.coder_version, first.recorded_at, first.retired_at) == ("test-1", NOON.isoformat(), None)
    assert second.event.period is None
    assert first.id != second.id


def test_a_dyad_has_the_mentions_of_both_directions_and_all_sectors_and_no_other(ledger: SqlLedger) -> None:
    told = [
        mention("meet", source="RUS", target="AFG").event,
        mention("visit", source="AFG", target="RUS").event,
        mention("praise", source="RUS", target="AFG", sectors=("CVL", "GOV")).event,
        mention("condemn", source="RUS", target="PAK").event,
    ]
    committed(ledger, lambda unit: report(unit, told))
    with ledger.read() as unit:
        assert {m.event.act for m in unit.mentions.of_dyad(AFG_RUS)} == {"meet", "visit", "praise"}
        assert {m.event.act for m in unit.mentions.of_dyad(Dyad("PAK", "RUS"))} == {"condemn"}


def test_retired_mentions_are_kept_for_those_who_ask_what_was_known(ledger: SqlLedger) -> None:
    article = committed(ledger, lambda unit: report(unit, [mention("recognise").event]))
    with ledger.write() as unit:
        assert unit.mentions.dyads_of(article.id) == {AFG_RUS}
        assert unit.mentions.retire(article.id, NOON + HOUR) == {AFG_RUS}
        assert unit.mentions.retire(article.id, NOON + 2 * HOUR) == set(), "there is nothing left to retire"
        unit.mentions.record(article, [mention("meet").event], "test-2", NOON + HOUR)
        unit.commit()

    with ledger.read() as unit:
        assert [m.event.act for m in unit.mentions.of_dyad(AFG_RUS)] == ["meet"]
        assert [m.event.act for m in unit.mentions.of_article(article.id)] == ["meet"]
        known = [
            [m.event.act for m in unit.mentions.of_dyad(AFG_RUS, at)]
            for at in (NOON - HOUR, NOON, NOON + HOUR / 2, NOON + HOUR)
        ]
    assert known == [[], ["recognise"], ["recognise"], ["meet"]]


def test_an_article_that_reports_nothing_records_nothing(ledger: SqlLedger) -> None:
    article = committed(ledger, lambda unit: report(unit, []))
    with ledger.read() as unit:
        assert unit.mentions.of_article(article.id) == []
        assert unit.mentions.dyads_of(article.id) == set()
        assert list(unit.dyads.every()) == []
