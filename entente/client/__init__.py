"""A client of Entente's HTTP API. Imports nothing of the server; docs/clients.md has examples."""

from entente.client.api import LOCAL_URL, Clocks, Entente, EventFilters, PanelColumns, RelationFilters, StateFilters
from entente.client.errors import (
    BadSignature,
    Busy,
    Denied,
    EntenteError,
    Invalid,
    NotFound,
    ProblemError,
    Unreachable,
    UnusableAnswer,
)
from entente.client.listing import Listing
from entente.client.tables import Table, to_pandas
from entente.client.webhooks import Delivery, verify

__all__ = [
    "LOCAL_URL",
    "BadSignature",
    "Busy",
    "Clocks",
    "Delivery",
    "Denied",
    "Entente",
    "EntenteError",
    "EventFilters",
    "Invalid",
    "Listing",
    "NotFound",
    "PanelColumns",
    "ProblemError",
    "RelationFilters",
    "StateFilters",
    "Table",
    "Unreachable",
    "UnusableAnswer",
    "to_pandas",
    "verify",
]
