"""What can go wrong with a file that is imported, and with one of its rows."""

from entente.services.errors import ServiceError


class BadRow(Exception):
    """A row that is not taken. The reason is one of few, so that they can be counted; `detail` has what was found."""

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(": ".join(part for part in (reason, detail) if part))


class WrongFile(ServiceError):
    """A file that is not of the format that was named."""
