"""`entente bench coder`: measure the coder's accuracy, speed and memory, each figure with its aim."""

from collections.abc import Callable, Iterator
from pathlib import Path

import click

from entente.bootstrap.container import Container
from entente.bootstrap.seeds import seed_directory
from entente.cli.bench import accuracy, speed, texts
from entente.cli.bench.accuracy import Examination
from entente.cli.bench.calibration import calibration
from entente.cli.bench.coverage import coverage
from entente.cli.bench.figures import Figure, fail_if_short, shown
from entente.cli.bench.material import Material
from entente.cli.common import json_option, load_settings
from entente.cli.terminal import printable

PARTS: dict[str, Callable[[Examination], Iterator[Figure]]] = {
    "article": accuracy.articles,
    "types": accuracy.types,
    "frozen": accuracy.frozen,
    "goldens": accuracy.goldens,
    "dyads": accuracy.dyads,
    "cases": accuracy.cases,
    "tune": texts.tune,
    "sealed": texts.sealed,
    "news": texts.news,
    "agreement": texts.agreement,
    "calibration": calibration,
    "coverage": coverage,
    "speed": speed.speed,
    "memory": speed.memory,
}

#: Measured once a version, for the published figures; their errors are never printed.
KEPT = ("frozen", "sealed")


def _checkout() -> Path:
    return seed_directory().parent


@click.command()
@click.option("--only", multiple=True, type=click.Choice(list(PARTS)), help="Measure only this part; repeatable.")
@click.option(
    "--frozen",
    is_flag=True,
    help="Score the sealed articles and the frozen half too. Figures only; not for development.",
)
@click.option("--errors", default=0, metavar="N", help="Print up to N errors of each part, except frozen and sealed.")
@click.option("--shared", type=click.Path(path_type=Path), help="Directory of evaluation data (default ../shared).")
@click.option("--golden", type=click.Path(path_type=Path), help="Directory of goldens (default tests/golden).")
@json_option
def coder(
    only: tuple[str, ...],
    frozen: bool,
    errors: int,
    shared: Path | None,
    golden: Path | None,
    as_json: bool,
) -> None:
    """Measure the coder's accuracy, speed and memory.

    Exit 1 if an aim is missed. The evaluation data are not part of the project; parts whose data are absent are
    listed as not measured.
    """
    container = Container(load_settings())
    material = Material(
        shared or _checkout().parent / "shared", golden or _checkout() / "tests" / "golden", _checkout() / "training"
    )
    exam = Examination(container.coder, container.codebook, container.entities, material)
    measured = shown((f for name in PARTS if not only or name in only for f in _part(name, exam, frozen)), as_json)
    for part in [p for p in PARTS if p not in KEPT] if errors else ():
        for line in [line for where, line in exam.errors if where == part][:errors]:
            click.echo(printable(f"{part}: {line}"), err=as_json)
    fail_if_short(measured)


def _part(name: str, exam: Examination, frozen: bool) -> Iterator[Figure]:
    if name in KEPT and not frozen:
        return iter([Figure(name, "", None, detail="needs --frozen")])
    return PARTS[name](exam)
