"""Load the table of publishers of `seeds/`, with the Public Suffix List for hosts that it lacks."""

from collections.abc import Mapping
from functools import cache

from tld import get_fld

from entente.bootstrap.seeds import SeedError, listed, rows
from entente.relations.publishers import KINDS, MEDIA, Publisher, Publishers


@cache
def load_publishers() -> Publishers:
    """The publishers of seeds/publishers.csv. Raises SeedError."""
    try:
        return Publishers(map(_publisher, rows("publishers.csv")), registrable_domain)
    except ValueError as error:
        raise SeedError(f"publishers.csv: {error}") from error


def registrable_domain(host: str) -> str:
    """The registrable domain of a host name, by the copy of the Public Suffix List that `tld` carries.

    Under a suffix that the list lacks, the last two labels, as the list's algorithm says.
    """
    found: str | None = get_fld(f"http://{host}", fail_silently=True, search_private=True)
    return found or ".".join(host.split(".")[-2:])


def _publisher(row: Mapping[str, str]) -> Publisher:
    if row["kind"] not in KINDS or row["medium"] not in MEDIA:
        raise ValueError(f"{row['domain']}: kind is one of {', '.join(KINDS)}; medium one of {', '.join(MEDIA)}")
    if not row["owner"]:
        raise ValueError(f"{row['domain']}: no owner; a publisher that is its own repeats its name")
    return Publisher(
        domain=row["domain"],
        name=row["name"],
        owner=row["owner"],
        kind=row["kind"],
        medium=row["medium"],
        country=row["country"],
        aliases=listed(row["aliases"]),
    )
