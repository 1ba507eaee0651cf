"""The commands of docs/operations.md, run as they stand there; tests/unit/test_docs.py checks that each is run."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]


def blocks() -> dict[str, list[str]]:
    """Heading or bold words at the start of a paragraph → the `sh` blocks below it, in order."""
    found: dict[str, list[str]] = {}
    heading = ""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for part in re.finditer(r"^#+ (.+)$|^\*\*(.+?)[.:]?\*\*|^```sh\n((?:.*\n)*?)```$", text, re.MULTILINE):
        title, bold, commands = part.groups()
        heading = title or bold or heading
        if commands:
            found.setdefault(heading, []).append(commands)
    return found


def run_commands(heading: str, number: int, cwd: Path, environment: Mapping[str, str], seconds: float = 900) -> str:
    """Run block `number` (from 0) under that heading with bash, and return what it prints. See `run_script`."""
    return run_script(blocks()[heading][number], cwd, environment, seconds)


def run_script(script: str, cwd: Path, environment: Mapping[str, str], seconds: float = 900) -> str:
    """Run commands with bash, and return what they print. Fails at the first one that fails."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=cwd,
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{script}\nexit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout
