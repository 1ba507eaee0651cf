"""Who asks: the client's address, through proxies that are trusted, and whether it is this machine itself."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

Networks = Sequence[IPv4Network | IPv6Network]

#: Key of the WSGI environ, set for a request of a web page that may read answers only as any page may: it may have been
#: opened on this machine, but does not speak for it.
UNNAMED_PAGE = "entente.unnamed_page"

#: What a proxy adds: whoever sends one of these does not speak for himself.
_FORWARDING = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")

#: Addresses that a forwarding header may list; a longer one is cut on the left, where anyone may write.
_MAX_HOPS = 20


def client_address(environ: Mapping[str, Any], proxies: Networks) -> str:
    """The address that limits count: the peer's, or the last one before the trusted `proxies` (X-Forwarded-For)."""
    peer: str = environ.get("REMOTE_ADDR") or ""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR")
    if not proxies or not forwarded or not is_among(peer, tuple(proxies)):
        return peer
    address = peer
    for hop in reversed(forwarded.split(",")[-_MAX_HOPS:]):
        try:
            address = str(ip_address(hop.strip()))
        except ValueError:
            return address
        if not is_among(address, tuple(proxies)):
            return address
    return address


def is_this_machine(environ: Mapping[str, Any]) -> bool:
    """True if a program on this machine asks by a local name: no proxy, nor a page under a rebound name."""
    return (
        _is_loopback(environ.get("REMOTE_ADDR") or "")
        and _is_local_name(environ.get("HTTP_HOST") or "")
        and UNNAMED_PAGE not in environ
        and not any(name in environ for name in _FORWARDING)
    )


@lru_cache(maxsize=1024)
def _is_loopback(address: str) -> bool:
    # No address: the server listens on a Unix socket, which only this machine reaches.
    return not address or ip_address(address).is_loopback


@lru_cache(maxsize=1024)
def _is_local_name(host: str) -> bool:
    # No Host: HTTP/1.0, which no browser speaks.
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    name = name.strip("[]").lower()
    if not name or name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def is_among(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Whether one of `networks` holds the address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
