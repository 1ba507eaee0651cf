"""All tables of the ledger: their metadata, once both kinds of tables are known to it."""

from entente.storage.derived import tables as derived
from entente.storage.metadata import metadata
from entente.storage.truth import tables as truth

__all__ = ["derived", "metadata", "truth"]
