"""An HTTP server on the loopback interface whose pages and misbehaviour a test chooses."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: What a path answers with: writes to the handler itself.
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """Paths and their answers; `asked` has every request as (method, path, headers, body)."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str, Mapping[str, str], bytes]] = field(default_factory=list)

    def page(self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> str:
        """Serve this body; its URL."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            content = body.encode() if isinstance(body, str) else body
            validator = headers.get("ETag")
            unchanged = validator is not None and handler.headers.get("If-None-Match") == validator
            handler.send_response(304 if unchanged else 200)
            handler.send_header("Content-Type", kind)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", "0" if unchanged else str(len(content)))
            handler.end_headers()
            handler.wfile.write(b"" if unchanged else content)

        self.answers[path] = answer
        return self.url + path

    def status(self, path: str, status: int, **headers: str) -> str:
        """Answer with a bare status; its URL."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        self.answers[path] = answer
        return self.url + path

    def raw(self, path: str, answer: Answer) -> str:
        """Answer in any way; its URL."""
        self.answers[path] = answer
        return self.url + path

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [path for _, path, _, _ in self.asked]


@contextmanager
def serving() -> Iterator[Site]:
    """A site on a free port until the block ends."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            site.asked.append((self.command, self.path, dict(self.headers), body))
            answer = site.answers.get(self.path)
            if answer is None:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            try:
                answer(self)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = _serve

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
