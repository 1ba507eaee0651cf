"""The load client that stands in where no other is installed."""

import json
import subprocess
import sys
from pathlib import Path


def drive(base: str, paths: list[str], tmp_path: Path, *headers: str) -> dict[str, float]:
    listed = tmp_path / "paths"
    listed.write_text("\n".join(paths))
    command = [sys.executable, "-m", "entente.cli.bench.client", base, str(listed), "3", "0.5", *headers]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def test_it_counts_answers_with_and_without_a_body(server: str, tmp_path: Path) -> None:
    told = drive(server, ["/v1/relations/RUS/AFG", "/healthz"], tmp_path)
    assert told["requests"] >= 2
    assert told["failed"] == 0
    assert 0 < told["p99_ms"] < 1000 * told["seconds"]
    again = drive(server, ["/v1/relations/RUS/AFG"], tmp_path, "If-None-Match: *")
    assert again["failed"] == 0


def test_it_says_how_many_were_refused(server: str, tmp_path: Path) -> None:
    told = drive(server, ["/v1/relations/RUS/Atlantis"], tmp_path)
    assert told["failed"] == told["requests"] > 0
