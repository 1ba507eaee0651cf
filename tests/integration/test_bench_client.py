"""The bench's own load client, used if no other is installed."""

import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.integration.web_server import serving


def drive(base: str, paths: list[str], tmp_path: Path, *headers: str) -> dict[str, float]:
    listed = tmp_path / "paths"
    listed.write_text("\n".join(paths))
    command = [sys.executable, "-m", "entente.cli.bench.client", base, str(listed), "3", "0.5", *headers]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def test_it_counts_answers_with_and_without_a_body(server: str, tmp_path: Path) -> None:
    told = drive(server, ["/v1/relations/RUS/AFG", "/healthz"], tmp_path)
    assert told["requests"]
    assert told["failed"] == 0
    assert told["p99_ms"] > 0
    again = drive(server, ["/v1/relations/RUS/AFG"], tmp_path, "If-None-Match: *")
    assert again["failed"] == 0


def test_it_says_how_many_were_refused(server: str, tmp_path: Path) -> None:
    told = drive(server, ["/v1/relations/RUS/Atlantis"], tmp_path)
    assert told["failed"] == told["requests"] > 0


def test_an_answer_in_chunks_is_one_answer_once_its_last_chunk_is_there(tmp_path: Path) -> None:
    def piecemeal(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in (b"5\r\nfirst\r\n", b"6\r\nsecond\r\n", b"0\r\n\r\n"):
            handler.wfile.flush()
            handler.wfile.write(piece)

    with serving() as site:
        url = site.raw("/chunks", piecemeal)
        base, _, path = url.rpartition("/")
        told = drive(base, [f"/{path}"], tmp_path)
    assert told["requests"] > 0
    assert told["failed"] == 0
