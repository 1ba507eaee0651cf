"""Read article files: one JSON object, an array of objects, or NDJSON."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from marshmallow import EXCLUDE, ValidationError

from entente.services.articles import ArticleDraft
from schemas.articles import ArticleDraftSchema, TextTooLarge
from schemas.strict_json import BadJson, parse_json

_SCHEMA = ArticleDraftSchema(unknown=EXCLUDE)


class BadArticle(Exception):
    """An invalid file or line; the message names the place and the field."""


#: Suffixes of the files that are read from a directory.
SUFFIXES = (".json", ".ndjson", ".jsonl")


def read_all(places: Sequence[str]) -> Iterator[tuple[str, ArticleDraft | BadArticle]]:
    """Yield (place, article or error) from files, directories (recursively), standard input (`-`) and URLs.

    Raises OSError.
    """
    for place in places:
        if place == "-":
            yield from _read_lines("standard input", sys.stdin.buffer)
        elif place.startswith(("http://", "https://")):
            yield _load(place, {"url": place})
        elif Path(place).is_dir():
            for path in sorted(p for p in Path(place).rglob("*") if p.suffix in SUFFIXES and p.is_file()):
                yield from read_articles(path)
        else:
            yield from read_articles(Path(place))


def read_articles(path: Path) -> Iterator[tuple[str, ArticleDraft | BadArticle]]:
    """Yield (place, article or error) from a file; the place is `file`, `file:line` or `file[n]`, n from 1.

    A .ndjson or .jsonl file is read line by line, any other as one JSON value. Raises OSError.
    """
    if path.suffix in (".ndjson", ".jsonl"):
        with path.open("rb") as lines:
            yield from _read_lines(str(path), lines)
        return
    try:
        value = parse_json(path.read_bytes(), max_members=None)
    except BadJson as error:
        yield str(path), _bad(str(path), error)
        return
    if isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield _load(f"{path}[{number}]", item)
    else:
        yield _load(str(path), value)


def _read_lines(name: str, lines: Iterable[bytes]) -> Iterator[tuple[str, ArticleDraft | BadArticle]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _read(f"{name}:{number}", line)


def _read(place: str, line: bytes) -> tuple[str, ArticleDraft | BadArticle]:
    try:
        return _load(place, parse_json(line))
    except BadJson as error:
        return place, _bad(place, error)


def _bad(place: str, error: BadJson) -> BadArticle:
    return BadArticle(": ".join(part for part in (place, error.field, error.detail) if part))


def _load(place: str, item: object) -> tuple[str, ArticleDraft | BadArticle]:
    try:
        draft: ArticleDraft = _SCHEMA.load(item)  # type: ignore[arg-type]  # a non-mapping raises ValidationError
    except TextTooLarge as error:
        return place, BadArticle(f"{place}: text: {error}")
    except ValidationError as error:
        field, problem = _first(error)
        return place, BadArticle(f"{place}: {field}: {problem}")
    if not (draft.text or "").strip() and (draft.text is not None or not draft.url):
        return place, BadArticle(f"{place}: text: missing or blank")
    return place, draft


def _first(error: ValidationError) -> tuple[str, object]:
    messages = error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}
    field, problems = next(iter(messages.items()))
    return field, problems[0] if isinstance(problems, list) else problems
