"""Generate load on an HTTP server: with `wrk` where it is on PATH, else with the project's own client process.

Both keep CONNECTIONS open and send the next request on each as soon as the previous one is answered.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8

#: Requests the paths in turn and prints the same JSON as entente/cli/bench/client.py.
_WRK_SCRIPT = """
local paths, at = {}, 0
function init(args)
  for path in io.lines(args[1]) do paths[#paths + 1] = path end
end
function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
function done(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format('\\n{"requests": %d, "seconds": %f, "p99_ms": %f, "failed": %d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3, failed))
end
"""


class LoadFailed(Exception):
    """Requests failed, or none was answered, so the rate is meaningless."""


@dataclass(frozen=True, slots=True)
class Load:
    """Throughput in requests a second, and the 99th percentile of latency in milliseconds."""

    rate: float
    p99_ms: float


def generator() -> str:
    """The load generator that `drive` uses: "wrk" or "own client"."""
    return "wrk" if shutil.which("wrk") else "own client"


def drive(base: str, paths: Sequence[str], seconds: float, tag: str = "") -> Load:
    """Request the paths in turn for `seconds`, with `tag`, if given, as If-None-Match.

    Raises LoadFailed if any request failed.
    """
    with tempfile.TemporaryDirectory(prefix="entente-bench") as directory:
        listed, script = Path(directory) / "paths", Path(directory) / "script.lua"
        listed.write_text("".join(f"{path}\n" for path in paths))
        script.write_text(_WRK_SCRIPT)
        headers = [f"If-None-Match: {tag}"] if tag else []
        if generator() == "wrk":
            named = [part for header in headers for part in ("-H", header)]
            whole = str(max(1, round(seconds)))
            options = ["-t", "1", "-c", str(CONNECTIONS), "-d", whole, *named, "-s", str(script)]
            command = ["wrk", *options, base, "--", str(listed)]
        else:
            client = [sys.executable, "-m", "entente.cli.bench.client"]
            command = [*client, base, str(listed), str(CONNECTIONS), str(seconds), *headers]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    told = json.loads(done.stdout.strip().splitlines()[-1])
    if told["failed"] or not told["requests"]:
        raise LoadFailed(f"{base}{paths[0]}: {told['failed']} of {told['requests']} requests failed")
    return Load(told["requests"] / told["seconds"], told["p99_ms"])
