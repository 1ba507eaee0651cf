"""Linters find nothing in the OpenAPI document, and clients generated from it work, unchanged, against a running API.

What needs Node.js is skipped unless `make node` has installed the tools.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

HERE = Path(__file__).with_name("generated_clients")
TOOLS = HERE / "node_modules"

#: What both clients read of the ledger of the tests.
READ = {
    "recognition": "recognised",
    "listed": ["AFG"],
    "events": ["RUS.AFG.recognise.effective.2025-07-03", "RUS.AFG.close_embassy.effective.1992-08"],
    "nearest": ["AFG"],
    "future": [422, "/problems/invalid-request"],
    "accepted": [202, "pending"],
    "batch": [200, 202],
    "without_key": "/problems/unauthenticated",
    "changes": ["mission", "recognition"],
    "history": 2,
    "series": "month",
    "countries": True,
}

needs_node = pytest.mark.skipif(not TOOLS.exists(), reason="no Node.js tools: `make node` installs them")


@pytest.fixture
def document(server: str, tmp_path: Path) -> Path:
    """The document of a running server, as a file."""
    path = tmp_path / "openapi.json"
    path.write_bytes(requests.get(f"{server}/openapi.json", timeout=60).content)
    return path


def printed(*command: object, within: Path, **environment: str) -> str:
    """What a command prints; fails with all of its output if it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=within,
        env=os.environ | {"PATH": f"{TOOLS / '.bin'}:{os.environ['PATH']}"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_generated_python_client_reads_and_writes(server: str, key: str, document: Path, tmp_path: Path) -> None:
    command = (sys.executable, "-m", "openapi_python_client", "generate", "--path", document, "--fail-on-warning")
    options = ("--meta", "none", "--output-path", "entente_client", "--config", HERE / "openapi_python_client.yaml")
    printed(*command, *options, within=tmp_path)

    got: Any = json.loads(
        printed(sys.executable, HERE / "use_client.py", server, key, within=tmp_path, PYTHONPATH=str(tmp_path))
    )

    assert got == READ


@needs_node
def test_a_generated_typescript_client_reads_and_writes(server: str, key: str, document: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(TOOLS)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "use_client.ts").write_bytes((HERE / "use_client.ts").read_bytes())
    printed("openapi-typescript", document, "--output", "schema.d.ts", within=tmp_path)
    printed("tsc", "--strict", "--target", "es2022", "--module", "nodenext", "use_client.ts", within=tmp_path)

    got: Any = json.loads(printed("node", "use_client.js", server, key, within=tmp_path))

    assert got == READ


@needs_node
def test_linters_find_nothing_in_the_document(document: Path, tmp_path: Path) -> None:
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    told = printed(
        "redocly", "lint", "--extends", "recommended", "--format", "json", document, within=tmp_path, **quiet
    )
    assert json.loads(told)["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}

    rules = ("--ruleset", HERE / "spectral.yaml", "--fail-severity", "hint")
    printed("spectral", "lint", *rules, document, within=tmp_path)
