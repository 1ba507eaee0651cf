"""The articles in files of any kind that is read."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from marshmallow import EXCLUDE, ValidationError

from entente.cli.files.columns import Columns
from entente.cli.files.encodings import SAMPLE_BYTES, encoding_of
from entente.cli.files.errors import BadArticle, NotAnArticle
from entente.cli.files.kinds import binary_kind, text_kind
from entente.cli.files.places import Place
from entente.services.articles import ArticleDraft
from entente.services.csv_rows import REMEDY, CsvRow, TooLong, Unclosed, csv_rows
from entente.services.ports.fetching import Fetched, FetchFailed
from entente.services.ports.files import FILE_TYPES, FileReader
from schemas.articles import MAX_TEXT_BYTES, ArticleDraftSchema, TextTooLarge
from schemas.strict_json import BadJson, parse_json

#: Largest file that holds one article, and largest JSON file: both are read into memory.
MAX_FILE_BYTES = 32_000_000
MAX_JSON_BYTES = 256_000_000

#: Most characters of a cell of a table.
_LONGEST_CELL = 4 * MAX_TEXT_BYTES

_SCHEMA = ArticleDraftSchema(unknown=EXCLUDE)

#: Place of an article, and the article or why it can't be taken.
Found = tuple[str, ArticleDraft | BadArticle]


class ArticleFiles:
    """Reads files. `kind` and `encoding` are guessed where they are None."""

    def __init__(
        self, reader: FileReader, columns: Columns, kind: str | None = None, encoding: str | None = None
    ) -> None:
        self._reader = reader
        self._columns = columns
        self._kind = kind
        self._encoding = encoding

    def read(self, place: Place) -> Iterator[Found]:
        """Yield each article of a place, or the error; the name is `file`, `file:line` or `file[n]`, n from 1."""
        try:
            with place.open() as file:
                yield from self._articles(place.name, file)
        except BadArticle as error:
            yield error.place, error
        except OSError as error:
            yield place.name, BadArticle(place.name, "can't be read", error.strerror or str(error))

    def address(self, url: str) -> Found:
        """The article at a URL, to be fetched."""
        return self._loaded(url, self._columns.completed({"url": url}))

    def _articles(self, name: str, file: BinaryIO) -> Iterator[Found]:
        kind = self._kind or binary_kind(name, file)
        if kind in ("pdf", "docx"):
            yield self._document(name, kind, file, None)
            return
        encoding = self._encoding or encoding_of(file)
        if encoding is None:
            raise NotAnArticle(name, "not a text in a known encoding", "if it is one, name its --encoding")
        # Ends of lines are left as they are: the csv module wants it so, and texts may hold any.
        with io.TextIOWrapper(file, encoding, newline="") as text:
            yield from self._of_text(name, kind, file, text)

    def _of_text(self, name: str, kind: str | None, file: BinaryIO, text: io.TextIOWrapper) -> Iterator[Found]:
        start = _decoded(name, text, SAMPLE_BYTES)
        if not start.strip():
            raise BadArticle(name, "empty")
        text.seek(0)
        kind = kind or text_kind(name, start, self._columns)
        if kind in ("html", "eml"):
            yield self._document(name, kind, file, text.encoding)
        elif kind == "txt":
            yield self._plain(name, _whole(name, text, MAX_FILE_BYTES))
        elif kind == "json":
            yield from self._json(name, _whole(name, text, MAX_JSON_BYTES))
        elif kind == "ndjson":
            yield from self._lines(name, text)
        else:
            yield from self._rows(name, text, start, "\t" if kind == "tsv" else None)

    def _document(self, name: str, kind: str, file: BinaryIO, encoding: str | None) -> Found:
        file.seek(0)
        body = file.read(MAX_FILE_BYTES + 1)
        if len(body) > MAX_FILE_BYTES:
            raise BadArticle(name, f"larger than {MAX_FILE_BYTES:,} bytes")
        if kind == "html" and encoding and encoding.startswith("utf-16"):
            # A page in any other encoding names it, which its reader knows best.
            body = body.decode(encoding, "replace").encode()
        try:
            found = self._reader.content(Fetched(name, FILE_TYPES[kind], body))
        except FetchFailed as error:
            raise BadArticle(name, f"no text could be read from the {kind} file", str(error)) from error
        said: dict[str, Any] = {
            "text": found.text,
            "title": found.title,
            "published_at": found.published_at.isoformat() if found.published_at else None,
            "source": found.publisher,
            "url": found.url,
            "language": found.language,
        }
        return self._loaded(name, self._columns.completed(_said(said)))

    def _plain(self, name: str, text: str) -> Found:
        return self._loaded(name, self._columns.completed({"text": text.strip()}))

    def _json(self, name: str, text: str) -> Iterator[Found]:
        try:
            value = parse_json(text.encode("utf-8", "surrogatepass"), max_members=None)
        except BadJson as error:
            yield name, BadArticle(name, *_of_json(error))
            return
        if isinstance(value, list):
            for number, item in enumerate(value, start=1):
                yield self._object(f"{name}[{number}]", item)
        else:
            yield self._object(name, value)

    def _lines(self, name: str, lines: io.TextIOWrapper) -> Iterator[Found]:
        for number, line in enumerate(_until_undecodable(name, lines), start=1):
            place = f"{name}:{number}"
            if isinstance(line, BadArticle):
                yield place, line
            elif line.strip():
                try:
                    yield self._object(place, parse_json(line.encode("utf-8", "surrogatepass")))
                except BadJson as error:
                    yield place, BadArticle(place, *_of_json(error))

    def _rows(self, name: str, text: io.TextIOWrapper, start: str, delimiter: str | None) -> Iterator[Found]:
        csv.field_size_limit(_LONGEST_CELL)
        header = start.partition("\n")[0]
        rows = _until_undecodable(name, csv_rows(text, delimiter=delimiter or _delimiter(header)))
        first: CsvRow | Unclosed | TooLong | BadArticle = next(rows, (0, []))
        if not isinstance(first, tuple):
            raise _unread(name, first)
        columns = first[1]
        of = self._columns.found(columns)
        shown = ", ".join(columns[:20])
        if missing := self._columns.missing(columns):
            raise BadArticle(name, "a column is missing", f"{missing!r}; there are: {shown}")
        if not {"text", "url"} & set(of):
            raise BadArticle(name, "no column holds texts", f"name it by --text COLUMN; there are: {shown}")
        for row in rows:
            if isinstance(row, tuple):
                line, cells = row
                yield self._loaded(f"{name}:{line}", self._columns.article(dict(zip(columns, cells, strict=False)), of))
            else:
                # What stands behind may be more of the same text: it would be taken for articles.
                unread = _unread(name, row)
                yield unread.place, unread
                return

    def _object(self, place: str, item: object) -> Found:
        if not isinstance(item, Mapping):
            return self._loaded(place, item)
        of = self._columns.found([str(name) for name in item])
        return self._loaded(place, {**item, **self._columns.article(item, of)})

    def _loaded(self, place: str, item: object) -> Found:
        if not isinstance(item, Mapping):
            return place, BadArticle(place, "no article", "a JSON object with text or url is one")
        try:
            draft: ArticleDraft = _SCHEMA.load(item)
        except TextTooLarge as error:
            return place, BadArticle(place, f"text: {error}")
        except ValidationError as error:
            field, problem = _first(error)
            return place, BadArticle(place, f"{field}: {problem}")
        if not (draft.text or "").strip() and (draft.text is not None or not draft.url):
            return place, BadArticle(place, "text: missing or blank")
        return place, draft


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _of_json(error: BadJson) -> tuple[str, str]:
    return "not JSON that can be taken", ": ".join(part for part in (error.field, error.detail) if part)


def _delimiter(header: str) -> str:
    """The likeliest delimiter: the one that is most frequent in the header."""
    return max(",;\t|", key=header.count)


def _decoded(name: str, text: io.TextIOWrapper, characters: int) -> str:
    try:
        return text.read(characters)
    except UnicodeError as error:
        raise BadArticle(
            name,
            f"not {text.encoding} throughout",
            f"{error.reason if isinstance(error, UnicodeDecodeError) else error}; name its --encoding",
        ) from None


def _whole(name: str, text: io.TextIOWrapper, most: int) -> str:
    found = _decoded(name, text, most + 1)
    if len(found) > most:
        raise BadArticle(name, f"larger than {most:,} characters", "split it, or use NDJSON")
    return found


def _until_undecodable(name: str, found: Iterator[Any]) -> Iterator[Any]:
    """The lines or rows, and in place of what can't be read the error, which ends them."""
    try:
        yield from found
    except UnicodeError:
        yield BadArticle(name, "its rest can't be decoded", "name its --encoding")


def _unread(name: str, found: BadArticle | Unclosed | TooLong) -> BadArticle:
    """Why a table is not read from here on."""
    if isinstance(found, BadArticle):
        return found
    place, rest = f"{name}:{found.line}", "the file is read up to here"
    if isinstance(found, TooLong):
        return BadArticle(place, "a cell is too long", f"more than {_LONGEST_CELL:,} characters; {rest}")
    return BadArticle(place, "a quotation mark is not closed", f"{REMEDY}; {rest}")


def _first(error: ValidationError) -> tuple[str, object]:
    messages = error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}
    field, problems = next(iter(messages.items()))
    return field, problems[0] if isinstance(problems, list) else problems
