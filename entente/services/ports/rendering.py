"""The port that renders a relation record."""

from typing import Protocol

from entente.relations.record import Relation


class Renderer(Protocol):
    """The bytes that the cache holds and the API sends."""

    def relation(self, relation: Relation) -> bytes: ...
