"""Back up and restore the ledger of a data directory. With PostgreSQL, its own tools do that."""

from pathlib import Path

from sqlalchemy import make_url

from entente.bootstrap import running
from entente.bootstrap.settings import Settings, SettingsError
from entente.services.errors import Conflict
from entente.storage import migrate
from entente.storage.copies import copy_ledger, revision_of


def back_up(settings: Settings, target: Path) -> None:
    """Copy the ledger, which may be in use, to a new file. Raises SettingsError on PostgreSQL, NotFound, Conflict."""
    copy_ledger(_ledger_file(settings, "pg_dump"), target)


def restore(settings: Settings, source: Path) -> str:
    """Make a backup the ledger of an installation that has none, and migrate it; the backup's revision.

    Raises SettingsError on PostgreSQL, AlreadyRunning, NotFound, and Conflict where there is a ledger, or where the
    file is none or is damaged.
    """
    ledger = _ledger_file(settings, "pg_restore")
    with running.exclusive(settings.make_data_dir()):
        revision = revision_of(source)
        copy_ledger(source, ledger)
        try:
            migrate.upgrade(settings.database_url)
        except Conflict:
            # Of a newer version: nothing of it is left here.
            ledger.unlink()
            raise
        return revision


def _ledger_file(settings: Settings, tool: str) -> Path:
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        raise SettingsError("ENTENTE_DATABASE_URL", "not an SQLite ledger", f"use {tool}, as docs/operations.md shows")
    return Path(str(url.database)).absolute()
