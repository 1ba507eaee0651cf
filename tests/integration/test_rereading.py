"""Known articles read again: from their pages, and through the seam for feeds."""

from urllib.parse import urlsplit

import pytest

from entente.bootstrap.container import Container
from entente.services.articles import ArticleDraft
from entente.services.errors import NotFound
from entente.services.ingesting.feeds import Feeds
from tests.integration.test_fetching import PAGE, FetchAndCode, coding, fetcher, taken
from tests.integration.web_server import Site

__all__ = ["coding", "fetcher"]

CORRECTED = PAGE.replace("recognised Kosovo", "condemned Kosovo")


def status(container: Container, id: str) -> tuple[str, str | None, str | None]:
    report = container.lookups.article(id)
    return report.article.status, report.article.supersedes, report.superseded_by


def draft(url: str, text: str | None = None) -> ArticleDraft:
    return ArticleDraft("news.example", url=url, text=text)


def test_a_page_that_is_fetched_again_and_changed_is_a_later_version(
    site: Site, container: Container, coding: FetchAndCode
) -> None:
    url = site.page("/a", PAGE)
    old = taken(container, url)
    coding.run(old)
    site.page("/a", CORRECTED)
    new = taken(container, url)

    assert coding.run(new) == "coded"

    assert new != old
    assert status(container, old) == ("superseded", None, new)
    assert status(container, new) == ("coded", old, None)
    assert container.projector.verify() == []


def test_a_page_that_is_fetched_again_and_unchanged_is_a_duplicate(
    site: Site, container: Container, coding: FetchAndCode
) -> None:
    url = site.page("/a", PAGE)
    old = taken(container, url)
    coding.run(old)
    again = taken(container, url)

    assert coding.run(again) == "duplicate"
    assert status(container, old) == ("coded", None, None)


def test_a_known_article_is_read_again_from_its_page(site: Site, container: Container, coding: FetchAndCode) -> None:
    url = site.page("/a", PAGE)
    old = taken(container, url)
    coding.run(old)
    site.page("/a", CORRECTED)

    reading = container.ingest.reread(old, draft(url))
    assert reading.created
    assert not container.ingest.reread(old, draft(url)).created, "one reading waits already"
    assert status(container, old) == ("coded", None, None)

    assert coding.run(reading.article_id) == "coded"
    assert status(container, old) == ("superseded", None, reading.article_id)


@pytest.mark.parametrize("answer", [404, 503])
def test_a_page_that_can_not_be_read_again_changes_nothing(
    site: Site, container: Container, coding: FetchAndCode, answer: int
) -> None:
    url = site.page("/a", PAGE)
    old = taken(container, url)
    coding.run(old)
    site.status("/a", answer)
    reading = container.ingest.reread(old, draft(url)).article_id
    coding.run(reading)

    assert status(container, old) == ("coded", None, None)


def test_a_text_that_comes_again_under_another_address_is_a_version_if_its_source_says_so(
    container: Container,
) -> None:
    words = "Kenya recognised Kosovo on Tuesday, the foreign ministry in Nairobi said."
    old = container.ingest.submit(draft("https://news.example/a", words), ring=False).article_id
    container.code_articles.run(old)

    same = container.ingest.reread(old, draft("https://news.example/b", words.upper()), ring=False)
    changed = draft("https://news.example/b", words.replace("recognised", "condemned"))
    new = container.ingest.reread(old, changed, ring=False)
    container.code_articles.run(new.article_id)

    assert (same.article_id, same.created) == (old, False)
    assert status(container, new.article_id) == ("coded", old, None)
    assert container.ingest.reread(old, changed, ring=False).article_id == new.article_id


def test_what_is_not_known_is_not_read_again(container: Container) -> None:
    with pytest.raises(NotFound):
        container.ingest.reread("nothing", draft("https://news.example/a"))


def test_an_item_of_a_feed_whose_page_was_corrected_takes_its_states_back(
    site: Site, container: Container, coding: FetchAndCode, feeds: Feeds
) -> None:
    page = site.page("/a", PAGE)

    def feed(title: str) -> bytes:
        entry = f"<item><title>{title}</title><link>{page}</link></item>"
        return f"<rss version='2.0'><channel>{entry}</channel></rss>".encode()

    id = feeds.add(site.page("/feed", feed("Recognition"), "application/rss+xml")).id
    assert feeds.poll(id) == 1
    [old] = waiting(container)
    coding.run(old)
    site.page("/a", CORRECTED)
    site.page("/feed", feed("Correction"), "application/rss+xml")
    with container.ledger.write() as unit:
        unit.feeds.set_active(id, True, container.clock.now())
        unit.commit()
    assert feeds.poll(id) == 0
    [new] = waiting(container)

    assert coding.run(new) == "coded"

    assert status(container, old) == ("superseded", None, new)
    assert container.projector.verify() == []


def test_a_whole_text_of_a_feed_at_a_known_address_is_a_later_version(
    site: Site, container: Container, coding: FetchAndCode, feeds: Feeds
) -> None:
    url = site.page("/a", PAGE)
    publisher = urlsplit(url).hostname or ""
    told = "Kenya recognised Kosovo on Tuesday, its foreign ministry said. Serbia summoned the Kenyan envoy in protest."
    old = container.ingest.submit(ArticleDraft(publisher, text=told, url=url)).article_id
    coding.run(old)
    later = told.replace("recognised", "refused to recognise")
    content = f"<content:encoded>{later}</content:encoded><description>Short.</description>"
    entry = f"<item><title>Kenya</title><link>{url}</link>{content}</item>"
    namespace = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    feed = f"<rss version='2.0' {namespace}><channel>{entry}</channel></rss>".encode()

    assert feeds.poll(feeds.add(site.page("/feed", feed, "application/rss+xml")).id) == 1
    [new] = waiting(container)
    coding.run(new)

    assert status(container, old) == ("superseded", None, new)
    assert container.projector.verify() == []


def waiting(container: Container) -> list[str]:
    with container.ledger.read() as unit:
        return list(unit.articles.unfinished(10))
