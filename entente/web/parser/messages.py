"""What is said between a process and its parser, as JSON: a parser that hostile markup took over can send no object.

A request is two frames, a head and the body to parse. An answer is one.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from entente.services.ports.fetching import FeedDocument, FeedEntry, Fetched, FetchedPage, FetchFailed
from entente.services.ports.files import FileContent

T = TypeVar("T")

#: Sent once by a parser that has loaded what it needs.
READY = b"ready"

#: Longest frame in bytes. A body has 5 MB at most, each byte of which may become six of an answer's JSON.
LONGEST = 64_000_000


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of document: its name, and how its content is read from JSON. `read` raises ValueError or TypeError."""

    name: str
    read: Callable[[Any], T]


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """The content, or why there is none. `worn`: the parser used much memory and should be replaced."""

    content: T | None
    failed: FetchFailed | None
    worn: bool


def head(kind: Kind[Any], fetched: Fetched) -> bytes:
    """The head of a request."""
    said = {"kind": kind.name, "url": fetched.url, "media_type": fetched.media_type, "charset": fetched.charset}
    return json.dumps(said).encode()


def read_head(content: bytes, body: bytes) -> tuple[str, Fetched]:
    """The name of the kind, and what to parse."""
    said = json.loads(content)
    return said["kind"], Fetched(said["url"], said["media_type"], body, said["charset"])


def answer(content: FetchedPage | FileContent | FeedDocument | FetchFailed, *, worn: bool) -> bytes:
    """An answer."""
    said: dict[str, Any] = {"worn": worn}
    if isinstance(content, FetchFailed):
        said["failed"] = {"reason": str(content), "final": content.final}
    else:
        said["content"] = asdict(content)
    return json.dumps(said, default=_day_or_moment).encode()


def read_answer(content: bytes, kind: Kind[T]) -> Answer[T]:
    """An answer of a parser that is not trusted. Raises ValueError or TypeError for anything else."""
    try:
        said = json.loads(content)
        worn = bool(said["worn"])
        if "content" in said:
            return Answer(kind.read(said["content"]), None, worn)
        failed = said["failed"]
        reason = _text(failed["reason"])[:500].replace("\0", "\ufffd").encode("utf-8", "replace").decode()
        return Answer(None, FetchFailed(reason, final=bool(failed["final"])), worn)
    except (KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"not an answer: {error!r}") from error


def _page(said: Any) -> FetchedPage:
    return FetchedPage(
        _text(said["url"]),
        _text(said["text"]),
        _optional(said["title"]),
        date.fromisoformat(said["published_on"]) if said["published_on"] is not None else None,
        _optional(said["language"]),
    )


def _document(said: Any) -> FeedDocument:
    return FeedDocument(
        tuple(_entry(entry) for entry in said["entries"]),
        tuple(_text(url) for url in said["named_feeds"]),
        int(said["n_skipped"]),
    )


def _entry(said: Any) -> FeedEntry:
    return FeedEntry(
        _optional(said["url"]),
        _optional(said["title"]),
        _moment(said["published_at"]),
        _optional(said["text"]),
        _optional(said["id"]),
        _moment(said["updated_at"]),
        bool(said["whole"]),
    )


def _moment(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _file(said: Any) -> FileContent:
    published = said["published_at"]
    return FileContent(
        _text(said["text"]),
        _optional(said["title"]),
        datetime.fromisoformat(published) if published is not None else None,
        *(_optional(said[name]) for name in ("publisher", "url", "language")),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of a text")
    return value


def _optional(value: Any) -> str | None:
    return None if value is None else _text(value)


def _day_or_moment(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


PAGE = Kind("page", _page)
FEED = Kind("feed", _document)
FILE = Kind("file", _file)
