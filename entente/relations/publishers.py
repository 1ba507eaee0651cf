"""Publishers: who owns the paper, agency, station or site that printed an article.

Reports count as independent only if they come from publishers of different owners. The table is
`seeds/publishers.csv`. A publisher that it lacks is its own owner: under its registrable domain if its name is a host
name or URL, else under its name in lower case.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

#: What `kind` may be: how a publisher stands to states and to other publishers' copy.
KINDS = ("wire", "state", "party", "independent", "aggregator")

#: What `medium` may be.
MEDIA = ("agency", "newspaper", "magazine", "broadcaster", "website", "government", "organisation")

#: In a sender's list of publishers: it may name any.
ANY = "*"

#: The registrable domain of a host name (`news.bbc.co.uk` → `bbc.co.uk`).
Registrable = Callable[[str], str]

_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher of the table. `country` is an entity's key, or "" for an international body."""

    domain: str
    name: str
    owner: str
    kind: str
    medium: str
    country: str
    aliases: tuple[str, ...] = ()


class Publishers:
    """The table of publishers, found by name, alias or host name."""

    def __init__(self, known: Iterable[Publisher] = (), registrable: Registrable = lambda host: host) -> None:
        """Raises ValueError if two publishers share a domain, name or alias."""
        self._registrable = registrable
        self._found: dict[str, Publisher] = {}
        # Bounded: names come from outside.
        self.owner_of = lru_cache(maxsize=10_000)(self._owner_of)
        for publisher in known:
            for name in {_plain(name) for name in (publisher.domain, publisher.name, *publisher.aliases)}:
                if name in self._found:
                    raise ValueError(f"{name!r} names both {self._found[name].domain} and {publisher.domain}")
                self._found[name] = publisher

    def __len__(self) -> int:
        return len({publisher.domain for publisher in self._found.values()})

    def find(self, name: str) -> Publisher | None:
        """The publisher of this name, alias, URL or host name (or of a host above it); None if the table lacks it."""
        plain = _plain(name)
        if found := self._found.get(plain):
            return found
        labels = plain.split(".") if _HOST.fullmatch(plain) else []
        above = (".".join(labels[start:]) for start in range(1, len(labels) - 1))
        return next((self._found[host] for host in above if host in self._found), None)

    def _owner_of(self, name: str) -> str:
        """The owner of a publisher, by name, URL or host name."""
        found = self.find(name)
        return found.owner if found else self._own(_plain(name))

    def may_name(self, allowed: Iterable[str], name: str) -> bool:
        """Whether `name` is one of the publishers `allowed`, by whatever name or host, or `allowed` has ANY."""
        known = self.identity(name)
        return any(one == ANY or self.identity(one) == known for one in allowed)

    def identity(self, name: str) -> str:
        """One spelling of a publisher: its domain in the table; else its registrable domain or name in lower case."""
        found = self.find(name)
        return found.domain if found else self._own(_plain(name))

    def _own(self, plain: str) -> str:
        return self._registrable(plain) if _HOST.fullmatch(plain) else plain


def _plain(name: str) -> str:
    """A name as it is looked up: lower case, single spaces, without "the"; of a URL or host name, the host."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    if plain.startswith(("http://", "https://")):
        try:
            plain = urlsplit(plain).hostname or plain
        except ValueError:
            return plain
    if _HOST.fullmatch(plain):
        return plain.removeprefix("www.")
    return plain.removeprefix("the ")
