"""Senders of webhooks: register them and rotate their secrets. In code and on the wire: sources."""

import base64
import re
import secrets
from collections.abc import Sequence
from dataclasses import replace

from entente.relations.publishers import ANY
from entente.services.errors import Conflict, Invalid, NotFound
from entente.services.ports.ledger import Ledger
from entente.services.ports.sources import Source
from entente.services.ports.system import Clock

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


#: Publishers of one sender at most, and characters of one.
MAX_PUBLISHERS = 100
MAX_PUBLISHER = 200

#: Secrets that verify: the newest and the one before it, so that a sender can change over.
KEPT_SECRETS = 2


def new_secret() -> str:
    """A new secret: 32 random bytes as `whsec_` and base64 (Standard Webhooks)."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


class Sources:
    """Register senders. Their secrets have 32 bytes; Standard Webhooks asks for 24 to 64."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def add(self, name: str, publishers: Sequence[str] = ()) -> Source:
        """Register a sender with a new secret, for these publishers (default: one called as the sender).

        Raises Conflict (name taken), Invalid (name, publishers).
        """
        if not _NAME.fullmatch(name):
            raise Invalid(
                "name", f"{name!r} can't name a source: lower-case letters, digits, '.', '_', '-', at most 63"
            )
        bound = _checked(publishers or (name,))
        source = Source(name, (new_secret(),), self._clock.now(), publishers=bound)
        with self._ledger.write() as unit:
            if not unit.sources.add(source):
                raise Conflict(f"there is a source {name!r} already")
            unit.commit()
        return source

    def bind(self, name: str, publishers: Sequence[str]) -> Source:
        """Let a sender deliver articles of these publishers only; ANY alone: of any. Raises NotFound, Invalid."""
        bound = _checked(publishers)
        with self._ledger.write() as unit:
            found = unit.sources.get(name)
            if found is None:
                raise NotFound("source", name)
            changed = replace(found, publishers=bound)
            unit.sources.note(changed)
            unit.commit()
        return changed

    def unbound(self) -> Sequence[str]:
        """Names of the active senders that may name any publisher."""
        return [source.name for source in self.list() if source.active and ANY in source.publishers]

    def rotate(self, name: str) -> Source:
        """Give a sender a new secret, and reactivate it if removed; the one before still verifies. Raises NotFound."""
        with self._ledger.write() as unit:
            found = unit.sources.get(name)
            if found is None:
                raise NotFound("source", name)
            rotated = replace(found, secrets=(new_secret(), *found.secrets)[:KEPT_SECRETS], active=True)
            unit.sources.note(rotated)
            unit.commit()
        return rotated

    def remove(self, name: str) -> Source:
        """Accept no more deliveries from a sender; its articles are kept. Raises NotFound."""
        with self._ledger.write() as unit:
            found = unit.sources.get(name)
            if found is None:
                raise NotFound("source", name)
            removed = replace(found, secrets=(), active=False)
            unit.sources.note(removed)
            unit.commit()
        return removed

    def get(self, name: str) -> Source | None:
        """The sender of that name, or None."""
        with self._ledger.read() as unit:
            return unit.sources.get(name)

    def list(self) -> list[Source]:
        """All registered senders, by name, including removed ones."""
        with self._ledger.read() as unit:
            return unit.sources.list()


#: As in the names that the API takes: no line breaks and no other control characters.
_CONTROL = re.compile(r"[\u0000-\u001f\u007f-\u009f]")


def _checked(publishers: Sequence[str]) -> tuple[str, ...]:
    """The publishers, each once. Raises Invalid (publishers)."""
    found = tuple(dict.fromkeys(" ".join(publisher.split()) for publisher in publishers))
    if not 0 < len(found) <= MAX_PUBLISHERS:
        raise Invalid("publishers", f"name 1 to {MAX_PUBLISHERS} publishers, or {ANY!r} for any")
    if ANY in found and len(found) > 1:
        raise Invalid("publishers", f"{ANY!r} stands for every publisher: name it alone")
    if not all(0 < len(publisher) <= MAX_PUBLISHER and not _CONTROL.search(publisher) for publisher in found):
        raise Invalid(
            "publishers", f"a publisher is a name or host of 1 to {MAX_PUBLISHER} characters, none of control"
        )
    return found
