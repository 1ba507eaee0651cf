"""The FileReader port: text and metadata of web pages, e-mails, Word documents and PDFs, by a library each."""

import email
import email.policy
import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from trafilatura.settings import Document

from entente.services.ports.fetching import Fetched, FetchFailed
from entente.services.ports.files import FILE_TYPES, FileContent

#: Most characters of a title.
_LONGEST_TITLE = 2000

#: What word processors write as the title of a PDF: a file's name.
_FILE_NAME = re.compile(r"^Microsoft \w+ - |\.\w{2,5}$")

#: How a line of a PDF ends where a sentence or a heading does.
_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*$")


class ArticleFiles:
    """Reads the article of a file by its media type."""

    def content(self, file: Fetched) -> FileContent:
        """The article of a file. Raises FetchFailed if there is no text in it."""
        found = _READERS[file.media_type](file.body)
        text = found.text.replace("\0", "\ufffd").strip()
        if not text:
            raise FetchFailed("no text was found in it", final=True)
        title = " ".join((found.title or "").replace("\0", "\ufffd").split())[:_LONGEST_TITLE] or None
        return FileContent(text, title, found.published_at, found.publisher, found.url, found.language)


def _html(body: bytes) -> FileContent:
    found = trafilatura.bare_extraction(body, include_comments=False, include_tables=False, with_metadata=True)
    if not isinstance(found, Document):
        raise FetchFailed("there is no article on the page", final=True)
    day = None
    with suppress(ValueError, TypeError):
        day = date.fromisoformat((found.date or "")[:10])
    url = found.url if found.url and urlsplit(found.url).scheme in ("http", "https") else None
    published = datetime.combine(day, time(), UTC) if day else None
    return FileContent(found.text or "", found.title, published, None, url, found.language or None)


def _eml(body: bytes) -> FileContent:
    message = email.message_from_bytes(body, policy=email.policy.default)
    # The HTML part is the second choice: mail programs write the plain one from it.
    part = message.get_body(("plain", "html"))
    if part is None:
        raise FetchFailed("the message has no text; attachments are not read", final=True)
    try:
        text = str(part.get_content())
    except (LookupError, ValueError) as error:
        raise FetchFailed(f"the message's text can't be decoded ({error})", final=True) from error
    if part.get_content_subtype() == "html":
        text = trafilatura.html2txt(text)
    return FileContent(text, message["subject"] and str(message["subject"]), _sent(message), _domain(message))


def _sent(message: EmailMessage) -> datetime | None:
    sent: datetime | None = getattr(message["date"], "datetime", None)
    return sent.replace(tzinfo=UTC) if sent and sent.tzinfo is None else sent


def _domain(message: EmailMessage) -> str | None:
    addresses = getattr(message["from"], "addresses", ())
    return (addresses[0].domain or None) if addresses else None


def _docx(body: bytes) -> FileContent:
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(body))
    except (OpcError, KeyError, ValueError) as error:
        raise FetchFailed("it is no Word document, or damaged", final=True) from error
    blocks = [(style, words) for style, words in _blocks(document) if words.strip()]
    title = None
    if blocks and blocks[0][0] in ("Title", "Heading 1"):
        title = blocks.pop(0)[1]
    return FileContent("\n\n".join(words for _, words in blocks), title or document.core_properties.title or None)


def _blocks(document: Any) -> Iterator[tuple[str, str]]:
    """Style and words of every paragraph, those in tables too, in their order."""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            yield from (("", cell.text) for row in block.rows for cell in row.cells)
        else:
            yield block.style.name if block.style is not None else "", block.text


def _pdf(body: bytes) -> FileContent:
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FetchFailed("it is encrypted; save a copy without a password", final=True)
        text = "\n\n".join(_paragraphs(page.extract_text()) for page in reader.pages)
        title = (reader.metadata.title if reader.metadata else None) or ""
    except PyPdfError as error:
        raise FetchFailed("it is no PDF, or damaged", final=True) from error
    if not text.strip():
        raise FetchFailed("it has no text layer; a scan has to be read by OCR first", final=True)
    return FileContent(text, None if _FILE_NAME.search(title) else title)


def _paragraphs(text: str) -> str:
    """Lines of a page joined to paragraphs: a line goes on in the next if it is long and ends no sentence."""
    lines = [line.strip() for line in text.splitlines()]
    long = 0.6 * max(map(len, lines), default=0)
    joined: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and line:
            before = joined.pop()
            hyphenated = re.search(r"[a-z]-$", before) and line[:1].islower()
            joined.append(before[:-1] + line if hyphenated else f"{before} {line}")
        else:
            joined.append(line)
        goes_on = len(line) >= long and (not _ENDED.search(line) or len(line) >= 1.4 * long)
    return "\n\n".join(filter(None, joined))


_READERS: Mapping[str, Callable[[bytes], FileContent]] = {
    FILE_TYPES["html"]: _html,
    FILE_TYPES["eml"]: _eml,
    FILE_TYPES["docx"]: _docx,
    FILE_TYPES["pdf"]: _pdf,
}
