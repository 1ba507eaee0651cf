"""The Sender port for e-mail, over SMTP, with a deadline that a slow server can't stretch."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from entente.services.circuit_breaker import CircuitBreaker, CircuitOpen
from entente.services.ports.alerts import Alert
from entente.services.ports.subscriptions import Answer, Subscription
from entente.services.ports.system import Clock
from entente.web.guard import Deadline
from entente.web.mail.digests import Digests

#: Seconds for one message, well below the lease of an attempt, and for one answer of the server.
MAX_SECONDS = 30.0
_TIMEOUT = 10.0

_LATE = f"no answer within {MAX_SECONDS:.0f} seconds"

_PORTS = {"smtp": 587, "smtps": 465}

#: Characters of a server's answer that are kept.
_MAX_ERROR = 200


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server that takes messages. `tls`: from the start; else by STARTTLS where it is offered.

    Its certificate is always verified, its name too.
    """

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None

    @classmethod
    def at(cls, url: str, ca_file: Path | None = None) -> "MailServer":
        """The server of an smtp:// or smtps:// URL, whose user and password may be percent-encoded.

        `ca_file`: certificates (PEM) of those that may sign the server's; None: the system's authorities.
        """
        parts = urlsplit(url)
        login = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(
            parts.hostname or "localhost", parts.port or _PORTS[parts.scheme], parts.scheme == "smtps", *login, ca_file
        )


class SmtpSender:
    """Sends e-mails by one server. While that fails, messages are put off at once (the circuit breaker)."""

    most = 100

    def __init__(self, server: MailServer, digests: Digests, breaker: CircuitBreaker, clock: Clock) -> None:
        self._server = server
        self._digests = digests
        self._breaker = breaker
        self._clock = clock

    def server(self, subscription: Subscription) -> str:  # noqa: ARG002  # the port's signature
        """The mail server: all recipients share its places."""
        host = f"[{self._server.host}]" if ":" in self._server.host else self._server.host
        return f"smtp://{host}:{self._server.port}"

    def send(self, subscription: Subscription, message_id: str, alerts: Sequence[Alert]) -> Answer:
        """Send one e-mail; never raises for one that failed."""
        message = self._digests.message(subscription, message_id, alerts, self._clock.now())
        deadline = Deadline(MAX_SECONDS)
        try:
            with self._breaker.call(_is_of_the_server), deadline.running():
                self._hand_over(message, deadline)
        except CircuitOpen:
            return Answer(None, "the mail server failed a moment ago and was not asked again yet")
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            return Answer(code, _text(said), final=code >= 500)
        except smtplib.SMTPResponseException as error:
            # What was cut off, or is not for what was asked, may look like the code of success.
            if deadline.passed:
                return Answer(None, _LATE)
            refused = error.smtp_code if 400 <= error.smtp_code < 600 else None
            return Answer(refused, _text(error.smtp_error), final=_is_refusal(error))
        except ssl.SSLCertVerificationError as error:
            why = f"the mail server's certificate is not trusted ({error.verify_message})"
            return Answer(None, f"{why}; ENTENTE_SMTP_CA may name who signed it")
        except (OSError, ValueError) as error:
            return Answer(None, _LATE if deadline.passed else _text(str(error)))
        return Answer(250)

    def _hand_over(self, message: EmailMessage, deadline: Deadline) -> None:
        server, context = self._server, ssl.create_default_context(cafile=self._server.ca_file)
        if server.tls:
            connection: smtplib.SMTP = _WatchedTls(deadline, server.host, server.port, context=context)
        else:
            connection = _Watched(deadline, server.host, server.port)
        try:
            connection.ehlo()
            if not server.tls and connection.has_extn("starttls"):
                connection.starttls(context=context)
                deadline.watch(cast("socket.socket", connection.sock))
                connection.ehlo()
            elif not server.tls and server.user:
                raise ValueError("the mail server offers no STARTTLS, so the password was not sent")
            if server.user:
                connection.login(server.user, server.password)
            connection.send_message(message)
        finally:
            # What the server accepted is sent, however it takes leave.
            with suppress(OSError):
                connection.quit()
            connection.close()


class _Watching:
    """An SMTP connection that a deadline shuts down."""

    def __init__(self, deadline: Deadline, host: str, port: int, **options: Any) -> None:
        self._deadline = deadline
        super().__init__(host, port, timeout=_TIMEOUT, **options)  # type: ignore[call-arg]  # smtplib's

    def _get_socket(self, *args: Any) -> socket.socket:
        made: socket.socket = super()._get_socket(*args)  # type: ignore[misc]  # not in the stubs
        self._deadline.watch(made)
        return made


class _Watched(_Watching, smtplib.SMTP):
    pass


class _WatchedTls(_Watching, smtplib.SMTP_SSL):
    pass


def _is_of_the_server(error: Exception) -> bool:
    """True if the server failed, not if it answered that it doesn't take a message. smtplib's errors are OSErrors."""
    if isinstance(error, (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError)):
        return True
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)


def _is_refusal(error: smtplib.SMTPResponseException) -> bool:
    """True if the server will never take this message. That it refuses sender or login can be set right meanwhile."""
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:_MAX_ERROR] or "the mail server broke off"
