"""What a page in a real browser reads of the API without a key, by the name under which it was opened."""

import html
import json
import os
import re
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from entente.bootstrap.container import Container
from tests.integration.conftest import api_on

#: Asks before its load event, until which the browser waits, and puts what it got where the dumped DOM shows it.
PAGE = """<!doctype html><title>page</title><pre id="got"></pre><script>
const got = ["/v1/events", "/v1/relations/RUS/AFG", "/metrics"].map((path) => {
  const request = new XMLHttpRequest();
  request.open("GET", path, false);
  request.send();
  return { path, origin: location.origin, status: request.status, body: request.responseText };
});
document.getElementById("got").textContent = JSON.stringify(got);
</script>"""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP evil.example 127.0.0.1",
    "--dump-dom",
)


def read_by_a_page(browser: str, name: str, container: Container, profile: Path) -> list[dict[str, Any]]:
    """Open a page under http://NAME:PORT, let the API take over the port, and return what the page read there.

    To the browser that is what a rebound name is: the page's origin stays, and now leads to the API.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://{name}:{listener.getsockname()[1]}"
        process = subprocess.Popen(
            [browser, *FLAGS, f"--user-data-dir={profile}", f"{origin}/page"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"HOME": str(profile)},
            start_new_session=True,
        )
        try:
            listener.settimeout(60)
            _serve_the_page(listener)
            listener.settimeout(None)
            with api_on(listener, container):
                dom, _ = process.communicate(timeout=300)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    written = re.search(r'<pre id="got">(.*?)</pre>', dom, re.DOTALL)
    assert written, dom
    got: list[dict[str, Any]] = json.loads(html.unescape(written[1]))
    assert {one["origin"] for one in got} == {origin}
    return got


def _serve_the_page(listener: socket.socket) -> None:
    """Answer connections until the page was asked for; the rest wait for whoever listens next."""
    served = False
    while not served:
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(60)
            asked = connection.recv(65536)
            served = asked.startswith(b"GET /page ")
            if served:
                head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n"
                connection.sendall(f"{head}Connection: close\r\n\r\n{PAGE}".encode())


def test_a_page_under_a_rebound_name_is_refused_by_the_api_in_a_browser(
    browser: str, container: Container, recognition: str, tmp_path: Path
) -> None:
    got = read_by_a_page(browser, "evil.example", container, tmp_path / "profile")

    assert [one["status"] for one in got] == [401, 401, 401]
    assert all(json.loads(one["body"])["type"].endswith("unauthenticated") for one in got)
    assert not any(recognition in one["body"] or "recognise" in one["body"] for one in got)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_this_machine_reads_the_api_in_a_browser(
    browser: str, container: Container, recognition: str, tmp_path: Path, name: str
) -> None:
    events, relation, metrics = read_by_a_page(browser, name, container, tmp_path / "profile")

    assert [events["status"], relation["status"], metrics["status"]] == [200, 200, 200]
    assert "recognise" in events["body"]
    assert json.loads(relation["body"])
    assert "entente_articles" in metrics["body"]
