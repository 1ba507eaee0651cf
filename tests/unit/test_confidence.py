"""Confidence: what is uncertain takes points away, and points are read as a probability."""

from pathlib import Path

import pytest

from entente.bootstrap.seeds import seed_directory
from entente.coding.confidence import Confidence

TABLE = seed_directory() / "frames" / "confidence.toml"
CONFIDENCE = Confidence.load(TABLE)


def test_a_step_of_the_table_is_read_as_it_stands() -> None:
    for points, right in zip(CONFIDENCE.points, CONFIDENCE.right, strict=True):
        assert CONFIDENCE.calibrated(points) == pytest.approx(right)


def test_between_two_steps_confidence_rises_with_the_points() -> None:
    read = [CONFIDENCE.calibrated(points / 100) for points in range(5, 91)]
    assert read == sorted(read)
    assert len(set(read)) == len(read), "two findings must not become equally sure"


def test_outside_the_table_the_outermost_steps_hold() -> None:
    assert CONFIDENCE.calibrated(0.0) == CONFIDENCE.right[0]
    assert CONFIDENCE.calibrated(1.0) == CONFIDENCE.right[-1]


def test_every_step_is_a_probability() -> None:
    assert all(0 < right < 1 for right in CONFIDENCE.right)


@pytest.mark.parametrize(("old", "new"), [("0.93]", "0.90]"), (", 0.93]", "]")])
def test_a_table_that_does_not_rise_or_is_too_short_is_refused(tmp_path: Path, old: str, new: str) -> None:
    broken = tmp_path / "confidence.toml"
    broken.write_text(TABLE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=r"confidence\.toml"):
        Confidence.load(broken)
