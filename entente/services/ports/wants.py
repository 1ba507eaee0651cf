"""Filters of changes, as subscribers and readers of the Atom feed set them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wants:
    """Filters of changes; empty doesn't filter.

    `countries`: either party; `pairs`: both parties, in either direction; `facets`; `to_values`: values after the
    change. `historic`: also historic changes (see Change). `unconfirmed`: also changes of unconfirmed values.
    """

    countries: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    facets: Sequence[str] = ()
    to_values: Sequence[str] = ()
    historic: bool = False
    unconfirmed: bool = False
