"""Port: rendering of relation records."""

from typing import Protocol

from entente.relations.record import Relation


class Renderer(Protocol):
    """Renders records as the bytes that the cache stores and the API sends."""

    def relation(self, relation: Relation) -> bytes: ...
