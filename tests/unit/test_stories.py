"""The labelled stories: well formed, enough of them, and apart from what is taught."""

import copy
import json
import re
import runpy
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from entente.cli.bench.labelled import read

TRAINING = Path(__file__).parents[2] / "training"
STORIES = sorted((TRAINING / "stories").glob("*.json"))

faults: Callable[[Any, str], Iterable[str]] = runpy.run_path(str(TRAINING / "check_stories.py"))["faults"]


@pytest.fixture
def story() -> Any:
    """A story without a fault, to be spoilt."""
    return copy.deepcopy(json.loads((TRAINING / "stories" / "tune-01.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_names_only_articles_countries_and_values_that_exist(path: Path) -> None:
    assert list(faults(json.loads(path.read_text(encoding="utf-8")), path.stem)) == []


@pytest.mark.parametrize("path", sorted((TRAINING / "stories" / "again").glob("*.json")), ids=lambda path: path.stem)
def test_a_second_reading_has_the_days_of_its_story_and_only_values_that_exist(path: Path) -> None:
    story = json.loads((TRAINING / "stories" / path.name).read_text(encoding="utf-8"))
    again = json.loads(path.read_text(encoding="utf-8"))
    assert [state["as_of"] for state in again["states"]] == [state["as_of"] for state in story["states"]]
    assert list(faults({**story, **again}, path.stem)) == []


def test_there_are_enough_stories_to_publish_figures_of_and_others_to_choose_by() -> None:
    names = [path.stem for path in STORIES]
    assert len([name for name in names if re.fullmatch(r"sealed-\d\d", name)]) >= 20
    assert len([name for name in names if re.fullmatch(r"tune-\d\d", name)]) >= 8


def test_no_sentence_of_a_story_is_among_the_labelled_texts() -> None:
    # `again-*` label the sealed passages once more and hold no text.
    paths = [p for p in (TRAINING / "passages").glob("*.jsonl") if not p.stem.startswith("again")]
    texts = [text for path in paths for text in read(path)]
    lines = {line for text in texts for line in text.lines if len(line) > 40}
    told = [a["text"] for path in STORIES for a in json.loads(path.read_text(encoding="utf-8"))["articles"]]
    sentences = {sentence for text in told for sentence in re.split(r"(?<=[.!?\"])\s+", text)}
    assert not lines & sentences


@pytest.mark.parametrize(
    ("field", "wrong", "fault"),
    [
        ("source", "XXZ", "XXZ is no country or organisation"),
        ("source", "POLISARIO", "POLISARIO is no country or organisation"),
        ("facet", "friendship", "no such facet: friendship"),
        ("value", "loved", "no such value: loved"),
        ("item", "arms", "no such item: arms"),
        ("standing", "hoped", "no such standing: hoped"),
        ("article", "a3", "a3 was not published by then"),
        ("article", "a9", "a9 was not published by then"),
        ("value", "de_facto", "no act gives that value that standing (pending)"),
    ],
)
def test_a_wrong_value_is_named(story: Any, field: str, wrong: str, fault: str) -> None:
    story["states"][0]["values"][0][field] = wrong
    assert any(fault in found for found in faults(story, "tune-01"))


def test_two_values_of_one_track_are_refused(story: Any) -> None:
    values = story["states"][1]["values"]
    values.append({**values[0], "value": "recognised"})
    assert any("two values hold: ZMB ESH recognition held" in found for found in faults(story, "tune-01"))


def test_a_shared_facet_is_listed_once_in_alphabetical_order(story: Any) -> None:
    value = {"source": "ZMB", "target": "MAR", "facet": "relations", "item": "", "value": "established"}
    story["states"][4]["values"].append({**value, "standing": "held", "article": "a1"})
    assert any("not in alphabetical order" in found for found in faults(story, "tune-01"))


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda s: s["articles"].pop(), "4 articles; 5 to 10 are a story"),
        (lambda s: s["articles"].reverse(), "the articles are not numbered a1, a2"),
        (lambda s: s["articles"][0].update(published_at="2024-12-01"), "published_at goes back"),
        (lambda s: s["articles"][0].update(published_at="May 2024"), "published_at May 2024 is no day"),
        (lambda s: s["articles"][0].update(published_at="2018-05-20"), "is outside 2019 to 2027"),
        (lambda s: s["articles"][0].update(text="Too short."), "a1 has 2 words"),
        (lambda s: s["articles"][0].update(title=""), "an article has no title"),
        (lambda s: [article.update(publisher="MAP") for article in s["articles"]], "all publishers have one owner"),
        (lambda s: s["states"].pop(), "4 dates with states"),
        (lambda s: s["states"][4].update(as_of="2024-11-30"), "the last date, 2024-11-30, is before the last article"),
        (lambda s: s["states"][0].update(seen="yes"), "a state has the fields as_of, values"),
        (lambda s: s.pop("title"), "a story has the fields"),
        (lambda s: s.update(id="tune-02"), "its id is tune-02, its file's name tune-01"),
    ],
)
def test_a_fault_of_a_story_is_named(story: Any, spoil: Callable[[Any], Any], fault: str) -> None:
    spoil(story)
    assert any(fault in found for found in faults(story, "tune-01"))
