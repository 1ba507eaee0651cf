"""Access to the running app's services from a view."""

from flask import current_app

from entente.bootstrap.container import Container
from schemas.vocabulary import Vocabulary

EXTENSION = "entente"


def system() -> Container:
    """The composition root of the running app."""
    found: Container = current_app.extensions[EXTENSION]
    return found


def vocabulary() -> Vocabulary:
    """The codebook and the entities, for codes and names in a response."""
    return Vocabulary(system().codebook, system().entities)
