"""The linter of the frames: the seeds pass it, and each kind of mistake is found."""

import shutil
from pathlib import Path

import pytest

from entente.bootstrap.seeds import seed_directory
from entente.coding.frame_overlap import shadows
from entente.coding.lexicon import Frame
from entente.coding.linting import Complaint, lint, main


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    for folder in ("frames", "codebook"):
        shutil.copytree(seed_directory() / folder, tmp_path / folder)
    return tmp_path


def wrong(seeds: Path) -> list[Complaint]:
    return [complaint for complaint in lint(seeds) if complaint.wrong]


def append(seeds: Path, file: str, text: str) -> None:
    with (seeds / "frames" / file).open("a", encoding="utf-8") as opened:
        opened.write(f"\n{text}\n")


def test_no_entry_of_the_seeds_is_unreachable_doubled_or_unknown() -> None:
    assert not (found := wrong(seed_directory())), "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("file", "line", "entry", "problem"),
    [
        ("nouns.txt", "talks: embassy", "embassy", "as well"),
        ("nouns.txt", "teapot: teapot", "teapot", "no row"),
        ("defaults.txt", "recognise: praise", "praise", "as well"),
        ("defaults.txt", "teapot: brew", "teapot", "no such act"),
        ("defaults.txt", "recognise: brew_up_in_kettle", "brew_up_in_kettle", "can never match"),
        ("operators.toml", '[teapot]\nDO = "recognise"', "[teapot]", "no such class"),
        ("operators.toml", '[teapot]\nDO = "brew"', "[teapot] DO", "no act brew"),
        ("operators.toml", '[teapot]\nDO = "recognise/boiling"', "[teapot] DO", "no status boiling"),
        ("operators.toml", '[teapot]\nBREW = "recognise"', "BREW", "no verb and no noun"),
        ("taken_up.toml", 'teapot = ["recognise"]', "teapot", "no such act"),
        ("taken_up.toml", '[again.praise]\nBREW = "recognise"', "BREW", "no row"),
        ("frames.toml", '[[frame]]\nverb = "brew"\nact = "brew"', "brew → brew", "no act brew"),
        ("frames.toml", '[[frame]]\nverb = "brew"\nobject = "@teapot"\nact = "recognise"', "brew", "no class teapot"),
        ("frames.toml", '[[frame]]\nverb = "brew"\nstatus = "hot"\nact = "recognise"', "brew", "no status hot"),
        (
            "frames.toml",
            '[[frame]]\nverb = "brew"\nwords = "tea"\nwithout = "tea|milk"\nact = "recognise"',
            "brew",
            "can never fit",
        ),
        (
            "frames.toml",
            '[[frame]]\nverb = "brew"\nact = "recognise"\n[[frame]]\nverb = "brew"\nobject = "tea"\nact = "praise"',
            "brew → praise",
            "unreachable",
        ),
    ],
)
def test_a_mistake_is_found_where_it_stands(seeds: Path, file: str, line: str, entry: str, problem: str) -> None:
    append(seeds, file, line)
    assert any(c.file == file and entry in c.entry and problem in c.problem for c in wrong(seeds)), wrong(seeds)


def test_a_default_that_a_frame_always_takes_first_is_found(seeds: Path) -> None:
    append(seeds, "defaults.txt", "praise: brew")
    append(seeds, "frames.toml", '[[frame]]\nverb = "brew"\nact = "recognise"')
    assert any(c.entry == "brew" and "never counts" in c.problem for c in wrong(seeds))


def test_a_frame_without_a_sentence_is_a_warning_only(seeds: Path) -> None:
    append(seeds, "frames.toml", '[[frame]]\nverb = "brew"\nact = "recognise"')
    [complaint] = [c for c in lint(seeds) if "brew" in c.entry]
    assert "untested" in complaint.problem
    assert not complaint.wrong


def frame(verbs: str, act: str = "praise", **conditions: object) -> Frame:
    return Frame(act, frozenset(verbs.split()), **conditions)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (frame("cut"), frame("cut", objects=frozenset({"@aid"}))),
        (frame("cut", objects=frozenset({"@aid", "@trade"})), frame("cut", objects=frozenset({"@aid"}))),
        (frame("go", preps=("to/into:*",)), frame("go", preps=("to:@talks",))),
        (frame("go", words=frozenset({"war", "fight"})), frame("go", words=frozenset({"war"}))),
        (frame("go", without=frozenset({"war"})), frame("go", without=frozenset({"war", "fight"}))),
        (frame("go", subjects=frozenset({"MIL", "REB"})), frame("go", subjects=frozenset({"MIL"}))),
    ],
)
def test_a_frame_is_unreachable_after_one_that_asks_for_less(earlier: Frame, later: Frame) -> None:
    [shadow] = shadows([earlier, later])
    assert shadow.whole
    assert not list(shadows([later, earlier])) or shadow.later == 2


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (frame("cut", objects=frozenset({"@aid"})), frame("cut")),
        (frame("go", preps=("to:@talks",)), frame("go", preps=("to:*",))),
        (frame("go", words=frozenset({"war"})), frame("go", words=frozenset({"war", "fight"}))),
        (frame("go", without=frozenset({"war"})), frame("go")),
        (frame("cut"), frame("slash")),
    ],
)
def test_a_frame_is_reached_where_the_one_before_asks_for_more(earlier: Frame, later: Frame) -> None:
    assert not list(shadows([earlier, later]))


def test_a_frame_that_loses_only_some_of_its_objects_is_overlapped() -> None:
    pair = [frame("cut", objects=frozenset({"@aid"})), frame("cut", objects=frozenset({"@aid", "@trade"}))]
    [shadow] = shadows(pair)
    assert not shadow.whole
    assert shadow.pairs == (("cut", "@aid"),)


def test_the_command_fails_only_on_what_is_wrong(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(seeds)]) == 0
    append(seeds, "defaults.txt", "teapot: brew")
    assert main([str(seeds)]) == 1
    assert "error: defaults.txt: teapot: the codebook has no such act" in capsys.readouterr().out
