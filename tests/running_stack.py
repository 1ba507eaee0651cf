"""Start `entente up` in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENTENTE = Path(sys.executable).with_name("entente")


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ENTENTE_", "REDIS_"))}
    return kept | {"ENTENTE_DATA_DIR": str(data_dir), "ENTENTE_BASELINE": "off"} | more


@contextmanager
def up(data_dir: Path, **more: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, str]]]:
    """A running stack: its supervisor, and where it says its parts are."""
    process = subprocess.Popen(
        [ENTENTE, "up", "--json"],
        env=environment(data_dir, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield process, json.loads(line)
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()
        process.stderr.close()
