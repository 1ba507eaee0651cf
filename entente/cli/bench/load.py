"""Load on an HTTP server: Debian's `wrk` where it is on PATH, else a client process of our own on raw sockets.

Both keep some connections open and send a request on each as soon as the one before is answered.
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

#: Asks for one path after the other, and prints what our own client prints.
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
    """Requests were refused or answered with an error, so that their number says nothing."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a server bore: requests a second, and the milliseconds within which 99 % of them were answered."""

    rate: float
    p99_ms: float


def generator() -> str:
    """Which load generator there is."""
    return "wrk" if shutil.which("wrk") else "own client"


def drive(base: str, paths: Sequence[str], seconds: float, tag: str = "") -> Load:
    """Ask for these paths in turn for some seconds, with `tag` as If-None-Match if there is one.

    Raises LoadFailed if any answer was an error.
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
