"""Reading files for `entente ingest`: their kinds, encodings, columns and errors."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.cli.files.articles import ArticleFiles
from entente.cli.files.columns import Columns
from entente.cli.files.dates import read_moment
from entente.cli.files.errors import BadArticle, NotAnArticle
from entente.cli.files.places import exists, places
from entente.services.articles import ArticleDraft
from entente.web.parser.lanes import Parsers
from entente.web.parser.readers import BoundedFiles
from tests import sample_files


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


TEXT = "Norway recognised Palestine as a state on Tuesday. Israel recalled its envoy from Oslo."


def test_a_text_is_an_article_of_the_publisher_and_day_that_the_user_names(read):
    columns = Columns({"source": "Sample Wire", "published_at": "28 May 2024"})
    (draft,) = read(f"  {TEXT}\n".encode(), "a.txt", columns)
    assert (draft.text, draft.publisher, draft.published_at) == (TEXT, "Sample Wire", datetime(2024, 5, 28, tzinfo=UTC))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_a_text_is_read_in_the_encoding_that_it_has(read, encoding):
    text = f"“{TEXT}” – said Mr Støre, the prime minister, in Orléans. The café owners’ union protested on Friday."
    (draft,) = read(text.encode(encoding), "a.txt")
    assert draft.text == text


def test_an_encoding_that_the_user_names_is_used(read):
    (draft,) = read("Größe".encode("cp850"), "a.txt", encoding="cp850")
    assert draft.text == "Größe"


def test_a_page_gives_its_text_title_day_and_address(read):
    (draft,) = read(sample_files.HTML.encode(), "saved")
    assert draft.text.splitlines()[-1] == sample_files.LINES[-1]
    assert (draft.title, draft.url, draft.publisher, draft.dated_on(datetime.now(UTC))) == (
        sample_files.TITLE,
        "https://news.example/norway",
        "news.example",
        date(2024, 5, 28),
    )


@pytest.mark.parametrize("html", [False, True])
@pytest.mark.parametrize("name", ["a.eml", "a.txt"])
def test_a_mail_gives_its_text_subject_senders_domain_and_the_senders_day(read, name, html):
    (draft,) = read(sample_files.mail(html), name)
    assert sample_files.LINES[-1] in draft.text
    assert (draft.title, draft.publisher) == (sample_files.TITLE, "wire.example")
    assert draft.dated_on(datetime.now(UTC)) == date(2024, 5, 28)


def test_a_word_document_gives_its_paragraphs_tables_and_title(read):
    (draft,) = read(sample_files.word(), "a.bin")
    assert draft.text.split("\n\n") == [*sample_files.LINES, "In a table."]
    assert draft.title == sample_files.TITLE


def test_a_pdf_gives_the_paragraphs_of_its_text_layer(read):
    lines = (
        "A heading",
        "Norway recognised Palestine as a",
        "state on Tuesday, its for-",
        "eign ministry said.",
        "Rain.",
    )
    (draft,) = read(sample_files.pdf(*lines), "a.pdf")
    assert draft.text.split("\n\n") == [
        "A heading",
        "Norway recognised Palestine as a state on Tuesday, its foreign ministry said.",
        "Rain.",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (lambda: sample_files.pdf(), "no text layer"),
        (lambda: b"%PDF-1.4\n" + b"x" * 500, "damaged"),
        (lambda: sample_files.word()[:-60], "damaged"),
        (lambda: sample_files.bomb(), "file_too_complex"),
        (lambda: b"<html><body></body></html>", "no article on the page"),
        (lambda: b"PK\x03\x04" + b"\0" * 90, "damaged"),
        (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0" + bytes(range(256)) * 9, "encoding"),
        (lambda: b"\x1f\x8b\x08" + b"\0" * 90, "unpack"),
        (lambda: b"  \n", "empty"),
        (lambda: b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "entente feeds add"),
    ],
)
def test_what_has_no_text_is_refused_with_the_reason(read, content, told):
    (found,) = read(content(), "a")
    assert isinstance(found, BadArticle)
    assert told in str(found)


def test_columns_are_found_by_their_usual_names(read):
    rows = f'Headline;Body;Date;Link;Outlet\nA title;"{TEXT}\nMore.";15.10.2025;https://news.example/1;Herald\n'
    (draft,) = read(rows.encode("utf-8-sig"), "a.csv")
    assert (draft.title, draft.text, draft.publisher, draft.url) == (
        "A title",
        f"{TEXT}\nMore.",
        "Herald",
        "https://news.example/1",
    )
    assert draft.published_at == datetime(2025, 10, 15, tzinfo=UTC)


def test_columns_that_the_user_names_come_first_and_a_table_needs_no_suffix(read):
    columns = Columns({"text": "Story words", "published_at": "day", "source": "Sample Wire", "title": "t"})
    tsv = f"text\tstory_words\tt\tday\nwrong\t{TEXT}\tA title\tOctober 15, 2025\n"
    (draft,) = read(tsv.encode(), "a", columns)
    assert (draft.text, draft.publisher, draft.published_at) == (
        TEXT,
        "Sample Wire",
        datetime(2025, 10, 15, tzinfo=UTC),
    )


def test_members_of_json_are_found_as_columns_are(read):
    columns = Columns({"text": "story"})
    (draft,) = read({"story": TEXT, "headline": "A title", "publishedAt": "2025-10-15T23:00:00-05:00"}, columns=columns)
    assert (draft.text, draft.title, draft.dated_on(datetime.now(UTC))) == (TEXT, "A title", date(2025, 10, 15))


def test_a_row_that_cannot_be_taken_is_named_and_the_others_are_read(read):
    first, blank, undated, last = read(b"text,date\na,2025-07-01\n,2025-07-01\nb,soon\nc,\n", "a.csv")
    assert (first.text, last.text, last.published_at) == ("a", "c", None)
    assert "a.csv:3" in str(blank)
    assert "a.csv:4: published_at: " in str(undated)


@pytest.mark.parametrize(
    ("content", "columns", "told"),
    [
        (b"a,b\n1,2\n", Columns(), "--text COLUMN; there are: a, b"),
        (b"text,b\n1,2\n", Columns({"text": "words"}), "'words'; there are: text, b"),
    ],
)
def test_a_table_without_its_column_is_refused_with_the_columns_that_there_are(read, content, columns, told):
    (found,) = read(content, "a.csv", columns)
    assert told in str(found)


GDELT = ["410412347", "20130701", "201307", "2013", "2013.4959"] + ["x"] * 53
ACLED = "event_id_cnty,event_date,year,disorder_type,event_type,sub_event_type,notes\nUKR1,16 May 2025,2025,a,b,c,d\n"


@pytest.mark.parametrize(
    ("content", "command"),
    [
        ("\t".join(GDELT) + "\n", "entente import gdelt "),
        ("\t".join([*GDELT, "a", "b", "c"]) + "\n", "entente import gdelt "),
        ("\t".join(["41", "20250703120000", "20250703121500", *["x"] * 13]) + "\n", "entente import gdelt-mentions "),
        (ACLED, "entente import acled "),
        ("Event ID\tEvent Date\tSource Name\tSource Country\tTarget Country\tCAMEO Code\n1\n", "entente import icews "),
        ("Event ID\tEvent Type\tEvent Mode\tQuad Code\n1\n", "entente import polecat "),
        ("id,relid,year,type_of_violence,side_a,side_b,gwnoa,gwnob\n1\n", "entente import ucdp "),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_event_data_is_recognised_and_the_command_that_imports_it_named(read, content, command, name):
    (found,) = read(content.encode(), name)
    assert isinstance(found, NotAnArticle)
    assert command in str(found)
    assert str(found).endswith(name)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2025-10-15", "2025-10-15"),
        ("20251015", "2025-10-15"),
        ("15/10/2025", "2025-10-15"),
        ("10/15/2025 18:30", "2025-10-15T18:30:00+00:00"),
        ("3.4.2025", "2025-04-03"),
        ("October 15, 2025", "2025-10-15"),
        ("15 Oct 2025", "2025-10-15"),
        ("Wed, 15 Oct 2025 22:00:00 -0400", "2025-10-15T22:00:00-04:00"),
        ("2025-10-15 22:00:00+0200", "2025-10-15T22:00:00+02:00"),
        ("1760565600", "2025-10-15T22:00:00+00:00"),
        ("16 May 2025", "2025-05-16"),
        ("3/4/2025", None),
        ("May 2025", None),
        ("yesterday", None),
        ("2025-02-30", None),
        ("31/31/2025", None),
        ("", None),
        ("7", None),
    ],
)
def test_dates_are_read_as_people_write_them_and_never_guessed(written, read_as):
    assert read_moment(written) == read_as


def test_the_order_of_day_and_month_can_be_told():
    assert (read_moment("3/4/2025", "dmy"), read_moment("3/4/2025", "mdy")) == ("2025-04-03", "2025-03-04")


def test_a_directory_gives_every_file_below_it_but_hidden_ones(tmp_path):
    for name in ("b/two.txt", "b/.hidden", ".git/config", "one.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = places([str(tmp_path)])
    assert [place.name.removeprefix(f"{tmp_path}/") for place in found] == ["b/two.txt", "one.json"]
    assert all(place.listed for place in found)


def test_a_pattern_gives_the_files_that_match(tmp_path):
    for name in ("a.txt", "b.txt", "c.md"):
        (tmp_path / name).write_text("x")
    assert [place.name for place in places([f"{tmp_path}/*.txt"])] == [f"{tmp_path}/a.txt", f"{tmp_path}/b.txt"]
    assert not exists(f"{tmp_path}/*.pdf")


@given(st.binary(max_size=400), st.sampled_from(["a", "a.csv", "a.json", "a.ndjson", "a.txt", "a.tsv"]))
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_is_an_article_or_refused(read, content, name):
    for found in read(content, name):
        assert isinstance(found, BadArticle | ArticleDraft)


@given(st.text(max_size=60), st.sampled_from([None, "dmy", "mdy"]))
def test_any_text_is_a_date_or_none(text, order):
    found = read_moment(text, order)
    assert found is None or datetime.fromisoformat(found)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_quotation_mark_that_is_not_closed_is_named_by_its_line_and_swallows_nothing_silently(read, end):
    lines = ["title,text", "A,first", '"B,second', "C,third", '"D, E",fourth']

    first, error = read(end.join(lines).encode(), "a.csv")

    assert first.text == "first"
    assert isinstance(error, BadArticle)
    assert (error.place.rpartition(":")[2], error.reason) == ("3", "a quotation mark is not closed")
    assert "close it, or write it twice" in error.detail
    assert "read up to here" in error.detail


def test_a_mark_that_is_not_closed_in_the_last_line_or_the_header_is_told_of_too(read):
    _, error = read(b'title,text\nA,first\nB,"second', "a.csv")
    (header,) = read(b'title,"text\nA,first\nB,second\n', "b.csv")

    assert error.place.endswith("a.csv:3")
    assert isinstance(header, BadArticle)
    assert header.place.endswith("b.csv:1")


def test_texts_of_many_lines_and_words_in_marks_are_read_as_they_are(read):
    drafts = read(b'title,text\n"A","one\n\n""two"" says\nthree"\nB,"said "x" there"\n', "a.csv")

    assert [draft.text for draft in drafts] == ['one\n\n"two" says\nthree', 'said x" there"']
