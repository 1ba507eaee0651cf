"""The machine's clock, new ids, and this process's name."""

import os
import secrets
import socket
from datetime import UTC, datetime

import uuid6


class SystemClock:
    """The `Clock` port: the machine's time, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def new_id() -> str:
    """A UUIDv7: ids of later articles sort after those of earlier ones."""
    return str(uuid6.uuid7())


def process_name() -> str:
    """Who holds a lease: host, process, and a random part, since process ids are used again."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
