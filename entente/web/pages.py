"""The PageReader port on trafilatura: an article's text, title, day, language and canonical address from its page."""

from contextlib import suppress
from datetime import date
from urllib.parse import urljoin, urlsplit

import trafilatura
from trafilatura.settings import Document

from entente.services.ports.fetching import Fetched, FetchFailed, Page

#: Characters below which what is left of a page is no article.
LEAST_TEXT = 80


class ArticlePages:
    """Finds the article among menus and adverts."""

    def page(self, answer: Fetched) -> Page:
        """The article of a page. Raises FetchFailed if there is none."""
        text = answer.body.decode(answer.charset or "utf-8", "replace") if _known(answer.charset) else None
        if answer.media_type == "text/plain":
            return Page(answer.url, _enough((text or answer.body.decode("utf-8", "replace")).strip()))
        found = trafilatura.bare_extraction(
            text or answer.body, include_comments=False, include_tables=False, with_metadata=True
        )
        if not isinstance(found, Document):
            raise FetchFailed("there is no article on the page", final=True)
        body = _enough((found.text or "").strip())
        return Page(
            _canonical(answer.url, found.url), body, found.title or None, _day(found.date), found.language or None
        )


def _enough(text: str) -> str:
    if len(text) < LEAST_TEXT:
        raise FetchFailed("there is no article on the page", final=True)
    return text


def _known(charset: str | None) -> bool:
    if charset is None:
        return False
    try:
        "".encode(charset)
    except LookupError:
        return False
    return True


def _canonical(url: str, named: str | None) -> str:
    """The address that the page calls its own, if it is one of the same host: a page may not speak for another's."""
    if named:
        there = urljoin(url, named)
        if urlsplit(there).hostname == urlsplit(url).hostname:
            return there
    return url


def _day(text: str | None) -> date | None:
    with suppress(ValueError, TypeError):
        return date.fromisoformat((text or "")[:10])
    return None
