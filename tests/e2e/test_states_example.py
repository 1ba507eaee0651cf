"""Run the commands of docs/states-example.md and compare their output with the document."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "states-example.md"

#: Printed before each command, so that its output can be told from the next one's.
MARK = "=== command"


def steps() -> list[tuple[str, str]]:
    """(command, what it prints) of every console block, in order."""
    blocks = re.findall(r"```console\n(.*?)```", EXAMPLE.read_text(encoding="utf-8"), re.DOTALL)
    found = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks), re.MULTILINE)
    return [(command, output) for command, output in found]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_every_command_of_the_example_prints_what_it_shows(tmp_path: Path) -> None:
    missing = [tool for tool in ("bash", "curl", "jq") if not shutil.which(tool)]
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"not installed: {', '.join(missing)}")
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "entente").write_text(
        f'#!/bin/sh\nexec {sys.executable} -c \'from entente.cli.main import main; main(prog_name="entente")\' "$@"\n'
    )
    (bin_ / "entente").chmod(0o755)
    told = steps()
    assert len(told) > 20
    script = "\n".join(f"echo '{MARK}'\n{command}" for command, _ in told)

    environment = {name: value for name, value in os.environ.items() if not name.startswith("ENTENTE_")}
    environment |= {"ENTENTE_PORT": str(free_port()), "PATH": f"{bin_}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        ["bash", "-c", f"{script}\nkill %1; wait"],
        cwd=tmp_path,
        env=environment | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    printed = run.stdout.split(f"{MARK}\n")[1:]
    assert list(zip((c for c, _ in told), printed, strict=True)) == told, run.stderr
