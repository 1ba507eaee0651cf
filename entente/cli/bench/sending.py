"""Send signed webhooks from a process of its own, so that the waits measure the API and not the bench."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class DeliveryRefused(Exception):
    """A delivery was not accepted."""


class Sending:
    """Deliveries in progress. `waits`: seconds of each answer so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.waits: list[float] = []
        self._process = process
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def running(self) -> bool:
        """Whether deliveries are still being sent. Raises DeliveryRefused if one was not accepted."""
        if self._reader.is_alive():
            return True
        if self._process.wait():
            raise DeliveryRefused("a delivery was not accepted")
        return False

    def _read(self) -> None:
        assert self._process.stdout
        self.waits.extend(float(line) for line in self._process.stdout)


@contextmanager
def sending(url: str, secret: str, bodies: Sequence[str], rate: float) -> Iterator[Sending]:
    """Send the bodies to a webhook, at most `rate` a second."""
    with tempfile.NamedTemporaryFile("w", prefix="entente-bench", encoding="utf-8") as listed:
        listed.write("".join(f"{body}\n" for body in bodies))
        listed.flush()
        command = [sys.executable, "-m", "entente.cli.bench.senders", url, secret, str(rate), listed.name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield Sending(process)
            finally:
                process.kill()
