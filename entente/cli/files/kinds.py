"""The kind of a file, by its content; its name decides only between kinds of text."""

import re
import zipfile
from pathlib import PurePath
from typing import BinaryIO

from entente.cli.files.columns import Columns
from entente.cli.files.errors import BadArticle, NotAnArticle
from entente.cli.files.event_tables import event_table

#: Kinds of file that articles are read from.
KINDS = ("json", "ndjson", "csv", "tsv", "txt", "html", "eml", "docx", "pdf")

#: Suffix of a text file → kind, where the content doesn't tell.
_BY_NAME = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json"}

#: First bytes of files that hold no text, → what they are and the remedy.
_BINARY = (
    (b"\x1f\x8b", "compressed (gzip): unpack it first"),
    (b"BZh", "compressed (bzip2): unpack it first"),
    (b"\xfd7zXZ", "compressed (xz): unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Office file: save it as .docx or .csv"),
    (b"{\\rtf", "RTF: save it as .docx or .txt"),
    (b"PAR1", "Parquet: convert it to CSV or NDJSON"),
    (b"SQLite format 3\0", "an SQLite database"),
)

_HTML = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|article)\b", re.I | re.S)
_FEED = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE\s+rss[^>]*>\s*)?<(rss|feed|rdf:RDF)\b", re.S)
_HEADER = re.compile(r"(?:From |[!-9;-~]+:[ \t]|[ \t]+\S)")
_OF_MAIL = re.compile(r"^(from|date|subject|received|message-id|mime-version):", re.I | re.M)


def binary_kind(name: str, file: BinaryIO) -> str | None:
    """Kind of a file that is read from its bytes; None if it has to be decoded. Raises BadArticle."""
    file.seek(0)
    head = file.read(1024)
    file.seek(0)
    if b"%PDF-" in head:
        return "pdf"
    for mark, told in _BINARY:
        if head.startswith(mark):
            raise NotAnArticle(name, "not a kind of file that is read", told)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(name, file)
    return None


def _zipped(name: str, file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.namelist()
    except zipfile.BadZipFile:
        raise BadArticle(name, "damaged", "a ZIP archive that can't be read") from None
    finally:
        file.seek(0)
    if "word/document.xml" in members:
        return "docx"
    if any(member.lower().endswith((".export.csv", ".mentions.csv")) for member in members):
        raise NotAnArticle(name, *_to_import("gdelt", "GDELT events, compressed", "FILE, unpacked"))
    if any(member.startswith("xl/") for member in members):
        raise NotAnArticle(name, "not a kind of file that is read", "a spreadsheet: save it as CSV")
    if any(member in ("content.xml", "mimetype") for member in members):
        raise NotAnArticle(name, "not a kind of file that is read", "OpenDocument or EPUB: save it as .docx or .txt")
    raise NotAnArticle(name, "not a kind of file that is read", "a ZIP archive: unpack it first")


def text_kind(name: str, start: str, columns: Columns) -> str:
    """Kind of a text file, from its start. Raises NotAnArticle for data that is not news."""
    suffix = PurePath(name).suffix.lower()
    if "\0" in start:
        raise NotAnArticle(name, "not a text", "it holds zero bytes")
    if found := event_table(start):
        raise NotAnArticle(name, *_to_import(*found, name))
    if _FEED.match(start):
        raise NotAnArticle(name, "a feed", "register its address: entente feeds add URL")
    if _HTML.match(start) or suffix in (".html", ".htm", ".xhtml"):
        return "html"
    if suffix in _BY_NAME and suffix not in (".json",):
        return _BY_NAME[suffix]
    if start.lstrip()[:1] in ("{", "[") or suffix == ".json":
        return "ndjson" if _is_of_lines(start) else "json"
    if suffix == ".eml" or _is_mail(start):
        return "eml"
    return _delimited(start, columns) or "txt"


def _to_import(form: str, told: str, name: str) -> tuple[str, str]:
    return f"event data ({told})", f"entente import {form} {name}"


def _is_of_lines(start: str) -> bool:
    """Whether more than one line begins an object and none but the lines' ends ends one."""
    lines = [line.strip() for line in start.splitlines()[:-1] if line.strip()]
    return len(lines) > 1 and all(line.startswith("{") and line.endswith("}") for line in lines[:20])


def _is_mail(start: str) -> bool:
    head = re.split(r"\r?\n\r?\n", start, maxsplit=1)[0]
    lines = head.splitlines()
    return all(map(_HEADER.match, lines)) and len({m.lower() for m in _OF_MAIL.findall(head)}) >= 2


def _delimited(start: str, columns: Columns) -> str | None:
    first, _, rest = start.partition("\n")
    if not rest.strip():
        return None
    return next((kind for kind, cells in (("tsv", "\t"), ("csv", ",;|")) if columns.are_in(first, cells)), None)
