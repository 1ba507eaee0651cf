"""All tables of the ledger: importing this module registers them with `metadata`."""

from entente.storage.derived import tables as derived
from entente.storage.metadata import metadata
from entente.storage.truth import tables as truth

__all__ = ["derived", "metadata", "truth"]
