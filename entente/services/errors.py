"""What a service may answer instead of doing as asked.

ServiceError
├── NotFound          nothing under that id
├── Invalid           what is asked for can't be (carries the parameter at fault)
├── Contradiction     parameters that leave nothing to be asked between them (carries the last of them)
├── Conflict          it is there, but not in a state that allows this
├── Malformed         a header that can't be read
├── Forbidden         the signature doesn't allow it
├── Unauthenticated   no key, or one that is unknown, revoked or expired
├── Denied            the key doesn't reach that far
└── Unavailable       the ledger can't be reached; try again
"""


class ServiceError(Exception):
    """Root of what the services raise on purpose; the message is for the user."""


class NotFound(ServiceError):
    """Nothing under that id."""

    def __init__(self, kind: str, id: str) -> None:
        self.kind = kind
        self.id = id
        super().__init__(f"no {kind} {id!r}")


class Invalid(ServiceError):
    """Well-formed, but not something that can be asked; `field` names the parameter at fault."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


class Contradiction(ServiceError):
    """Parameters, each right in itself, that leave nothing to be asked; `field` names the last of them."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


class Conflict(ServiceError):
    """The thing is there, but its state doesn't allow what was asked."""


class Malformed(ServiceError):
    """A header that can't be read; `field` names it."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason)


class Forbidden(ServiceError):
    """A signature that doesn't allow what was asked."""


class Unauthenticated(ServiceError):
    """No key, or one that doesn't hold."""


class Denied(ServiceError):
    """A key that holds, but whose scopes don't allow what was asked."""


class Unavailable(ServiceError):
    """The ledger can't be reached. Nothing was acknowledged; the caller should try again."""
