"""Rendering to the bytes that the cache holds and the API sends."""

import json
from typing import Any

from entente.relations.codebook import Codebook
from entente.relations.entities import Entities
from entente.relations.record import Relation
from schemas.relations import relation_shape
from schemas.vocabulary import Vocabulary


def to_json(shape: Any) -> bytes:
    """Canonical JSON: UTF-8, keys sorted, no spaces, so that equal shapes are equal bytes. Raises ValueError on NaN."""
    text = json.dumps(shape, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


class JsonRenderer:
    """The `Renderer` port, in JSON."""

    def __init__(self, codebook: Codebook, entities: Entities) -> None:
        self._vocabulary = Vocabulary(codebook, entities)

    def relation(self, relation: Relation) -> bytes:
        """The record as canonical JSON, in the shape of `RelationSchema`."""
        return to_json(relation_shape(relation, self._vocabulary))
