"""Reading files for `entente ingest`: their kinds, encodings, columns and errors."""

import json
from datetime import UTC, datetime

import pytest

from entente.cli.files.articles import ArticleFiles
from entente.cli.files.columns import Columns
from entente.cli.files.errors import BadArticle, NotAnArticle
from entente.cli.files.places import exists, places
from entente.web.parser.lanes import Parsers
from entente.web.parser.readers import BoundedFiles


@pytest.fixture(scope="session")
def reader():
    return BoundedFiles(Parsers())


@pytest.fixture
def read(reader, tmp_path):
    """Write a file and read it: what is found in it."""

    def found(content, name="a.json", columns=None, **more):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        files = ArticleFiles(reader, columns or Columns(), **more)
        return [one for place in places([str(path)]) for _, one in files.read(place)]

    return found


def test_unknown_fields_are_ignored_and_a_day_is_midnight_utc(read):
    (draft,) = read({"id": 7, "text": "x", "published_at": "2025-07-04", "required": []})
    assert (draft.text, draft.published_at) == ("x", datetime(2025, 7, 4, tzinfo=UTC))


def test_a_moment_is_taken_to_utc(read):
    (draft,) = read({"text": "x", "published_at": "2025-07-04T01:30:00+02:00"})
    assert draft.published_at == datetime(2025, 7, 3, 23, 30, tzinfo=UTC)


def test_the_source_is_the_publisher(read):
    (draft,) = read({"text": "x", "source": "Sample Wire", "url": "https://example.org/1"})
    assert (draft.publisher, draft.url) == ("Sample Wire", "https://example.org/1")


def test_an_array_and_a_file_of_lines_hold_many(read):
    assert len(read([{"text": "a"}, {"text": "b"}])) == 2
    assert len(read(b'{"text": "a"}\n\n{"text": "b"}\n', "a.ndjson")) == 2


def test_a_bad_line_is_named_and_the_others_are_read(read):
    first, bad, last = read(b'{"text": "a"}\n{"text":\n{"text": "b"}\n', "a.jsonl")
    assert (first.text, last.text) == ("a", "b")
    assert isinstance(bad, BadArticle)
    assert "a.jsonl:2" in str(bad)


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({}, "text"),
        ({"text": None}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": 5}, "text"),
        ({"text": "x" * 1_000_001}, "text"),
        ({"text": "x\0y"}, "text"),
        ({"text": "x", "published_at": "yesterday"}, "published_at"),
        ({"text": "x", "published_at": "2025-02-30"}, "published_at"),
        ({"text": "x", "title": ["x"]}, "title"),
        ("text", ""),
        ([[]], ""),
    ],
)
def test_what_is_wrong_is_named_with_its_field(read, item, field):
    (found,) = read(item)
    assert isinstance(found, BadArticle)
    assert f"{field}: " in str(found)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"text": "\\ud800"}', b'{"a": 1, "a": 2}'])
def test_what_is_no_json_is_said_to_be_none(read, content):
    (found,) = read(content)
    assert isinstance(found, BadArticle)
