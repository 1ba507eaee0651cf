"""System clock, id generator and process name."""

import os
import secrets
import socket
from datetime import UTC, datetime

import uuid6


class SystemClock:
    """The `Clock` port on the system clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def new_id() -> str:
    """A new UUIDv7; later ids sort after earlier ones."""
    return str(uuid6.uuid7())


def process_name() -> str:
    """The holder of a lease as `host:pid:random`; the random part is there because process ids are reused."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
