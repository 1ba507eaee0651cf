"""The coder handles every text within limits of time and memory, and never raises."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.coding.dates.phrases import phrases
from entente.coding.text import cleaning
from entente.services.articles import Coding, Document, GivenActor
from entente.services.ports.coder import Coder
from tests.strange_texts import COUNTRIES, EXTREMES, NEWS, mutilated

REASONS = {None, "language", "notice", "no_actors", "no_events"}
COMMAND = (sys.executable, "-c", "from entente.cli.main import main; main()", "code", "--jsonl")

SECONDS, MEGABYTES = 10, 600

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Container(Settings(data_dir=Path("unused"), database_url="sqlite://")).coder


def hold(coding: Coding, document: Document) -> None:
    """Every answer says why it holds no event, and quotes what the text says where it says it."""
    assert coding.reason in REASONS
    assert bool(coding.events) is (coding.reason is None)
    for event in coding.events:
        for span in (event.quote, event.trigger):
            field = document.text if span.field == "text" else document.title or ""
            assert field[span.start : span.end] == span.text
            assert span.text
        assert event.quote.start <= event.trigger.start < event.trigger.end <= event.quote.end
        assert 0 < event.confidence <= 1
        assert event.source.entity != event.target.entity


WORDS = st.sampled_from(
    [*COUNTRIES, "sanctions on", "attacked", "said", "that", "not", "the", "of", "\n\n", ".", "”", "“"]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=60).map(" ".join),
    st.integers(0, 2**32).map(lambda seed: mutilated(random.Random(seed))),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, title=st.none() | st.text(max_size=60), day=st.none() | st.dates())
def test_any_text_is_answered(coder: Coder, text: str, title: str | None, day: date | None) -> None:
    document = Document(NEWS + text, title, day)
    hold(coder.code(document), document)


@settings(max_examples=50, deadline=None)
@given(text=TEXTS.filter(bool), spans=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 400)), max_size=5))
def test_any_text_with_any_actors_given_is_answered(coder: Coder, text: str, spans: list[tuple[int, int]]) -> None:
    actors = tuple(
        GivenActor(start, min(start + length, len(text)), f"E{number}")
        for number, (start, length) in enumerate(spans)
        if start < len(text)
    )
    document = Document(text, None, date(2024, 5, 15), actors)
    hold(coder.code(document), document)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200) | st.integers(0, 2**32).map(lambda seed: mutilated(random.Random(seed))))
def test_blanking_markup_keeps_every_offset(text: str) -> None:
    assert len(cleaning.blank_markup(text)) == len(text)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29), None])
def test_dates_beyond_the_calendar_are_no_dates(day: date | None) -> None:
    text = "99 decades ago, last Monday, next year, 31 February 0000, 9999-12-31, next December, tomorrow"
    for phrase in phrases(text, 0, day, None):
        assert phrase.period is None or 1 <= phrase.period.first.year <= 9999


@pytest.fixture(scope="module")
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A coder in a process of its own, whose memory is only its own."""
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=30) in (0, 1)


def ask(child: subprocess.Popen[bytes], text: str) -> tuple[dict[str, object], float]:
    assert child.stdin is not None
    assert child.stdout is not None
    started = time.monotonic()
    child.stdin.write(json.dumps({"id": "x", "text": text, "published_at": "2024-05-15"}).encode() + b"\n")
    child.stdin.flush()
    return json.loads(child.stdout.readline()), time.monotonic() - started


def test_the_child_is_warm(child: subprocess.Popen[bytes]) -> None:
    assert ask(child, NEWS)[0]["events"]


@pytest.mark.parametrize("name", EXTREMES)
def test_an_extreme_text_is_answered_in_time_and_memory(child: subprocess.Popen[bytes], name: str) -> None:
    answer, seconds = ask(child, EXTREMES[name])
    assert answer.get("reason") in REASONS
    assert "events" in answer or "lone surrogate" in str(answer["error"])
    assert seconds < SECONDS
    status = Path(f"/proc/{child.pid}/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        assert int(peak.split()[1]) / 1024 < MEGABYTES


def test_a_quotation_mark_before_an_actor_is_no_institution(coder: Coder) -> None:
    coder.code(Document("The “ of Russia said that the army of Peru had left.", None, date(2024, 5, 4)))
