"""Judging shown values against a careful reader's, and which rates are published."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from entente.bootstrap.seeds import load_codebook
from entente.cli.bench.archives import Read, Shown
from entente.cli.bench.judgements import Judgement, as_shown, had_shown, judge, not_right, shown_right
from entente.cli.bench.rates import inserted
from entente.cli.bench.states import figures, stories_of, worst
from entente.cli.bench.stories import Reading, Story, Track, read_again
from entente.cli.main import main
from entente.relations.reliability import ALL, CodingRates, Rate, Reliability, ValueRates

RECOGNITION: Track = ("RUS", "AFG", "recognition", "", "held")
ARMS: Track = ("RUS", "AFG", "sanctions", "arms", "held")


def read(day: int, reader: Mapping[Track, str], shown: Mapping[Track, str], unsure: Mapping[Track, str]) -> Read:
    reading = Reading(date(2025, 7, day), dict(reader), dict.fromkeys(reader, "a1"))
    return Read(
        reading,
        {track: Shown(value, False, [f"“{value}”"]) for track, value in shown.items()},
        {track: Shown(value, False, [f"“{value}”"]) for track, value in unsure.items()},
    )


def judged(*days: tuple[Mapping[Track, str], Mapping[Track, str]], story: str = "tune-01") -> list[Judgement]:
    reads = [read(number, reader, shown, {}) for number, (reader, shown) in enumerate(days, 1)]
    return list(judge(Story(story, [], []), reads))


@pytest.mark.parametrize(
    ("days", "kinds"),
    [
        ([({ARMS: "in_force"}, {ARMS: "in_force"})], ["right"]),
        ([({ARMS: "lifted"}, {ARMS: "in_force"})], ["wrong"]),
        ([({}, {ARMS: "in_force"})], ["extra"]),
        ([({ARMS: "in_force"}, {})], ["missing"]),
        ([({ARMS: "in_force"}, {ARMS: "in_force"}), ({ARMS: "lifted"}, {ARMS: "in_force"})], ["right", "stale"]),
        ([({ARMS: "in_force"}, {}), ({}, {ARMS: "in_force"})], ["missing", "stale"]),
        # It is not yet stale on the day on which it holds no longer and never did before.
        ([({}, {ARMS: "in_force"}), ({ARMS: "in_force"}, {ARMS: "in_force"})], ["extra", "right"]),
        # The value of another item is no value of this one.
        ([({ARMS: "in_force"}, {(*ARMS[:3], "travel_ban", "held"): "in_force"})], ["extra", "missing"]),
    ],
)
def test_a_value_is_right_wrong_stale_extra_or_missing(
    days: Sequence[tuple[Mapping[Track, str], Mapping[Track, str]]], kinds: Sequence[str]
) -> None:
    assert [j.kind for j in judged(*days)] == kinds


def test_an_unconfirmed_value_is_not_shown_and_is_named_beside_the_missing_one() -> None:
    unsure = {(*ARMS[:4], "unconfirmed"): "in_force"}
    [judgement] = judge(Story("tune-01", [], []), [read(1, {ARMS: "in_force"}, {}, unsure)])

    assert (judgement.kind, judgement.told_by) == ("missing", "a1")
    assert shown_right([judgement]).n == 0
    assert "unconfirmed: “in_force”" in "\n".join(worst([judgement], 5))


def test_shares_are_of_what_is_shown_and_of_what_is_to_be_had() -> None:
    found = judged(({ARMS: "in_force", RECOGNITION: "recognised"}, {ARMS: "in_force"}), ({}, {ARMS: "in_force"}))

    assert (shown_right(found).value, shown_right(found).n) == (0.5, 2)
    assert (had_shown(found).value, had_shown(found).n) == (0.5, 2)


def test_a_second_readers_values_are_judged_as_if_records_showed_them() -> None:
    reading = Reading(date(2025, 7, 1), {ARMS: "in_force", RECOGNITION: "recognised"}, {ARMS: "a1", RECOGNITION: "a1"})
    again = Reading(date(2025, 7, 1), {ARMS: "in_force", (*ARMS[:3], "travel_ban", "held"): "in_force"}, {})
    story = Story("tune-01", [], [reading])

    assert [j.kind for j in judge(story, as_shown(story, [again]))] == ["right", "extra", "missing"]


def test_errors_that_the_second_reader_makes_too_are_counted() -> None:
    ban = (*ARMS[:3], "travel_ban", "held")
    shown = {ARMS: "in_force", ban: "in_force", RECOGNITION: "recognised"}
    reader = {RECOGNITION: "recognised"}
    judgements = judged((reader, shown), (reader, shown)) + judged((reader, shown), story="tune-02")
    first = Reading(date(2025, 7, 1), {**reader, ARMS: "in_force"}, {})
    second = Reading(date(2025, 7, 2), {**reader, ARMS: "lifted"}, {})

    # On two days of the first story two values are not right. Nobody read the second again.
    assert not_right(judgements, [(Story("tune-01", [], []), [first, second])]) == [True, False, False, False]


def test_only_stories_that_a_second_reader_has_read_count_for_the_agreement(tmp_path: Path) -> None:
    value = {
        "source": "RUS",
        "target": "AFG",
        "facet": "sanctions",
        "item": "arms",
        "standing": "held",
        "article": "a1",
    }
    state = {"as_of": "2025-07-01", "values": [{**value, "value": "in_force"}]}
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "tune-02.json").write_text(json.dumps({"id": "tune-02", "states": [state]}), encoding="utf-8")
    stories = [Story("tune-01", [], []), Story("tune-02", [], [])]

    [(story, [reading])] = read_again(tmp_path, stories)

    assert (story.id, reading.as_of, reading.values) == ("tune-02", date(2025, 7, 1), {ARMS: "in_force"})


def test_a_start_after_the_last_story_is_refused_by_the_options_name() -> None:
    result = CliRunner().invoke(main, ["bench", "states", "--since", "tune-999"])

    assert result.exit_code == 2
    assert "--since: no tune story from tune-999 on" in result.output


def test_only_stories_from_a_name_on_are_measured() -> None:
    later = {story.id for story in stories_of("tune", "tune-19")}

    assert {"tune-19", "tune-99", "tune-100"} <= later
    assert {story.id for story in stories_of("tune")} - later == {f"tune-{n:02}" for n in range(1, 19)}


def test_the_interval_is_over_stories_and_not_over_their_values() -> None:
    right, wrong = ({ARMS: "in_force"}, {ARMS: "in_force"}), ({ARMS: "lifted"}, {ARMS: "in_force"})
    found = [*judged(*[right] * 5, story="tune-01"), *judged(*[wrong] * 5, story="tune-02")]

    assert shown_right(found).interval == (0.0, 1.0)


def test_what_is_shown_and_not_so_is_printed_before_what_is_missing() -> None:
    found = judged(({ARMS: "in_force", RECOGNITION: "recognised"}, {RECOGNITION: "withdrawn"}))
    lines = list(worst(found, 5))

    assert lines[0].startswith("wrong: tune-01, days 1: RUS AFG recognition held = withdrawn, reader: recognised")
    assert [line for line in lines if line.startswith("missing")] == [
        "missing: tune-01, days 1: RUS AFG sanctions arms held = in_force, told by a1"
    ]
    assert len(list(worst(found, 1))) == 2  # one error and its quote


def test_without_stories_the_figures_are_not_measured() -> None:
    [figure] = figures("tune", [], load_codebook())
    assert (figure.value, figure.met) == (None, None)


@pytest.mark.parametrize("wrong", [["states", "--sealed", "--errors", "3"], ["rates", "--tune", "--write"]])
def test_errors_of_sealed_stories_and_rates_of_tune_ones_are_not_told(wrong: Sequence[str]) -> None:
    result = CliRunner().invoke(main, ["bench", *wrong])
    assert (result.exit_code, "not to be read" in result.output or "are published" in result.output) == (2, True)


def test_the_tables_replace_what_stands_between_the_marks() -> None:
    few, many = Rate(None, 12), Rate(0.914, 70, (0.85, 0.96))
    measured = Reliability(
        "2026.8",
        "2026.3",
        160,
        28,
        facets={"trade": CodingRates(few, many)},
        values={ALL: ValueRates(many, few)},
    )
    document = "Before.\n<!-- rates: begin -->\nold\n<!-- rates: end -->\nAfter.\n"
    written = inserted(document, measured)

    assert "| trade | too few (12) | 0.914 [0.850–0.960], 70 |" in written
    assert "| all | 0.914 [0.850–0.960], 70 | too few (12) |" in written
    assert written.startswith("Before.\n")
    assert written.endswith("<!-- rates: end -->\nAfter.\n")
    assert "old" not in written
    assert inserted(written, measured) == written
