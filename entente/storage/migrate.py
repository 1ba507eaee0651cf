"""Bringing a database's schema up to date. Safe when several processes start at once: one migrates, the others wait."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from entente.storage.engine import for_writing, open_engine

#: Any constant will do, so long as nothing else in the database takes the same advisory lock.
_POSTGRES_LOCK = 0x656E74656E7465


def upgrade(url: str) -> None:
    """Create or migrate the ledger's tables, in one transaction. Raises services.errors.Unavailable, ValueError."""
    engine = open_engine(url)
    try:
        # SQLite's BEGIN IMMEDIATE is lock enough.
        with for_writing(engine).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
            command.upgrade(config(connection), "head")
    finally:
        engine.dispose()


def config(connection: Connection) -> Config:
    """Alembic's configuration for an open transaction, which it neither commits nor closes."""
    found = Config(attributes={"connection": connection})
    found.set_main_option("script_location", "entente.storage:migrations")
    return found
