"""The client's errors.

EntenteError
├── Unreachable        no answer: nothing listens there, or it took too long
├── UnusableAnswer     an answer that is not this API's
├── BadSignature       a delivery that is not genuine, or too old
└── ProblemError       the API refused; `problem` has its document (RFC 9457)
    ├── NotFound         404: no such country, event or article; `nearest` has similar names
    ├── Denied           401, 403: no API key, or one without the scope
    ├── Invalid          400, 409, 413, 415, 422: `fields` says what is wrong where
    └── Busy             429, 5xx: also after all attempts; ask again later
"""

from collections.abc import Sequence
from typing import ClassVar

from entente.client.shapes import FieldError, Nearest, Problem


class EntenteError(Exception):
    """Base of all errors that this package raises on purpose."""


class Unreachable(EntenteError):
    """No answer came."""


class UnusableAnswer(EntenteError):
    """The answer is not one of this API: the address may be that of another server."""


class BadSignature(EntenteError):
    """A delivery is not signed with the secret, was altered, or is more than five minutes old."""


class ProblemError(EntenteError):
    """The API refused the request."""

    statuses: ClassVar[range | tuple[int, ...]] = ()

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem["detail"])

    @property
    def status(self) -> int:
        """The status code of the answer."""
        return self.problem["status"]

    @property
    def fields(self) -> Sequence[FieldError]:
        """What is wrong in which field or parameter."""
        return self.problem.get("errors", [])

    @property
    def nearest(self) -> Sequence[Nearest]:
        """Countries whose names resemble an unknown one."""
        return self.problem.get("nearest", [])

    @property
    def known(self) -> Sequence[str]:
        """The accepted values, where only some are."""
        return self.problem.get("known", [])

    @property
    def request_id(self) -> str | None:
        """The id under which the server's log has the request."""
        return self.problem.get("request_id")


class NotFound(ProblemError):
    """No such country, event, article or page."""

    statuses = (404,)


class Denied(ProblemError):
    """There was no API key, or it lacks the scope."""

    statuses = (401, 403)


class Invalid(ProblemError):
    """The request can't be understood, or contradicts another."""

    statuses = (400, 409, 413, 415, 422)


class Busy(ProblemError):
    """The server has too much to do, or is out of service."""

    statuses = (429, *range(500, 600))


def problem_error(problem: Problem) -> ProblemError:
    """The error for a problem document, by its status."""
    kinds = (NotFound, Denied, Invalid, Busy)
    kind = next((kind for kind in kinds if problem["status"] in kind.statuses), ProblemError)
    return kind(problem)
