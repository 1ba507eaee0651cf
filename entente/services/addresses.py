"""What an address must be like to be asked or told of anything; whether it may be reached, the fetcher says."""

from urllib.parse import urlsplit

from entente.services.errors import Invalid

#: Why an address with a user name or password is refused, and what to do instead.
NO_LOGIN = "holds a user name or password, which would be kept and shown; leave out what stands before the @"


def check_address(url: str) -> None:
    """Refuse what is no http or https URL, or names a user. Raises Invalid (url)."""
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
    """Whether a URL that can be read names a user."""
    return "@" in urlsplit(url).netloc
