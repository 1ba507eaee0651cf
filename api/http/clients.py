"""Who asks: the client's address, through proxies that are trusted, and whether it is this machine itself."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Networks = Sequence[IPv4Network | IPv6Network]

#: Key of the WSGI environ, set for a request of a web page that may read answers only as any page may: it may have been
#: opened on this machine, but does not speak for it.
UNNAMED_PAGE = "entente.unnamed_page"

#: What a proxy adds: whoever sends one of these does not speak for himself.
_FORWARDING = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")

#: A provider gives a customer at least a network of this prefix length, in which the customer chooses addresses.
_IPV6_PREFIX = 64

#: An address with a port, as some proxies write it: `203.0.113.7:4711`, `[2001:db8::1]:4711`; or brackets alone.
_WITH_PORT = re.compile(r"\[(?P<v6>[^]]*)\](?::\d+)?|(?P<v4>[^:]*):\d+", re.ASCII)

#: Addresses that a forwarding header may list; a longer one is cut on the left, where anyone may write.
_MAX_HOPS = 20


def client_address(environ: Mapping[str, Any], proxies: Networks) -> str:
    """The client's address: the peer's, or the last one before the trusted `proxies` (X-Forwarded-For, without ports).

    Limits count its `limit_key`.
    """
    peer: str = environ.get("REMOTE_ADDR") or ""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR")
    if not proxies or not forwarded or not is_among(peer, tuple(proxies)):
        return peer
    address = peer
    for hop in reversed(forwarded.split(",")[-_MAX_HOPS:]):
        try:
            address = str(ip_address(_without_port(hop.strip())))
        except ValueError:
            return address
        if not is_among(address, tuple(proxies)):
            return address
    return address


@lru_cache(maxsize=4096)
def limit_key(address: str) -> str:
    """What limits count for an address: the /64 network of an IPv6 one, the IPv4 address of an IPv4-mapped one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ip_network((int(parsed), _IPV6_PREFIX), strict=False))


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
    try:
        return not address or ip_address(address).is_loopback
    except ValueError:
        return False


def _without_port(hop: str) -> str:
    found = _WITH_PORT.fullmatch(hop)
    return (found["v6"] or found["v4"] or "") if found else hop


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
    # A dual-stack listener gives IPv4 addresses as IPv4-mapped ones.
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(parsed in network for network in networks)
