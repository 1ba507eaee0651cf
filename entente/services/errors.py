"""Errors of the services.

ServiceError
├── NotFound          nothing under that id
├── Invalid           a parameter's value is not allowed (carries its name)
├── Contradiction     parameters exclude each other (carries the name of the last)
├── Conflict          the state of the thing doesn't allow this
├── Malformed         a header can't be read (carries its name)
├── ForeignPublisher  a sender names a publisher for which it may not speak
├── Forbidden         a webhook's signature or timestamp is not valid
├── Unauthenticated   the API key is malformed, unknown, revoked or expired
├── Denied            the API key lacks the scope
└── Unavailable       the ledger can't be reached; try again
"""

from collections.abc import Sequence


class ServiceError(Exception):
    """Base class of the services' errors. The message is shown to the user."""


class NotFound(ServiceError):
    """Nothing under that id. `field` names the parameter that gave it, where there are several."""

    def __init__(self, kind: str, id: str, field: str = "") -> None:
        self.kind = kind
        self.id = id
        self.field = field
        super().__init__(f"no {kind} {id!r}")


class Invalid(ServiceError):
    """A well-formed parameter whose value is not allowed; `field` is its name."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


class Contradiction(ServiceError):
    """Parameters that are valid alone but exclude each other; `field` is the name of the last."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


class Conflict(ServiceError):
    """The thing exists, but its state doesn't allow the operation."""


class Malformed(ServiceError):
    """A header that can't be read; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


class Forbidden(ServiceError):
    """A webhook's signature or timestamp is missing or not valid."""


class ForeignPublisher(ServiceError):
    """A signed delivery names a publisher that is not one of its sender's; `field` says what is refused."""

    field = "publisher"

    def __init__(self, sender: str, publisher: str, allowed: Sequence[str]) -> None:
        some = ", ".join(allowed[:3]) + (" …" if len(allowed) > 3 else "")
        super().__init__(
            f"{sender!r} may not deliver articles of the publisher {publisher!r}, only of: {some}. Name one of these "
            f"in the delivery's `source`, or let an administrator add it (`entente sources bind {sender} PUBLISHER…`)"
        )


class Unauthenticated(ServiceError):
    """The API key is missing, malformed, unknown, revoked or expired."""


class Denied(ServiceError):
    """A valid API key whose scopes don't allow the operation."""


class Unavailable(ServiceError):
    """The ledger can't be reached. Nothing was acknowledged; retry later."""
