"""Migrate a database to the current schema. If several processes start at once, one migrates and the others wait."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from entente.storage.engine import for_writing, open_engine

#: Key of the advisory lock: any constant that nothing else in the database uses.
_POSTGRES_LOCK = 0x656E74656E7465


def upgrade(url: str) -> None:
    """Create or migrate the ledger's tables, in one transaction. Raises services.errors.Unavailable, ValueError."""
    engine = open_engine(url)
    try:
        # On SQLite, BEGIN IMMEDIATE is the lock.
        with for_writing(engine).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
            command.upgrade(config(connection), "head")
    finally:
        engine.dispose()


def config(connection: Connection) -> Config:
    """Alembic's configuration for an open transaction. Alembic neither commits nor closes it."""
    found = Config(attributes={"connection": connection})
    found.set_main_option("script_location", "entente.storage:migrations")
    return found
