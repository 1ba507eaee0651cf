"""How sure an event is: what the network claims, read as how often such claims were right (weights/decisions.toml)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from entente.relations.codebook import HAPPENED
from entente.relations.events import PLANNED

#: No event is impossible.
_LEAST = 0.0001


@dataclass(frozen=True, slots=True)
class Calibration:
    """`right[i]` is the share of events right in parties, act and stage among those claimed with `claimed[i]`."""

    claimed: Sequence[float]
    right: Sequence[float]

    def __post_init__(self) -> None:
        """Raises ValueError if a column does not rise within 0–1, or the two differ in length."""
        columns = (self.claimed, self.right)
        rise = all(a < b for row in columns for a, b in pairwise((0.0, *row)))
        if len(self.claimed) != len(self.right) or not self.claimed or not rise or max(map(max, columns)) > 1:
            raise ValueError("calibration: claimed and right must be equally long and rise, above 0 and up to 1")

    def of(self, claimed: float) -> float:
        """The probability, 0 to 1, that an event claimed so is right: interpolated between the steps."""
        steps = list(zip((0.0, *self.claimed), (0.0, *self.right), strict=True))
        for (low, below), (high, above) in pairwise(steps):
            if claimed <= high:
                return max(_LEAST, round(below + (above - below) * (claimed - low) / (high - low), 4))
        # The table may hold a whole number, which PostgreSQL's driver takes for no float.
        return float(self.right[-1])


def scale_of(moves: bool, status: str, further: bool = False) -> str:
    """The scale by which an act is read that moves a facet, or none, and is told with this status, maybe as a further
    act of a pair.
    """
    if moves and status in HAPPENED:
        return "further" if further else "movers"
    return "plans" if moves and status in PLANNED else "others"


@dataclass(frozen=True, slots=True)
class Calibrations:
    """`movers`: of acts that move a facet and are told as done, of which a head tells; `further`: of those of them that
    are told beside another act of the pair; `plans`: of those that are told as to come; `others`: of the rest.
    """

    movers: Calibration
    further: Calibration
    plans: Calibration
    others: Calibration

    @classmethod
    def of(cls, table: Mapping[str, Mapping[str, Sequence[float]]]) -> "Calibrations":
        """From the table `calibration` of decisions.toml. Raises ValueError: see Calibration, or a table is missing."""
        if missing := [field.name for field in fields(cls) if field.name not in table]:
            raise ValueError(f"calibration.{missing[0]} is missing")
        return cls(**{field.name: Calibration(**table[field.name]) for field in fields(cls)})

    def read(self, claimed: float, moves: bool, status: str, further: bool = False) -> float:
        """The probability, 0 to 1, that an event is right that the network claims so."""
        scale: Calibration = getattr(self, scale_of(moves, status, further))
        return scale.of(claimed)
