"""The commands of the pages for political scientists, developers and operators, run as a newcomer runs them."""

import os
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations_guide import run_script
from tests.running_stack import ENTENTE, environment, up

ROOT = Path(__file__).parents[2]

#: What stands for an installation that is there already: the stack of this test, and containers (tests/prove/).
SKIPPED = re.compile(r"^make setup\n|^docker compose", re.MULTILINE)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str], int]]:
    """A directory that looks like a checkout after `make setup`, its environment, and the port of a running stack."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(ENTENTE.parent)
    (folder / "seeds").symlink_to(ROOT / "seeds")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    more = {"ENTENTE_BASELINE": "on", "ENTENTE_PORT": str(port)}
    with up(folder / "var", **more):
        surroundings = environment(folder / "var", **more)
        sample = ROOT / "seeds" / "articles" / "recognition.json"
        run_script(f'.venv/bin/entente ingest "{sample}"', folder, surroundings)
        deadline = time.monotonic() + 300
        while "coded" not in run_script(".venv/bin/entente articles", folder, surroundings):
            assert time.monotonic() < deadline, "the sample article was not coded"
            time.sleep(1)
        yield folder, surroundings, port


@pytest.mark.parametrize("page", ["political-scientists", "developers", "operators"])
def test_every_command_of_an_entry_page_runs(page: str, place: tuple[Path, dict[str, str], int]) -> None:
    folder, surroundings, port = place
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    blocks = [
        block for block in re.findall(r"^```sh\n((?:.*\n)*?)```$", text, re.MULTILINE) if not SKIPPED.search(block)
    ]
    assert blocks
    # One terminal after another: what one block exports the next one uses.
    script = "".join(blocks).replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    told = run_script(script, folder, os.environ | surroundings)
    assert told.strip()
