"""The PageReader port on trafilatura: extract an article's text, title, day, language and canonical URL from a page."""

import codecs
from contextlib import suppress
from datetime import date
from urllib.parse import urljoin, urlsplit

import trafilatura
from trafilatura.settings import Document

from entente.services.ports.fetching import Fetched, FetchedPage, FetchFailed

#: Least characters of an article's text.
LEAST_TEXT = 80

#: Character sets of the web (https://encoding.spec.whatwg.org), by the names of Python's codecs.
_CHARSETS = frozenset(
    """ascii utf-8 utf-8-sig utf-16 utf-16-le utf-16-be big5 big5hkscs cp866 cp874 cp932 cp949 cp1250 cp1251 cp1252
    cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 euc_jp euc_kr gb18030 gb2312 gbk iso2022_jp iso8859-1 iso8859-2
    iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-11 iso8859-13
    iso8859-14 iso8859-15 iso8859-16 johab koi8-r koi8-u mac-cyrillic mac-roman shift_jis tis-620""".split()
)


class ArticlePages:
    """Extracts the article from an HTML page or a plain text."""

    def page(self, answer: Fetched) -> FetchedPage:
        """The article of a page. Raises FetchFailed if there is none or it is shorter than LEAST_TEXT."""
        text = _decoded(answer.body, answer.charset)
        if answer.media_type == "text/plain":
            plain = _decoded(answer.body, "utf-8") if text is None else text
            return FetchedPage(answer.url, _enough((plain or "").strip()))
        found = trafilatura.bare_extraction(
            text or answer.body, include_comments=False, include_tables=False, with_metadata=True
        )
        if not isinstance(found, Document):
            raise FetchFailed("there is no article on the page", final=True)
        body = _enough((found.text or "").strip())
        return FetchedPage(
            _canonical(answer.url, found.url), body, found.title or None, _day(found.date), found.language or None
        )


def _enough(text: str) -> str:
    if len(text) < LEAST_TEXT:
        raise FetchFailed("there is no article on the page", final=True)
    return text


def _decoded(body: bytes, charset: str | None) -> str | None:
    """Decode a body by the character set that its server named; None if that is not one of the web's.

    Python has other codecs too: punycode takes minutes for a page, idna and undefined raise.
    """
    try:
        codec = codecs.lookup(charset or "")
    except (LookupError, ValueError):
        return None
    if codec.name not in _CHARSETS:
        return None
    return body.decode(codec.name, "replace").replace("\0", "\ufffd")


def _canonical(url: str, named: str | None) -> str:
    """The canonical URL that the page names, if it is on the same host, else `url`: a page can't claim another host."""
    if named:
        with suppress(ValueError):
            there = urljoin(url, named)
            if urlsplit(there).hostname == urlsplit(url).hostname:
                return there
    return url


def _day(text: str | None) -> date | None:
    with suppress(ValueError, TypeError):
        return date.fromisoformat((text or "")[:10])
    return None
