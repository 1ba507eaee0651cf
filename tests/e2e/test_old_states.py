"""States derived under an older codebook version: the warnings and their remedy."""

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.running_stack import ENTENTE, environment, up

ARTICLE = {
    "text": "OSLO, May 28 – Norway recognised Palestine as a state on Tuesday.",
    "published_at": "2024-05-28",
    "source": "Test Wire",
}


def entente(data_dir: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [ENTENTE, *arguments], env=environment(data_dir), capture_output=True, text=True, timeout=300, check=True
    )


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as an installation of codebook 2026.1 left it."""
    directory = tmp_path_factory.mktemp("left")
    path = directory / "article.json"
    path.write_text(json.dumps(ARTICLE))
    entente(directory / "data", "ingest", str(path))
    with closing(sqlite3.connect(directory / "data" / "entente.db")) as connection, connection:
        connection.execute("UPDATE dyads SET derived_by = '2026.1', dirty_version = NULL, dirty_since = NULL")
        connection.execute("UPDATE states SET rule = replace(rule, '2026.11', '2026.1')")
    return directory / "data"


@pytest.fixture
def old(left: Path, tmp_path: Path) -> Path:
    """A copy of that directory."""
    return shutil.copytree(left, tmp_path / "data")


def verdict(data_dir: Path) -> tuple[str, str]:
    findings = json.loads(entente(data_dir, "doctor", "--json").stdout)
    return next((f["verdict"], f["detail"]) for f in findings if f["check"] == "states")


def test_doctor_warns_of_states_of_an_older_codebook_until_they_are_rebuilt(old):
    found, detail = verdict(old)
    assert found == "warning"
    assert "1 pair of countries was derived under codebook 2026.1 and not 2026.21" in detail
    assert "`entente rebuild`" in detail

    rebuilt = entente(old, "rebuild")

    assert "1 pair of countries rebuilt" in rebuilt.stdout
    assert verdict(old) == ("ok", "derived under codebook 2026.21")
    shown = json.loads(entente(old, "relation", "NOR", "PSE", "--json").stdout)
    assert shown[0]["facets"]["recognition"]["rule"] == "recognise→recognition@2026.21"


def test_the_stack_says_so_when_it_starts(old):
    with up(old) as (process, _):
        process.terminate()
        _, warning = process.communicate(timeout=60)
    assert "codebook 2026.1" in warning
    assert "`entente rebuild`" in warning
