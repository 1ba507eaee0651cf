"""E-mail over STARTTLS and TLS, to servers with a certificate of their own, and to servers that never answer."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from entente.bootstrap.settings import Settings, SettingsError
from entente.services.circuit_breaker import CircuitBreaker
from entente.services.ports.subscriptions import Answer
from entente.web.mail import smtp
from entente.web.mail.digests import Digests
from entente.web.mail.smtp import MailServer, SmtpSender
from tests.conftest import ChosenClock
from tests.integration.test_alerts import Mailbox, _free_port
from tests.unit.test_alert_messages import ALERT, subscription

Send = Callable[[str, Path | None], Answer]


def certificate(place: Path, address: str) -> Path:
    """A file with a key and a certificate for an address, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    place.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return place


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return certificate(tmp_path / "own.pem", "127.0.0.1")


@contextmanager
def serving(scheme: str, mailbox: Mailbox, pem: Path) -> Iterator[str]:
    """A mail server with that certificate, which takes no message over a connection that is not encrypted; its URL."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    ways: dict[str, dict[str, Any]] = {
        "smtps": {"ssl_context": context},
        "smtp": {"tls_context": context, "require_starttls": True},
    }
    controller = Controller(mailbox, hostname="127.0.0.1", port=_free_port(), **ways[scheme])
    controller.start()
    try:
        yield f"{scheme}://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


@pytest.fixture
def send() -> Send:
    """`send(url, ca_file)`: what the server there answers to a message."""

    def sent(url: str, ca_file: Path | None) -> Answer:
        digests = Digests("alerts@entente.example", "https://entente.example")
        breaker = CircuitBreaker("the mail server")
        sender = SmtpSender(
            MailServer.at(url, ca_file), digests, breaker, ChosenClock(datetime(2025, 7, 4, tzinfo=UTC))
        )
        to = subscription()
        return sender.send(replace(to, url="mailto:reader@paper.example", kind="email"), "d1", [ALERT])

    return sent


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_message_goes_encrypted_to_a_server_whose_certificate_is_trusted(own: Path, send: Send, scheme: str) -> None:
    mailbox = Mailbox()
    with serving(scheme, mailbox, own) as url:
        assert send(url, own) == Answer(250)
    assert [message["To"] for message in mailbox.kept] == ["reader@paper.example"]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_nothing_is_sent_to_a_server_whose_certificate_is_not_trusted(own: Path, send: Send, scheme: str) -> None:
    mailbox = Mailbox()
    with serving(scheme, mailbox, own) as url:
        answer = send(url, None)
    assert (answer.status, answer.final, mailbox.kept) == (None, False, [])
    assert "certificate is not trusted" in str(answer.error)
    assert "ENTENTE_SMTP_CA" in str(answer.error)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_nothing_is_sent_under_a_certificate_of_another_address(tmp_path: Path, send: Send, scheme: str) -> None:
    mailbox, other = Mailbox(), certificate(tmp_path / "other.pem", "192.0.2.1")
    with serving(scheme, mailbox, other) as url:
        answer = send(url, other)
    assert mailbox.kept == []
    assert "not valid for '127.0.0.1'" in str(answer.error)


@contextmanager
def dripping(every: float | None) -> Iterator[int]:
    """A server that accepts connections and sends a byte so often, or never; its port."""
    stopping = threading.Event()
    kept: list[socket.socket] = []

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                taken, _ = listener.accept()
            except OSError:
                return
            kept.append(taken)
            while every is not None and not stopping.wait(every):
                try:
                    taken.sendall(b"2")
                except OSError:
                    break

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        thread = threading.Thread(target=accept, args=(listener,))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stopping.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for one in kept:
                one.close()


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_accepts_and_never_answers_is_left(
    send: Send, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "_TIMEOUT", 0.5)
    begun = time.monotonic()
    with dripping(None) as port:
        answer = send(f"{scheme}://127.0.0.1:{port}", None)
    assert (answer.status, answer.final) == (None, False)
    assert "timed out" in str(answer.error)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_answers_a_byte_at_a_time_is_left_at_the_deadline(
    send: Send, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "MAX_SECONDS", 1.0)
    begun = time.monotonic()
    with dripping(0.2) as port:
        answer = send(f"{scheme}://127.0.0.1:{port}", None)
    assert (answer.status, answer.final) == (None, False)
    assert "no answer within" in str(answer.error)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("reply", [b"250 OK\r\n", b"999 What\r\n"])
def test_an_answer_that_is_not_to_what_was_asked_is_no_delivery(send: Send, reply: bytes) -> None:
    """A message counts as delivered by the code 250 at its end alone."""
    with answering([b"220 here\r\n", b"250 here\r\n", b"250 OK\r\n", b"250 OK\r\n", reply]) as port:
        answer = send(f"smtp://127.0.0.1:{port}", None)
    assert (answer.status, answer.final) == (None, False)


@contextmanager
def answering(replies: Sequence[bytes]) -> Iterator[int]:
    """A server that answers one line after the other with these, whatever is said; its port."""

    def talk(listener: socket.socket) -> None:
        taken, _ = listener.accept()
        with taken:
            for n, reply in enumerate(replies):
                if n:
                    taken.recv(4096)
                taken.sendall(reply)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=talk, args=(listener,))
        thread.start()
        yield listener.getsockname()[1]
        thread.join(5)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_that_has_no_certificates_is_refused_at_the_start(tmp_path: Path, content: str | None) -> None:
    named = tmp_path / "ca.pem"
    if content:
        named.write_text(content)
    with pytest.raises(SettingsError, match="ENTENTE_SMTP_CA"):
        Settings.from_env({"ENTENTE_SMTP_CA": str(named), "ENTENTE_DATA_DIR": str(tmp_path)})
