"""Outside text on a terminal: nothing in it steers the terminal or reorders what is shown."""

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from entente.bootstrap.seeds import load_codebook
from entente.cli.api_keys import keys
from entente.cli.explaining import as_text
from entente.cli.main import main
from entente.cli.terminal import one_line, printable, printable_errors
from entente.relations.events import Span
from entente.services.articles import Coding
from entente.services.explanations import DecidedEvent, ExplainedPair, ExplainedSentence, Explanation, FoundActor
from entente.services.ports.feeds import Feed
from tests.unit.builders import mention

BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]
STEERING = [*range(0x20), *range(0x7F, 0xA0), *BIDI]

#: Any text, rich in what must not be printed; with lone surrogates, as names of files have them.
texts = st.text(st.characters() | st.characters(categories=["Cs"]) | st.sampled_from([chr(c) for c in STEERING]))


@given(texts)
def test_nothing_printed_is_a_control_or_bidi_character(text: str) -> None:
    for shown in (printable(text), one_line(text)):
        assert not {ord(c) for c in shown} & set(STEERING)
        assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
        shown.encode("utf-8")


@given(texts)
def test_what_is_printable_stays_printable(text: str) -> None:
    assert printable(printable(text)) == printable(text)


@pytest.mark.parametrize("code", STEERING)
def test_every_control_and_bidi_character_is_spelt_out(code: int) -> None:
    shown = printable(f"a{chr(code)}b")
    assert shown.startswith("a\\")
    assert shown.encode().decode("unicode_escape") == f"a{chr(code)}b"


@pytest.mark.parametrize(
    "text",
    [
        "«\u00a0Élysée\u00a0»",
        "می\u200cخواهم",
        "क्\u200dष",
        "日本は\u3000露を",
        "👩\u200d🚀",
        "العراق",
        "C:\\x1b",
        "café",
    ],
)
def test_what_languages_are_written_with_is_kept(text: str) -> None:
    assert printable(text) == text


def test_an_escape_sequence_is_spelt_out() -> None:
    assert printable("\x1b[31mred\x9b0m\r\x08\u202e") == r"\x1b[31mred\x9b0m\r\x08\u202e"
    assert one_line(" a\r\n\tb\x1b ") == r"a b\x1b"


def test_the_message_of_an_error_keeps_its_line_breaks_only() -> None:
    with pytest.raises(click.UsageError, match=r"\\x1b\[2J"), printable_errors():
        raise click.UsageError("no \x1b[2J\nbut \u202e")
    with pytest.raises(click.UsageError) as raised, printable_errors():
        raise click.UsageError("one\ntwo\r")
    assert raised.value.message == "one\ntwo\\r"


@pytest.mark.parametrize(
    "arguments",
    [
        ["\x1b[2J"],
        ["--\x1b[2J"],
        ["relation", "RUS", "AFG", "\x1b[2J"],
        ["relation", "RUS", "AFG", "--known-at", "\x1b[2J"],
        ["ingest", "\u202e\x1b[2J"],
        ["export", "\x1b[2J"],
    ],
)
def test_an_argument_is_not_repeated_raw(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "\\x1b[2J" in result.output
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output


def test_a_failure_of_a_command_is_not_repeated_raw(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise click.ClickException("a file says \x1b]0;owned\x07")

    monkeypatch.setattr("entente.cli.api_keys.open_container", fail)
    result = CliRunner().invoke(main, [keys.name or "", "list"])
    assert result.output == "Error: a file says \\x1b]0;owned\\x07\n"


@pytest.fixture
def failing_feed(monkeypatch: pytest.MonkeyPatch) -> Feed:
    now = datetime(2025, 7, 4, tzinfo=UTC)
    hostile = "\x1b]0;owned\x07 answered\r\nok \u202e"
    feed = Feed("f1", "https://a.example/\x9b2J", None, 900, True, now, now, last_error=hostile, failures=1)
    book = SimpleNamespace(list=lambda: [feed], poll=lambda _: None, get=lambda _: feed)
    monkeypatch.setattr("entente.cli.feeds.open_container", lambda: SimpleNamespace(feeds=book))
    return feed


@pytest.mark.parametrize("arguments", [["list"], ["poll", "f1"]])
def test_a_feeds_address_and_error_are_shown_printable(failing_feed: Feed, arguments: list[str]) -> None:
    shown = CliRunner().invoke(main, ["feeds", *arguments]).output

    assert shown.count("\n") == 1
    assert shown.rstrip("\n").isprintable()
    assert r"https://a.example/\x9b2J" in shown
    assert r"\x1b]0;owned\x07" in shown


def test_a_feed_is_listed_with_what_it_gave_and_why_it_fails(failing_feed: Feed) -> None:
    shown = CliRunner().invoke(main, ["feeds", "list"]).output

    assert "not polled yet, 0 articles, 1 failure, never read: " in shown


def test_json_for_programs_is_not_escaped_twice(failing_feed: Feed) -> None:
    (feed,) = json.loads(CliRunner().invoke(main, ["feeds", "list", "--json"]).output)
    assert feed["last_error"] == failing_feed.last_error


def test_an_explanation_shows_the_text_printable_in_its_own_colours() -> None:
    hostile = "Russia\x1b[2J\r\nattacked \u202e"
    event = replace(mention().event, trigger=Span("text", 0, 1, hostile))
    sentence = ExplainedSentence(
        "text",
        0,
        len(hostile),
        hostile,
        [FoundActor(0, 6, hostile, [hostile], "GOV", hostile, "party", 0.9)],
        [ExplainedPair(hostile, hostile, 0.5, [("attack", "effective", 0.5)], True)],
        [DecidedEvent(event, hostile, hostile, True)],
        hostile,
    )
    lines = list(as_text(Explanation(Coding("en", "1", [event], hostile), [sentence]), "plover", load_codebook()))

    plain = [click.unstyle(line) for line in lines]
    assert plain[0] == r"Russia\x1b[2J attacked \u202e"
    assert [line for line in plain if not line.isprintable()] == []
    assert lines[0].startswith("\x1b[1m")
