"""API keys: create, list, revoke and check them. A token is `ent_ID_SECRETCHECKSUM`; only its digest is stored."""

import hashlib
import hmac
import re
import secrets
import string
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import category

from entente.services.errors import Denied, Invalid, NotFound, Unauthenticated, Unavailable
from entente.services.ports.api_keys import SCOPES, ApiKey
from entente.services.ports.ledger import Ledger
from entente.services.ports.system import Clock
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry

PREFIX = "ent"
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_ID_LENGTH, _SECRET_LENGTH, _CHECKSUM_LENGTH = 10, 32, 6
_TOKEN = re.compile(
    rf"{PREFIX}_([0-9A-Za-z]{{{_ID_LENGTH}}})_([0-9A-Za-z]{{{_SECRET_LENGTH}}})([0-9A-Za-z]{{{_CHECKSUM_LENGTH}}})",
    re.ASCII,
)
_MAX_NAME = 100

#: Least time between two updates of a key's last use, so that not every request writes to the ledger.
USE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A new key and its token, which can't be shown again."""

    key: ApiKey
    token: str


class Keys:
    """Create, list, revoke and check API keys."""

    def __init__(self, ledger: Ledger, clock: Clock, telemetry: Telemetry = NO_TELEMETRY) -> None:
        self._telemetry = telemetry
        self._ledger = ledger
        self._clock = clock

    def add(self, name: str, scopes: Sequence[str], days: int | None = None) -> NewKey:
        """Create a key that expires after `days`, or never. Raises Invalid (name, scopes)."""
        now = self._clock.now()
        if not name.strip() or len(name) > _MAX_NAME:
            raise Invalid("name", f"a key's name has 1 to {_MAX_NAME} characters")
        if any(category(character) == "Cc" for character in name):
            raise Invalid("name", "a key's name holds no line break or other control character")
        unknown = sorted(set(scopes) - set(SCOPES))
        if unknown or not scopes:
            raise Invalid("scopes", f"{', '.join(unknown) or 'none'}: take some of {', '.join(SCOPES)}")
        expires_at = now + timedelta(days=days) if days else None
        id, secret = _random(_ID_LENGTH), _random(_SECRET_LENGTH)
        token = f"{PREFIX}_{id}_{secret}{_checksum(id + secret)}"
        ordered = [scope for scope in SCOPES if scope in scopes]
        key = ApiKey(id, name.strip(), ordered, _digest(token), now, expires_at)
        with self._ledger.write() as unit:
            unit.keys.add(key)
            unit.commit()
        return NewKey(key, token)

    def list(self) -> list[ApiKey]:
        """All keys, oldest first, including revoked ones."""
        with self._ledger.read() as unit:
            return unit.keys.list()

    def revoke(self, id: str) -> ApiKey:
        """Revoke a key. Idempotent. Raises NotFound."""
        with self._ledger.write() as unit:
            unit.keys.revoke(id, self._clock.now())
            key = unit.keys.get(id)
            unit.commit()
        if key is None:
            raise NotFound("key", id)
        return key

    def authenticate(self, token: str, scope: str) -> ApiKey:
        """The key of a valid token that allows `scope`. Raises Unauthenticated, Denied."""
        parts = _TOKEN.fullmatch(token)
        try:
            return self._authenticated(token, parts, scope)
        except (Unauthenticated, Denied) as error:
            self._telemetry.key_refused(parts[1] if parts else "", scope, str(error))
            raise

    def _authenticated(self, token: str, parts: re.Match[str] | None, scope: str) -> ApiKey:
        # The checksum finds a token that was cut or mistyped without reading the ledger.
        if parts is None or _checksum(parts[1] + parts[2]) != parts[3]:
            raise Unauthenticated("the key is not well formed: copy it whole")
        now = self._clock.now()
        with self._ledger.read() as unit:
            key = unit.keys.get(parts[1])
        if key is None or not hmac.compare_digest(key.digest, _digest(token)):
            raise Unauthenticated("the key is unknown")
        if not key.holds_at(now):
            raise Unauthenticated("the key was revoked" if key.revoked_at else "the key has expired")
        if not key.allows(scope):
            raise Denied(f"the key {key.name!r} may {' and '.join(key.scopes)}, but this needs {scope}")
        if key.last_used_at is None or now - key.last_used_at >= USE_EVERY:
            self._note_use(key.id, now)
        return key

    def _note_use(self, id: str, now: datetime) -> None:
        """Record the use of a key, unless the ledger takes no write now: the next use will be recorded."""
        with suppress(Unavailable), self._ledger.write(wait=False) as unit:
            unit.keys.note_use(id, now)
            unit.commit()


def _random(length: int) -> str:
    return "".join(secrets.choice(_DIGITS) for _ in range(length))


def _checksum(text: str) -> str:
    """CRC-32 in base 62."""
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(_CHECKSUM_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
