"""Port: reading files that hold one article each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.services.ports.fetching import Fetched

#: Kind of file → media type.
FILE_TYPES = {
    "html": "text/html",
    "eml": "message/rfc822",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class FileContent:
    """An article read from a file. What the file doesn't give is None; `published_at` is aware, with its offset."""

    text: str
    title: str | None = None
    published_at: datetime | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None


class FileReader(Protocol):
    """Reads a file of one of FILE_TYPES within limits of time and memory."""

    def content(self, file: Fetched) -> FileContent:
        """The article of a file, whose `url` is its name. Raises FetchFailed if there is none."""
