"""What a view reaches the system through."""

from flask import current_app

from entente.bootstrap.container import Container
from schemas.vocabulary import Vocabulary

EXTENSION = "entente"


def system() -> Container:
    """The composition root of the running app."""
    found: Container = current_app.extensions[EXTENSION]
    return found


def vocabulary() -> Vocabulary:
    """Codes and names for the shapes of an answer."""
    return Vocabulary(system().codebook, system().entities)
