"""Measured figures with their aims, and how they are printed."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import click

from entente.cli.terminal import printable


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value. `value` None: not measured, for the reason in `detail`. `aim` None: no aim is set.

    With `at_most` the aim is an upper bound, else a lower one. `interval` holds the bounds of the 95 % interval.
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
        return f"{self.part:<12} {self.name:<34} {shown} {self.unit:<5} {aim:<10} {printable(self.detail)}".rstrip()


def show(figures: Iterable[Figure], as_json: bool) -> None:
    """Print each figure once it is measured, or all as JSON. Raises ClickException (exit 1) if an aim is missed."""
    fail_if_short(shown(figures, as_json))


def shown(figures: Iterable[Figure], as_json: bool) -> list[Figure]:
    """Print each figure once it is measured, or all as JSON; the figures."""
    measured = []
    for figure in figures:
        measured.append(figure)
        if not as_json:
            click.echo(figure.line())
    if as_json:
        click.echo(json.dumps([figure.as_json() for figure in measured], ensure_ascii=False))
    return measured


def fail_if_short(measured: Iterable[Figure]) -> None:
    """Raise ClickException (exit 1) if an aim is missed."""
    if short := [f"{figure.part} {figure.name}" for figure in measured if figure.met is False]:
        raise click.ClickException(f"short of the aim: {'; '.join(short)}")
