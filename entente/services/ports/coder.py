"""The port of a coder: text in, events out."""

from typing import Protocol, runtime_checkable

from entente.services.articles import Coding, Document
from entente.services.explanations import Explanation


class Coder(Protocol):
    """Text → events. Never raises on a text; a coder that can't answer gives a Coding with a reason."""

    version: str

    def code(self, document: Document) -> Coding: ...


@runtime_checkable
class Inspectable(Protocol):
    """A coder that shows its work. A remote model may not be one."""

    def explain(self, document: Document) -> Explanation:
        """The events of a document, and how each sentence came to them or to none."""
        ...
