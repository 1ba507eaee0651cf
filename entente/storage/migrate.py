"""Migrate a database to the current schema. If several processes start at once, one migrates and the others wait."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from entente.services.errors import Unavailable
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
            try:
                command.upgrade(config(connection), "head")
            except CommandError as error:
                remedy = "was it migrated by a newer Entente? Then install that version"
                raise Unavailable(f"the ledger's tables can't be migrated ({error}); {remedy}") from error
            except DBAPIError as error:
                remedy = "nothing was changed; were they changed by hand? Then restore a backup"
                raise Unavailable(f"the ledger's tables can't be migrated ({error.orig}); {remedy}") from error
    finally:
        engine.dispose()


def require_current(connection: Connection) -> None:
    """Raise Unavailable if the ledger's tables were not migrated, or not as far as this version needs.

    Tables of a newer version pass: while an update is rolled out, the old processes go on.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    *earlier, last = _revisions()
    if found is None or found in earlier:
        remedy = "`entente up`, `entente serve` and `entente doctor` migrate them"
        raise Unavailable(f"the ledger's tables are at migration {found or 'none'}, not {last}; {remedy}")


@cache
def _revisions() -> tuple[str, ...]:
    """The migrations of this version, first to last."""
    return tuple(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())[::-1]


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration for an open transaction. Alembic neither commits nor closes it."""
    found = Config(attributes={"connection": connection})
    found.set_main_option("script_location", "entente.storage:migrations")
    return found
