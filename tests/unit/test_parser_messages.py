"""What a process and its parser say to each other, and what is no answer."""

import json
import socket
import time
from datetime import UTC, date, datetime

import pytest

from entente.services.ports.fetching import FeedDocument, FeedEntry, Fetched, FetchedPage, FetchFailed
from entente.web.parser import frames, messages
from entente.web.parser.messages import FEED, PAGE

URL = "https://news.example/a"
ARTICLE = FetchedPage(URL, "Kenya recognised Kosovo. \u2028\ud800", "Title", date(2025, 7, 1), "en")
NINE = datetime(2025, 7, 1, 9, tzinfo=UTC)
ITEMS = FeedDocument((FeedEntry(URL, None, NINE, "text", "id", NINE, True), FeedEntry(None)), (URL,), 3)


def test_a_request_arrives_as_it_was_sent() -> None:
    fetched = Fetched(URL, "text/html", b"<p>\xff", "latin-1")

    assert messages.read_head(messages.head(PAGE, fetched), fetched.body) == ("page", fetched)


def test_an_answer_arrives_as_it_was_sent() -> None:
    assert messages.read_answer(messages.answer(ARTICLE, worn=False), PAGE).content == ARTICLE
    assert messages.read_answer(messages.answer(ITEMS, worn=True), FEED).content == ITEMS
    assert messages.read_answer(messages.answer(ITEMS, worn=True), FEED).worn


@pytest.mark.parametrize("final", [True, False])
def test_a_failure_arrives_with_whether_it_is_final(final: bool) -> None:
    failed = messages.read_answer(messages.answer(FetchFailed("no article", final=final), worn=False), PAGE).failed

    assert failed is not None
    assert (str(failed), failed.final) == ("no article", final)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b"[]",
        b"{}",
        json.dumps({"worn": False}).encode(),
        json.dumps({"worn": False, "content": None}).encode(),
        json.dumps({"worn": False, "content": [1]}).encode(),
        json.dumps({"worn": False, "content": {"url": URL, "text": ["no text"]}}).encode(),
        json.dumps({"worn": False, "failed": {"reason": 7, "final": True}}).encode(),
        messages.answer(ARTICLE, worn=False).replace(b"2025-07-01", b"2025-13-01"),
        messages.answer(ITEMS, worn=False),
    ],
)
def test_what_is_no_answer_is_refused(said: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        messages.read_answer(said, PAGE)


def test_a_reason_that_the_ledger_could_not_store_is_mended() -> None:
    said = json.dumps({"worn": False, "failed": {"reason": "a\0b\ud800", "final": True}}).encode()

    assert str(messages.read_answer(said, PAGE).failed) == "a\ufffdb?"


def test_a_frame_that_announces_too_much_is_refused_before_it_is_read() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"\xff\xff\xff\xff")

        with pytest.raises(ValueError, match="longer than"):
            frames.receive(ours, 1_000)


def test_half_a_frame_ends_at_the_deadline_and_at_the_hang_up() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        theirs.sendall(b"\0\0\0\5abc")

        with pytest.raises(TimeoutError):
            frames.receive(ours, 1_000, time.monotonic() + 0.05)
        theirs.close()
        with pytest.raises(EOFError):
            frames.receive(ours, 1_000, time.monotonic() + 5)


def test_a_frame_that_nobody_takes_ends_at_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError):
        frames.send(ours, bytes(10_000_000), time.monotonic() + 0.05)
