"""Registered senders of webhooks and their secrets."""

import base64
import re
import secrets

from entente.services.errors import Conflict, ServiceError
from entente.services.ports import Clock, Ledger, Source

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


class Sources:
    """Registers senders. A secret is generated here and is 32 random bytes, as Standard Webhooks asks (24–64)."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def add(self, name: str) -> Source:
        """Register a sender with a new secret. Raises Conflict (name taken) or ServiceError (no name for a source)."""
        if not _NAME.fullmatch(name):
            raise ServiceError(f"{name!r} can't name a source: lower-case letters, digits, '.', '_', '-', at most 63")
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        source = Source(name, (secret,), self._clock.now())
        with self._ledger.write() as unit:
            if not unit.sources.add(source):
                raise Conflict(f"there is a source {name!r} already")
            unit.commit()
        return source

    def get(self, name: str) -> Source | None:
        """The sender of that name, or None."""
        with self._ledger.read() as unit:
            return unit.sources.get(name)

    def list(self) -> list[Source]:
        """Every registered sender, by name."""
        with self._ledger.read() as unit:
            return unit.sources.list()
