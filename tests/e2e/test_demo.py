"""`entente demo --once` as a process, in a read-only working directory."""

import os
import subprocess
import sys
from pathlib import Path

ENTENTE = Path(sys.executable).with_name("entente")


def demo(data_dir: Path, cwd: Path) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ENTENTE_", "REDIS_"))}
    return subprocess.run(
        [ENTENTE, "demo", "--once"],
        env=environment | {"ENTENTE_DATA_DIR": str(data_dir)},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_the_demo_shows_a_relation_with_its_evidence_and_can_be_run_again(tmp_path):
    data_dir, cwd = tmp_path / "data", tmp_path / "cwd"
    cwd.mkdir(mode=0o555)
    for _ in ("first", "a duplicate delivery"):
        done = demo(data_dir, cwd)
        assert done.returncode == 0, done.stderr
        # Progress from the first seconds, and no warning.
        assert done.stderr.splitlines() == [
            "Starting Redis, API, worker, fetcher, deliverer and beat …",
            *(f"  {part} answers" for part in ("redis", "api", "worker", "fetcher", "deliverer")),
        ]
        assert "recognition" in done.stdout
        assert "recognised" in done.stdout
        assert "“" in done.stdout
        assert "/v1/dyads/" in done.stdout
        _, _, known = done.stdout.partition("What no article told it, and documents do:")
        assert "established            since 2015-07-20" in known
        assert "(baseline)" in known
    assert list(cwd.iterdir()) == []
    assert not (data_dir / "stack.json").exists()
