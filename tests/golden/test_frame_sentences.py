"""The sentences beside the frames, and the table of examples, as tests of the data that they stand beside."""

import csv
from datetime import date
from pathlib import Path

import pytest

from entente.bootstrap.container import Container
from entente.bootstrap.seeds import seed_directory
from entente.bootstrap.settings import Settings
from entente.coding.lexicon import Lexicon
from entente.relations.events import CodedEvent
from entente.services.articles import Document
from entente.services.ports import Coder

FRAMES = seed_directory() / "frames"
LEXICON = Lexicon.load(FRAMES)


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Container(Settings(data_dir=Path("unused"), database_url="sqlite://")).coder


def events_of(coder: Coder, sentence: str) -> list[CodedEvent]:
    return list(coder.code(Document(sentence, None, date(2024, 5, 15))).events)


@pytest.mark.parametrize(
    ("sentence", "act"), [pytest.param(s, frame.act, id=s[:60]) for frame in LEXICON.frames for s in frame.must]
)
def test_a_sentence_that_a_frame_must_match_gives_its_act(coder: Coder, sentence: str, act: str) -> None:
    assert act in {event.act for event in events_of(coder, sentence)}


@pytest.mark.parametrize(
    ("sentence", "act"), [pytest.param(s, frame.act, id=s[:60]) for frame in LEXICON.frames for s in frame.must_not]
)
def test_a_sentence_that_a_frame_must_not_match_gives_another_act_or_none(
    coder: Coder, sentence: str, act: str
) -> None:
    assert act not in {event.act for event in events_of(coder, sentence)}


def expected() -> dict[str, set[tuple[str, str, str, str]]]:
    found: dict[str, set[tuple[str, str, str, str]]] = {}
    with (FRAMES / "examples.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            events = found.setdefault(row["sentence"], set())
            if row["act"]:
                events.add((row["source"], row["act"], row["status"], row["target"]))
    return found


@pytest.mark.parametrize(("sentence", "events"), [pytest.param(s, e, id=s[:60]) for s, e in expected().items()])
def test_an_example_sentence_gives_the_events_beside_it(
    coder: Coder, sentence: str, events: set[tuple[str, str, str, str]]
) -> None:
    told = [e for e in events_of(coder, sentence) if e.status != "hypothetical"]
    found = {(e.source.entity, e.act, e.status, e.target.entity) for e in told}
    assert events <= found if events else not found
