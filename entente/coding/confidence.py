"""How sure a finding is: points off for what is uncertain, read as a probability (seeds/frames/confidence.toml)."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from entente.coding.findings import Finding
from entente.coding.second_opinions import RULE


@dataclass(frozen=True, slots=True)
class Confidence:
    """Points of a finding, and the share that is right among findings of so many points (both rise together)."""

    full: float
    least: float
    deductions: Mapping[str, float]
    most_steps: int
    points: Sequence[float]
    right: Sequence[float]

    @classmethod
    def load(cls, path: Path) -> "Confidence":
        """Read the table. Raises ValueError if a column does not rise or the two differ in length."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        points, right = table["calibration"]["points"], table["calibration"]["right"]
        if len(points) != len(right) or any(a >= b for column in (points, right) for a, b in pairwise(column)):
            raise ValueError(f"{path.name}: points and right must be equally long, and both must rise")
        return cls(table["full"], table["least"], table["deductions"], table["steps"]["most"], points, right)

    def of(self, finding: Finding, dated: bool) -> float:
        """The probability, 0 to 1, that the finding is right. `dated`: it has a date that can be trusted."""
        return round(self.calibrated(self._points(finding, dated)), 4)

    def calibrated(self, points: float) -> float:
        """The share of findings with so many points that is right, interpolated between the steps of the table."""
        if points <= self.points[0]:
            return self.right[0]
        for (low, high), (below, above) in zip(pairwise(self.points), pairwise(self.right), strict=True):
            if points <= high:
                return below + (above - below) * (points - low) / (high - low)
        return self.right[-1]

    def _points(self, finding: Finding, dated: bool) -> float:
        alone = self._alone(finding, dated)
        if finding.seconded is None:
            return max(self.least, alone)
        # What the second reader confirms is no longer uncertain, however the frames came to it.
        less, doubt = self.deductions, 1 - finding.seconded
        own = less["settled"] if finding.rule.startswith(RULE) else (self.full - alone) * doubt
        return max(self.least, self.full - own - less["doubted"] * doubt)

    def _alone(self, finding: Finding, dated: bool) -> float:
        less = self.deductions
        points = self.full - less["step"] * min(finding.rank, self.most_steps)
        points -= less["nominal"] * finding.nominal
        points -= less["guessed"] * finding.fallback
        points -= less["carried"] * finding.carried
        points -= less["default_act"] * finding.rule.startswith("default")
        return points - less["undated"] * (not dated)
