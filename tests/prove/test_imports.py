"""The figures of importing (docs/import.md): rows a second, memory, growth, and hot reads beside that many events."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.prove.figures import ROOT, record, size

pytestmark = pytest.mark.prove

EVENTS, ALL_EVENTS = size("ENTENTE_PROVE_IMPORT_EVENTS", 100_000, 1_000_000), 1_000_000


def test_imports_are_fast_small_and_do_not_slow_hot_reads() -> None:
    run = "from entente.cli.main import main; main()"
    command = [sys.executable, "-c", run, "bench", "import", "--events", str(EVENTS), "--json"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    figures: dict[str, Any] = {figure["name"]: figure for figure in json.loads(done.stdout.splitlines()[-1])}
    growth = figures[f"time a row, times that of {EVENTS // 10:,}"]["value"]
    hot = figures["hot read, p99 over that of few"]
    loaded = figures["baseline, processor time"]
    told = (
        f"{EVENTS:,} rows: {figures['rows/s a core']['value']:,.0f} rows/s of a core, "
        f"{figures['peak memory']['value']:,.0f} MB, time a row {growth:.2f} times that of a tenth; hot read's 99th "
        f"percentile {hot['value']:.2f} times that beside 1,000 events ({hot['detail']}); baseline loaded in "
        f"{loaded['value']:.1f} s of processor time; {figures['size of the file']['detail']}"
    )
    assert record(
        "",
        "an import takes time by its rows and memory by none of them, and reads stay as fast",
        figure=told,
        aim="≥ 20,000 rows/s, < 500 MB, ≤ 1.5 times, ≤ 1.5 times, < 5 s",
        held=all(figure["met"] is not False for figure in figures.values()),
        full=EVENTS >= ALL_EVENTS,
    )
