"""The commands of docs/ingestion.md, run in their order as they stand there, against the stack that they start."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations_guide import ROOT
from tests.running_stack import ENTENTE, environment

BIN = Path(sys.executable).parent
BLOCKS = re.findall(r"^```sh\n((?:.*\n)*?)```$", (ROOT / "docs" / "ingestion.md").read_text(encoding="utf-8"), re.M)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


class Guide:
    """The guide's blocks with ports that are free, and the directory in which they are run."""

    def __init__(self, cwd: Path) -> None:
        self.cwd = cwd
        own = {"8080": str(free_port()), "8090": str(free_port())}
        self.start, *self.blocks = [re.sub(r"\b80[89]0\b", lambda found: own[found[0]], block) for block in BLOCKS]
        self.environment = {n: v for n, v in environment(cwd).items() if n != "ENTENTE_DATA_DIR"}
        self.environment["PATH"] = f"{BIN}:{self.environment['PATH']}"


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    """The guide with its stack, which its first block starts."""
    guide = Guide(tmp_path_factory.mktemp("guide"))
    with subprocess.Popen(
        ["bash", "-euc", guide.start.replace("entente up", "exec entente up --json")],
        cwd=guide.cwd,
        env=guide.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as stack:
        assert stack.stdout
        json.loads(stack.stdout.readline())
        try:
            yield guide
        finally:
            stack.send_signal(signal.SIGTERM)
            stack.wait(60)


def test_the_guide_can_be_followed_literally(guide: Guide) -> None:
    assert len(guide.blocks) > 8
    # One shell for all, as for a reader; what it started in the background ends with it.
    script = "trap 'kill $(jobs -p)' EXIT\n" + "\n".join(
        f"echo '=== {number}'\n{block}" for number, block in enumerate(guide.blocks)
    )
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=guide.cwd,
        env=guide.environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-5000:]
    assert "4 taken, 0 known already, 0 refused" in said
    assert "0 taken, 3 known already, 0 refused" in said
    assert "wire.example  coded  Russia recognises Taliban government" in said
    assert '"line":2,' in said


def test_the_guides_days_are_those_of_its_writers(guide: Guide) -> None:
    listed = subprocess.run(
        [ENTENTE, "articles", "--publisher", "wire.example", "--json"],
        cwd=guide.cwd,
        env=guide.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(listed.stdout)["published_on"] == "2025-07-03"
