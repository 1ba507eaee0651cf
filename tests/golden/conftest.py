"""The bundled coder, without a ledger."""

from pathlib import Path

import pytest

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.ports.coder import Coder


@pytest.fixture(scope="session")
def coder() -> Coder:
    """The coder of the bundled weights, loaded once a process."""
    return Container(Settings(data_dir=Path("unused"), database_url="sqlite://")).coder
