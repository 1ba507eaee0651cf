"""Check the form of URLs that users register or submit. Whether a host may be reached, the fetcher checks."""

from urllib.parse import urlsplit

from entente.services.errors import Invalid

#: Part of an error message: why a URL with a user name or password is refused, and the remedy.
NO_LOGIN = "holds a user name or password, which would be kept and shown; leave out what stands before the @"


def check_address(url: str) -> None:
    """Check that a URL is http or https with a host and without user name or password. Raises Invalid (url)."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise Invalid("url", "the address must be a URL that can be read") from None
    if not usable:
        raise Invalid("url", "the address starts with http:// or https:// and names a host")
    if has_login(url):
        raise Invalid("url", f"the address {NO_LOGIN}")


def has_login(url: str) -> bool:
    """True if a well-formed URL contains a user name or password."""
    return "@" in urlsplit(url).netloc
