"""Article files: a JSON object, an array of them, or NDJSON, as written by hand or by another tool."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from entente.services.articles import ArticleDraft

MAX_TEXT_BYTES = 1_000_000
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class BadArticle(Exception):
    """A file or line that is no article; the message names the place and the field."""


def read_articles(path: Path) -> Iterator[tuple[str, ArticleDraft | BadArticle]]:
    """Each article of a file with where it is (`file` or `file:line`), or what is wrong with it. Raises OSError."""
    raw = path.read_bytes()
    try:
        whole = json.loads(raw)
    except (ValueError, RecursionError) as error:
        lines = [(n, line) for n, line in enumerate(raw.split(b"\n"), start=1) if line.strip()]
        if len(lines) < 2 or path.suffix == ".json":
            yield str(path), BadArticle(f"{path}: not JSON: {error}")
            return
        for number, line in lines:
            place = f"{path}:{number}"
            try:
                yield place, _checked(place, json.loads(line))
            except (ValueError, RecursionError) as bad:
                yield place, BadArticle(f"{place}: not JSON: {bad}")
        return
    for number, item in enumerate(whole if isinstance(whole, list) else [whole], start=1):
        place = f"{path}[{number}]" if isinstance(whole, list) else str(path)
        yield place, _checked(place, item)


def _checked(place: str, item: object) -> ArticleDraft | BadArticle:
    try:
        return draft(item)
    except BadArticle as error:
        return BadArticle(f"{place}: {error}")


def draft(item: object) -> ArticleDraft:
    """An article from its JSON object; unknown fields are ignored. Raises BadArticle naming the field."""
    if not isinstance(item, dict):
        raise BadArticle("an article is a JSON object")
    text = _string(item, "text")
    if text is None or not text.strip():
        raise BadArticle("text: missing")
    if len(text.encode()) > MAX_TEXT_BYTES:
        raise BadArticle("text: over 1 MB")
    return ArticleDraft(
        publisher=_string(item, "source") or "cli",
        text=text,
        url=_string(item, "url"),
        title=_string(item, "title"),
        language=_string(item, "language"),
        published_at=_moment(_string(item, "published_at")),
    )


def _string(item: dict[str, Any], field: str) -> str | None:
    value = item.get(field)
    if value is not None and not isinstance(value, str):
        raise BadArticle(f"{field}: not a string")
    if value and ("\0" in value or any("\ud800" <= c <= "\udfff" for c in value)):
        raise BadArticle(f"{field}: holds characters that are no text")
    return value


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadArticle(f"published_at: {text[:40]!r} is no date (YYYY-MM-DD or RFC 3339)") from None
    if moment.tzinfo is None:
        raise BadArticle("published_at: a time needs its offset from UTC, e.g. 2025-07-03T12:00:00Z")
    return moment.astimezone(UTC)
