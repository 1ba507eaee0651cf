"""Port: a coder, which codes texts into events."""

from typing import Protocol, runtime_checkable

from entente.services.articles import Coding, Document
from entente.services.explanations import Explanation


class Coder(Protocol):
    """Codes documents. A text never makes it raise; without events, the Coding has a reason."""

    version: str

    def code(self, document: Document) -> Coding: ...


@runtime_checkable
class Inspectable(Protocol):
    """A coder that can explain its codings; a remote coder need not."""

    def explain(self, document: Document) -> Explanation:
        """Code a document, and explain how each sentence gave its events or none."""
        ...
