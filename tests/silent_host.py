"""A host on the loopback interface that accepts connections and never answers."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SilentHost:
    """`held` is the number of connections that are open now, `most_held` the most that were open at once."""

    def __init__(self, listener: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.most_held = 0
        self._listener = listener
        self._open: set[socket.socket] = set()
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._silent = True
        self._over = threading.Event()

    @property
    def held(self) -> int:
        return len(self._open)

    def hang_up(self) -> None:
        """Close what is open, and from now on what comes."""
        self._silent = False

    def serve(self) -> None:
        while not self._over.is_set():
            ready = self._selector.select(0.05)
            # New connections last: those that made room for them must not be counted with them.
            for key, _ in sorted(ready, key=lambda event: event[0].fileobj is self._listener):
                if key.fileobj is self._listener:
                    self._accept()
                elif not self._sent_more(key.fileobj):
                    self._close(key.fileobj)
            if not self._silent:
                for connection in list(self._open):
                    self._close(connection)

    def stop(self) -> None:
        self._over.set()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        self._open.add(connection)
        self.most_held = max(self.most_held, self.held)
        self._selector.register(connection, selectors.EVENT_READ)

    @staticmethod
    def _sent_more(connection: socket.socket) -> bool:
        try:
            return bool(connection.recv(65536))
        except OSError:
            return False

    def _close(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        self._open.discard(connection)
        connection.close()


@contextmanager
def silent_host() -> Iterator[SilentHost]:
    """A silent host on a free port; when the block ends, it hangs up."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        host = SilentHost(listener)
        thread = threading.Thread(target=host.serve)
        thread.start()
        try:
            yield host
        finally:
            host.hang_up()
            host.stop()
            thread.join()
            for connection in list(host._open):
                host._close(connection)
            host._selector.close()
