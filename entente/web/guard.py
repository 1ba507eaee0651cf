"""The guard on what is fetched: which URLs and addresses, and a deadline that a slow server can't stretch.

requests-hardened resolves a name once and connects to what it checked, redirects included; it knows the private
ranges. Added here are IANA's whole registries, embedded addresses, and the wall clock: a read timeout starts anew with
every byte.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.models import PreparedRequest
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from entente.services.addresses import literal_address
from entente.services.ports.fetching import FetchFailed
from entente.services.special_purpose import is_public

_PORTS = {"http": 80, "https": 443}


class Deadline:
    """Shuts down its connections when `seconds` have passed; then `passed` is True."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True

    def watch(self, connection: socket.socket) -> None:
        """Add a connection to those that are shut down."""
        self._sockets.append(connection)
        if self.passed:
            self._strike()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start the clock; leaving the context stops it."""
        self._timer.start()
        try:
            yield
        finally:
            self._timer.cancel()

    def _strike(self) -> None:
        self.passed = True
        for connection in self._sockets:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def check_url(url: str, *, loopback: bool) -> None:
    """Refuse a URL that is not http(s) on its default port, has a login, or names an internal address.

    `loopback` allows this machine, on any port. Raises FetchFailed.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchFailed("the URL can't be read", final=True) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise FetchFailed("only http and https URLs are fetched", final=True)
    if parts.username is not None or parts.password is not None:
        raise FetchFailed("a URL with a user name or password is not fetched", final=True)
    literal = literal_address(parts.hostname)
    if literal and leads_inside(literal) and not (loopback and literal.is_loopback):
        raise FetchFailed(f"{literal} is not a public address", final=True)
    if port not in (None, _PORTS[parts.scheme]) and not (loopback and _is_loopback(parts.hostname)):
        raise FetchFailed(f"port {port} is not fetched from, only 80 and 443", final=True)


class GuardedAdapter(IPFilterAdapter):
    """Connects only to public addresses (with `loopback`, this machine too), and under the deadline."""

    def __init__(self, scheme: str, deadline: Deadline, *, loopback: bool) -> None:
        self._loopback = loopback
        self._deadline = deadline
        super().__init__(is_https_proto=scheme == "https", allow_loopback=loopback)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _watched_pools(self._deadline)

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: bool | str, cert: str | tuple[str, str] | None = None
    ) -> Any:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        address = ip_address(str(host["host"]).strip("[]"))
        if not (self._loopback and address.is_loopback) and leads_inside(address):
            raise requests.exceptions.InvalidURL(f"{address} is not a public address")
        return host, pool


def leads_inside(address: IPv4Address | IPv6Address) -> bool:
    """True for an address that is not on the public internet."""
    return not is_public(address)


def _watched_pools(deadline: Deadline) -> dict[str, type[HTTPConnectionPool]]:
    class Watched(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            deadline.watch(self.sock)

    class WatchedTls(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            deadline.watch(self.sock)

    class Pool(HTTPConnectionPool):
        ConnectionCls = Watched

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = WatchedTls

    return {"http": Pool, "https": TlsPool}


def _is_loopback(host: str) -> bool:
    literal = literal_address(host)
    return literal.is_loopback if literal else host == "localhost"
