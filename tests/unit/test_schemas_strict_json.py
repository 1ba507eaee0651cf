"""Strict JSON: ambiguous, deeply nested or unstorable input is refused."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.strict_json import MAX_DEPTH, MAX_INTEGER, MAX_MEMBERS, BadJson, parse_json

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)


@given(PLAIN)
def test_what_is_plain_is_read_as_json_reads_it(value: Any) -> None:
    for ascii_only in (True, False):
        assert parse_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(BadJson):
        parse_json(body)


def test_nesting_is_bounded_where_it_is_read_and_where_it_breaks_the_reader() -> None:
    parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    for depth in (MAX_DEPTH + 1, 500, 990, 5_000, 1_000_000):
        with pytest.raises(BadJson, match="levels deep"):
            parse_json(b"[" * depth + b"]" * depth)


def test_the_largest_whole_numbers_are_those_that_every_reader_keeps() -> None:
    assert parse_json(str(MAX_INTEGER).encode()) == MAX_INTEGER
    assert parse_json(str(-MAX_INTEGER).encode()) == -MAX_INTEGER
    for number in (MAX_INTEGER + 1, -MAX_INTEGER - 1, 2**70, int("9" * 4000)):
        with pytest.raises(BadJson, match="too large"):
            parse_json(str(number).encode())
    with pytest.raises(BadJson, match="too large"):
        parse_json(b"9" * 100_000)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"a": {"b": ["x", "\\u0000"]}}', "a.b.1"),
        (b'{"a": "\\ud800"}', "a"),
        (b'["\\udfff\\ud800"]', "0"),
        (b'{"a": {"b\\u0000": 1}}', "a"),
        (b'{"a": 1, "b": 2, "a": 3}', "a"),
        (b'{"x": {"\\ud800": 1, "\\ud800": 1}}', "?"),
    ],
)
def test_what_can_not_be_stored_is_refused_by_name(body: bytes, field: str) -> None:
    with pytest.raises(BadJson) as refused:
        parse_json(body)

    assert refused.value.field == field
    assert not refused.value.is_syntax


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert parse_json(b'"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize(
    "body",
    [
        b'{"' + b"k" * 1_000_000 + b'": [' + b"0," * 1_000_000 + b"0]}",
        b"{" + b",".join(b'"%d": 0' % n for n in range(300_000)) + b', "0": 1}',
        b"[" + b"[]," * 1_000_000 + b"[]]",
        b"0." + b"9" * 3_000_000,
        b'"' + b"\\ud83d\\ude00" * 300_000 + b'"',
    ],
    ids=["a long name over many members", "many names, one twice", "a million lists", "a long fraction", "escapes"],
)
def test_a_body_of_four_megabytes_is_read_or_refused_in_good_time(body: bytes) -> None:
    started = time.monotonic()

    with suppress(BadJson):
        parse_json(body)

    assert time.monotonic() - started < 20


@pytest.mark.parametrize("element", ["[]", "{}", "1", '""', '"\\\\"', '"a,b"', '[{"a":1}]'])
def test_elements_count_like_members_and_are_counted_before_one_is_made(element: str) -> None:
    parse_json(f'{{"a": [{",".join([element] * 5000)}]}}'.encode())
    with pytest.raises(BadJson, match="more than 20,000 members"):
        # Not closed: refused before anything finds that out.
        parse_json(f'{{"a": [{",".join([element] * 20_001)}'.encode())


def test_commas_and_braces_of_a_text_are_no_members() -> None:
    text = 'He said: "a, {b}, [c]"\\, ' * 10_000

    assert parse_json(json.dumps({"text": text}).encode()) == {"text": text}


def test_members_are_counted_while_the_body_is_read() -> None:
    parse_json(json.dumps({"items": [{"a": i} for i in range(1000)]}).encode())
    many = b"{" + b",".join(b'"m%d":0' % i for i in range(MAX_MEMBERS + 1)) + b"}"
    with pytest.raises(BadJson, match="more than 20,000 members"):
        parse_json(many)
