"""What a page on another port reads of the API in a real browser, with and without ENTENTE_CORS_ORIGINS."""

import html
import json
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from entente.bootstrap.container import Container
from tests.integration.conftest import api_on
from tests.integration.test_browser import FLAGS

#: Reads before its load event, until which the browser waits, and puts what it got where the dumped DOM shows it.
#: A request with an Authorization header is preceded by a preflight request.
PAGE = """<!doctype html><title>page</title><pre id="got"></pre><script>
const [api, key] = ["API", "KEY"];
const ask = (method, path, body) => {
  const request = new XMLHttpRequest();
  request.open(method, api + path, false);
  if (key) request.setRequestHeader("Authorization", "Bearer " + key);
  if (body) request.setRequestHeader("Content-Type", "application/json");
  try { request.send(body); } catch (refused) { return { status: "refused" }; }
  return { status: request.status, body: request.responseText, tag: request.getResponseHeader("ETag") };
};
const article = JSON.stringify({ text: "France and Germany signed a treaty in Paris on Monday." });
document.getElementById("got").textContent = JSON.stringify([
  ask("GET", "/v1/events"), ask("GET", "/v1/relations/RUS/AFG"), ask("GET", "/v1/relations/RUS/Atlantis"),
  ask("POST", "/v1/articles", article),
]);
</script>"""


@contextmanager
def page_server(page: dict[str, bytes]) -> Iterator[int]:
    """Serve `page["html"]` on a port of this machine: the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page["html"])))
            self.end_headers()
            self.wfile.write(page["html"])

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def read_across(browser: str, container: Container, profile: Path, allowed: str, key: str) -> list[dict[str, Any]]:
    """What a page on another port reads; `PAGE` in `allowed` stands for that page's own origin."""
    page: dict[str, bytes] = {}
    with page_server(page) as port, socket.create_server(("127.0.0.1", 0)) as listener:
        api = f"http://127.0.0.1:{listener.getsockname()[1]}"
        page["html"] = PAGE.replace("API", api).replace("KEY", key).encode()
        origins = allowed.replace("PAGE", f"http://127.0.0.1:{port}")
        with api_on(listener, container, ENTENTE_CORS_ORIGINS=origins):
            dom = subprocess.run(
                [browser, *FLAGS, f"--user-data-dir={profile}", f"http://127.0.0.1:{port}/"],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=os.environ | {"HOME": str(profile)},
                timeout=300,
                check=True,
            ).stdout
    written = re.search(r'<pre id="got">(.*?)</pre>', dom, re.DOTALL)
    assert written, dom
    got: list[dict[str, Any]] = json.loads(html.unescape(written[1]))
    return got


def statuses(got: list[dict[str, Any]]) -> list[object]:
    return [one["status"] for one in got]


def test_a_page_on_another_port_reads_nothing_unless_it_is_allowed(
    browser: str, container: Container, recognition: str, key: str, tmp_path: Path
) -> None:
    for name, allowed, held in (("off", "", ""), ("key", "", key), ("other", "http://127.0.0.1:1", "")):
        got = read_across(browser, container, tmp_path / name, allowed, held)
        assert statuses(got) == ["refused"] * 4, name


def test_a_listed_page_on_another_port_reads_and_with_a_key_writes(
    browser: str, container: Container, recognition: str, key: str, tmp_path: Path
) -> None:
    reads = read_across(browser, container, tmp_path / "reads", "https://maps.example, PAGE", "")
    assert statuses(reads) == [200, 200, 404, 401]
    assert "recognise" in reads[0]["body"]
    assert reads[1]["tag"].startswith('"')
    assert json.loads(reads[2]["body"])["type"] == "/problems/unknown-country"

    writes = read_across(browser, container, tmp_path / "writes", "PAGE", key)
    assert statuses(writes) == [200, 200, 404, 202]


@pytest.mark.parametrize("with_key", [False, True])
def test_any_page_reads_with_a_key_where_every_page_is_allowed(
    browser: str, container: Container, recognition: str, key: str, tmp_path: Path, with_key: bool
) -> None:
    got = read_across(browser, container, tmp_path / "any", "*", key if with_key else "")

    assert statuses(got) == ([200, 200, 404, 202] if with_key else [401] * 4)
