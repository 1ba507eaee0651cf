"""One measured figure with the aim beside it."""

from dataclasses import asdict, dataclass
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` None says that it was not measured, and `detail` why. `aim` None is a figure that nobody set an aim for.

    With `at_most` the aim is an upper bound. `interval` holds the bounds of the 95 % interval.
    """

    part: str
    name: str
    value: float | None
    aim: float | None = None
    at_most: bool = False
    unit: str = ""
    detail: str = ""
    interval: tuple[float, float] | None = None

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None where there is no aim or no value."""
        if self.value is None or self.aim is None:
            return None
        return self.value <= self.aim if self.at_most else self.value >= self.aim

    def as_json(self) -> dict[str, Any]:
        """The figure as `entente bench --json` prints it."""
        return {**asdict(self), "met": self.met}

    def line(self) -> str:
        """The figure on one line of a terminal."""
        colour = {True: "green", False: "red", None: None}[self.met]
        value = "–" if self.value is None else f"{self.value:,.3f}".rstrip("0").rstrip(".")
        interval = f" [{self.interval[0]:.3f}–{self.interval[1]:.3f}]" if self.interval else ""
        aim = f"aim {'≤' if self.at_most else '≥'} {self.aim:g}" if self.aim is not None else ""
        shown = click.style(f"{value + interval:>20}", fg=colour)
        return f"{self.part:<12} {self.name:<34} {shown} {self.unit:<5} {aim:<10} {self.detail}".rstrip()
