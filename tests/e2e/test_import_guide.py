"""docs/import.md can be followed: its commands print what it shows."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from entente.bootstrap.formats import load_formats
from entente.cli.main import main

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/import.md").read_text(encoding="utf-8")


def test_every_example_prints_what_the_guide_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(ROOT)
    examples = [
        part.split("\n", 1)
        for block in re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
        if "tests/imported/" in block
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    ]
    for command, shown in examples:
        printed = CliRunner().invoke(main, command.split()[1:]).output
        # Of a refusal the guide shows the last line, which is what the command ends with.
        assert printed.endswith(shown), command


def test_every_format_is_in_the_guide_with_an_example() -> None:
    for name in load_formats():
        assert f"`{name}`" in GUIDE
        assert f"entente import {name} tests/imported/" in GUIDE
