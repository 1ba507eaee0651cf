"""Send signed webhooks from a process of its own, which entente/cli/bench/sending.py starts.

Run as `python -m entente.cli.bench.senders URL SECRET RATE FILE_OF_BODIES`; prints the seconds of each answer.
"""

import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from standardwebhooks.webhooks import Webhook

#: Open connections, each with one delivery in flight.
SENDERS = 2


class SenderFailed(Exception):
    """A delivery was not accepted."""


def _send(url: str, secret: str, bodies: Sequence[str], first: int, rate: float) -> None:
    signer, parts = Webhook(secret), urlsplit(url)
    connection = HTTPConnection(str(parts.hostname), parts.port or 80, timeout=30)
    begun = time.monotonic()
    for done, number in enumerate(range(first, len(bodies), SENDERS)):
        time.sleep(max(0.0, begun + done * SENDERS / rate - time.monotonic()))
        now = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": f"msg_{number}",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signer.sign(f"msg_{number}", now, bodies[number]),
        }
        sent = time.monotonic()
        connection.request("POST", parts.path, bodies[number].encode(), headers)
        answer = connection.getresponse()
        answer.read()
        waited = time.monotonic() - sent
        if answer.status != 202:
            raise SenderFailed(f"{url} answered {answer.status}")
        # One write for the line: the other sender's thread writes too.
        sys.stdout.write(f"{waited}\n")
        sys.stdout.flush()


def main() -> None:
    """Read the arguments and send; exit 1 if a delivery failed."""
    url, secret, rate, listed = sys.argv[1:]
    bodies = Path(listed).read_text(encoding="utf-8").splitlines()
    failed: list[BaseException] = []

    def send(first: int) -> None:
        try:
            _send(url, secret, bodies, first, float(rate))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=send, args=(first,)) for first in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        sys.exit(f"{type(failed[0]).__name__}: {failed[0]}")


if __name__ == "__main__":
    main()
