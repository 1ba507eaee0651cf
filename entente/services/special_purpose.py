"""Which addresses lead to the public internet, by IANA's special-purpose registries (special_purpose.csv).

The narrowest network that holds an address decides. An IPv6 address that embeds an IPv4 address is judged by that one:
IPv4-mapped, -compatible and -translated, NAT64, 6to4 and Teredo.
"""

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """True for an address on the public internet."""
    ruled = next((rule for network, rule in _rules() if address in network), None)
    if ruled is None:
        # Of IPv6 only 2000::/3 is given out as global unicast.
        return isinstance(address, IPv4Address) or address in _GLOBAL_UNICAST
    if ruled in ("yes", "no"):
        return ruled == "yes"
    assert isinstance(address, IPv6Address)
    return is_public(_embedded(address, ruled))


_GLOBAL_UNICAST = IPv6Network("2000::/3")


def _embedded(address: IPv6Address, place: str) -> IPv4Address:
    number = int(address)
    if place == "6to4":
        return IPv4Address(number >> 80 & 0xFFFFFFFF)
    # A Teredo client's address is stored with its bits inverted (RFC 4380).
    return IPv4Address(~number & 0xFFFFFFFF if place == "teredo" else number & 0xFFFFFFFF)


@cache
def _rules() -> tuple[tuple[IPv4Network | IPv6Network, str], ...]:
    """The networks with their rules, the narrowest first."""
    return tuple(sorted(table(), key=lambda row: -row[0].prefixlen))


def table() -> Iterator[tuple[IPv4Network | IPv6Network, str]]:
    """Every network of the table with its rule: yes, no, last, 6to4 or teredo."""
    text = (files("entente.services") / "special_purpose.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return ((ip_network(row["network"]), row["global"]) for row in rows)
