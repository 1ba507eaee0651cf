"""What a URL must be like to be fetched or delivered to. Names are judged when they are resolved, by the fetcher."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from entente.services.errors import Invalid
from entente.services.special_purpose import is_public

#: Part of an error message: why a URL with a user name or password is refused, and the remedy.
NO_LOGIN = "holds a user name or password, which would be kept and shown; leave out what stands before the @"


def check_address(url: str, *, loopback: bool = False) -> None:
    """Refuse what is no http or https URL, names a user, or leads inside by its address. Raises Invalid (url).

    `loopback` allows this machine's own servers.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise Invalid("url", "the address must be a URL that can be read") from None
    if not usable:
        raise Invalid("url", "the address starts with http:// or https:// and names a host")
    if has_login(url):
        raise Invalid("url", f"the address {NO_LOGIN}")
    literal = literal_address(parts.hostname or "")
    if literal and not is_public(literal) and not (loopback and literal.is_loopback):
        raise Invalid("url", f"{literal} is not on the public internet")


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is written as; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def has_login(url: str) -> bool:
    """True if a well-formed URL contains a user name or password."""
    return "@" in urlsplit(url).netloc
