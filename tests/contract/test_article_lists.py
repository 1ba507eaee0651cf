"""Lists of articles, on SQLite and PostgreSQL."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from entente.services.articles import ArticleDraft
from entente.services.ports.articles import ArticleQuery
from entente.services.ports.ledger import UnitOfWork
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import NOON, committed, report
from tests.unit.builders import mention


def add(unit: UnitOfWork, id: str, **said: object) -> None:
    draft = ArticleDraft(**{"publisher": "agency", "text": f"Text of {id}."} | said)  # type: ignore[arg-type]
    unit.articles.add(draft, f"hash of {id}", id, NOON)


@pytest.fixture
def filled(ledger: SqlLedger) -> SqlLedger:
    """Six articles, of which a6 has no date and a5 is of the evening of 2 July, west of Greenwich."""

    def some(unit: UnitOfWork) -> None:
        for n, title in enumerate(("Serbia recalls its envoy", "Envoys of Serbia return", "Rain", None), start=1):
            moment = datetime(2025, 7, n, 8, tzinfo=UTC)
            add(unit, f"a{n}", title=title, published_at=moment, url=f"https://news.example/{n}")
        west = timezone(timedelta(hours=-5))
        add(unit, "a5", publisher="Herald", published_at=datetime(2025, 7, 2, 23, tzinfo=west))
        add(unit, "a6", publisher="The Herald")

    committed(ledger, some)
    return ledger


def found(ledger: SqlLedger, query: ArticleQuery, limit: int = 10) -> list[str]:
    with ledger.read() as unit:
        return [article.id for article in unit.articles.search(query, None, limit).items]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (ArticleQuery(), ["a6", "a4", "a3", "a5", "a2", "a1"]),
        (ArticleQuery(publishers=["Herald"]), ["a5"]),
        (ArticleQuery(publishers=["Herald", "The Herald"]), ["a6", "a5"]),
        (ArticleQuery(publishers=[]), []),
        (ArticleQuery(statuses=["coded", "failed"]), []),
        (ArticleQuery(statuses=["pending"], published_from=date(2025, 7, 4)), ["a6", "a4"]),
        (ArticleQuery(published_from=date(2025, 7, 2), published_to=date(2025, 7, 2)), ["a5", "a2"]),
        (ArticleQuery(url="https://news.example/3"), ["a3"]),
        (ArticleQuery(url="https://news.example/"), []),
        (ArticleQuery(words="envoy serbia"), ["a2", "a1"]),
        (ArticleQuery(words="recall"), ["a1"]),
        (ArticleQuery(words="rain envoy"), []),
        (ArticleQuery(words="' OR \" *"), []),
    ],
)
def test_a_list_has_what_passes_every_filter_newest_first(
    filled: SqlLedger, query: ArticleQuery, ids: list[str]
) -> None:
    assert found(filled, query) == ids


def test_pages_lead_through_the_list_and_back(filled: SqlLedger) -> None:
    with filled.read() as unit:
        first = unit.articles.search(ArticleQuery(), None, 4)
        second = unit.articles.search(ArticleQuery(), first.next, 4)
        back = unit.articles.search(ArticleQuery(), second.previous, 4, backwards=True)
    assert [article.id for article in second.items] == ["a2", "a1"]
    assert (second.next, first.previous) == (None, None)
    assert (back.items, back.next) == (first.items, first.next)


def test_each_publisher_is_named_once(filled: SqlLedger, ledger: SqlLedger) -> None:
    with filled.read() as unit:
        assert sorted(unit.articles.publishers()) == ["Herald", "The Herald", "agency"]


def test_an_empty_ledger_has_no_publisher(ledger: SqlLedger) -> None:
    with ledger.read() as unit:
        assert unit.articles.publishers() == []


def test_an_article_whose_page_gave_title_and_day_is_found_by_them(ledger: SqlLedger) -> None:
    committed(ledger, lambda unit: add(unit, "b1", text=None, url="https://news.example/b"))
    committed(ledger, lambda unit: unit.articles.claim("b1", "me", NOON, 6, with_text=False))
    page = ArticleDraft(
        "agency", "Words.", "https://news.example/b", "A treaty", None, datetime(2024, 5, 3, tzinfo=UTC)
    )
    committed(ledger, lambda unit: unit.articles.fill("b1", "me", page, "another hash"))

    day = date(2024, 5, 3)
    assert found(ledger, ArticleQuery(words="treaties", published_from=day, published_to=day)) == ["b1"]


def test_an_address_of_any_length_is_stored(ledger: SqlLedger) -> None:
    address = "https://news.example/" + "".join(chr(97 + n * n % 26) + str(n) for n in range(3000))
    committed(ledger, lambda unit: add(unit, "b2", url=address))
    assert found(ledger, ArticleQuery(url=address)) == ["b2"]


def test_articles_of_an_earlier_time_count_though_they_were_retracted_since(ledger: SqlLedger) -> None:
    later, day = NOON + timedelta(days=2), NOON.date()

    def counted(known_at: datetime | None = None) -> dict[date, int]:
        with ledger.read() as unit:
            return dict(unit.articles.published(day, day, known_at))

    def both(unit: UnitOfWork) -> None:
        for _ in range(2):
            article = report(unit, [mention().event])
            assert unit.articles.claim(article.id, "tests", NOON, 60)
            unit.articles.finish(article.id, "tests", "coded", None, None, NOON)
        unit.articles.retract(article.id, "withdrawn")
        unit.mentions.retire(article.id, later)

    committed(ledger, both)

    assert counted() == counted(later) == {day: 1}
    assert counted(NOON) == {day: 2}
    assert counted(NOON - timedelta(seconds=1)) == {}
