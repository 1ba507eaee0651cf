"""docs/analysis.md: its command and both scripts run, on a ledger with some events."""

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from entente.bootstrap.container import Container
from tests.integration.conftest import coded

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "analysis.md").read_text(encoding="utf-8")
(COMMAND,) = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
(PYTHON,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
(R,) = re.findall(r"```r\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture
def folder(container: Container, told: Callable[..., str], tmp_path: Path) -> Path:
    """A folder with the panel that the document's command writes."""
    told([coded("recognise", "2025-07-03"), coded("visit", "2025-07-01"), coded("condemn", "2025-07-02", target="UKR")])
    environment = os.environ | {
        "ENTENTE_DATABASE_URL": container.settings.database_url,
        "ENTENTE_DATA_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "ENTENTE_BASELINE": "off",
    }
    start = "from entente.cli.main import main; main(prog_name='entente')"
    arguments = COMMAND.split()
    assert arguments[0] == "entente"
    folder = tmp_path / "analysis"
    folder.mkdir()
    subprocess.run([sys.executable, "-c", start, *arguments[1:]], cwd=folder, env=environment, check=True, timeout=120)
    return folder


def run(folder: Path, *command: str) -> str:
    environment = os.environ | {"MPLBACKEND": "Agg", "MPLCONFIGDIR": str(folder)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_ten_lines_of_pandas_plot_the_panel(folder: Path) -> None:
    pytest.importorskip("matplotlib")

    assert run(folder, sys.executable, "-c", PYTHON) == "1 months, 5 partners\n"
    assert (folder / "panel.png").stat().st_size > 1000
    assert len(PYTHON.strip().splitlines()) <= 11


def test_ten_lines_of_r_plot_the_panel(folder: Path) -> None:
    if not shutil.which("Rscript"):
        pytest.skip("not installed: Rscript")

    assert run(folder, "Rscript", "-e", R) == "1 months, 5 partners\n"
    assert (folder / "panel.pdf").stat().st_size > 1000
    assert len(R.strip().splitlines()) <= 11


def test_the_plot_of_r_names_its_lines(folder: Path) -> None:
    if not shutil.which("Rscript"):
        pytest.skip("not installed: Rscript")
    readable = R.replace('pdf("panel.pdf")', 'pdf("panel.pdf", compress = FALSE, useKerning = FALSE)')
    assert readable != R

    run(folder, "Rscript", "-e", readable)

    told = (folder / "panel.pdf").read_bytes()
    assert all(f"({text})".encode() in told for text in ("AFG", "UKR", "month", "Russia towards"))


@pytest.fixture
def gaps(folder: Path) -> Path:
    """The panel as if articles of May and September had been read, and later ones had told of an act of August."""
    path = folder / "panel.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["month"] in ("2025-05", "2025-09"):
            row |= {"n_articles": "1", "n_events": "0", "intensity_sum": "0.0"}
        elif row["month"] == "2025-08":
            row |= {"n_articles": "0", "n_events": "1", "intensity_sum": "9.0"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_months_in_which_nothing_was_read_are_gaps_in_both_plots(gaps: Path) -> None:
    pytest.importorskip("matplotlib")
    told = run(gaps, sys.executable, "-c", f"{PYTHON}\nprint([int(n) for n in wide.isna().all(axis=1)])")

    assert told == "5 months, 5 partners\n[0, 1, 0, 1, 0]\n"
    if not shutil.which("Rscript"):
        pytest.skip("not installed: Rscript")
    assert run(gaps, "Rscript", "-e", f"{R}\ncat(+(rowSums(!is.na(wide[-1])) == 0))") == (
        "5 months, 5 partners\n0 1 0 1 0"
    )


def test_both_scripts_read_a_code_as_a_text(folder: Path) -> None:
    told = run(
        folder,
        sys.executable,
        "-c",
        PYTHON.splitlines()[0] + "\n" + PYTHON.splitlines()[2] + "\nprint(panel.source_cow[0])",
    )

    assert told == "365\n"
