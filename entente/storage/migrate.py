"""Migrate a database to the current schema. If several processes start at once, one migrates and the others wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from entente.services.errors import Conflict, Invalid, Unavailable
from entente.storage.engine import for_reading, for_writing, open_engine

if TYPE_CHECKING:
    # Imported where something is migrated: every process asks for the revision, and few migrate.
    from alembic.config import Config

#: Key of the advisory lock: any constant that nothing else in the database uses.
_POSTGRES_LOCK = 0x656E74656E7465


def upgrade(url: str) -> None:
    """Create or migrate the ledger's tables, in one transaction.

    Raises services.errors.Unavailable, ValueError, and Conflict where a newer version of Entente migrated the ledger.
    """
    if current(url) == revisions()[-1]:
        return
    from alembic import command

    with _alone(url) as connection:
        _known(connection)
        command.upgrade(config(connection), "head")


def migrate_to(url: str, revision: str) -> None:
    """Migrate the ledger up or down to `revision`, in one transaction. Raises Invalid; see `upgrade`."""
    if revision not in revisions():
        raise Invalid("revision", f"no revision {revision!r}; there are {', '.join(revisions())}")
    from alembic import command

    with _alone(url) as connection:
        order = revisions()
        now = _known(connection)
        if now is not None and order.index(revision) < order.index(now):
            command.downgrade(config(connection), revision)
        else:
            command.upgrade(config(connection), revision)


def current(url: str) -> str | None:
    """The revision of the ledger's tables; None where there are none. Raises Unavailable, ValueError."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists():
        # Connecting would create it.
        return None
    engine = open_engine(url)
    try:
        with for_reading(engine).connect() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


def require_current(connection: Connection) -> None:
    """Raise Unavailable if the ledger's tables were not migrated, or not as far as this version needs.

    Tables of a newer version pass: while an update is rolled out, the old processes go on.
    """
    found = _revision(connection)
    *earlier, last = revisions()
    if found is None or found in earlier:
        remedy = "`entente up`, `entente serve` and `entente doctor` migrate them"
        raise Unavailable(f"the ledger's tables are at migration {found or 'none'}, not {last}; {remedy}")


@cache
def revisions() -> tuple[str, ...]:
    """Every revision that this version of Entente knows, the first one first: the numbers of its files."""
    files = (Path(__file__).parent / "migrations" / "versions").glob("[0-9]*_*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))


def _revision(connection: Connection) -> str | None:
    """The revision that Alembic noted last; None if it has noted none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return found


def config(connection: Connection) -> "Config":
    """Alembic's configuration for an open transaction. Alembic neither commits nor closes it."""
    found = _config()
    found.attributes["connection"] = connection
    return found


def _config() -> "Config":
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", "entente.storage:migrations")
    return found


def _known(connection: Connection) -> str | None:
    """The ledger's revision. Raises Conflict if this version of Entente doesn't know it."""
    now = _revision(connection)
    known = revisions()
    if now is not None and now not in known:
        raise Conflict(
            f"the ledger is at revision {now}, which a newer version of Entente made; this one knows {known[0]} to "
            f"{known[-1]}: use the newer one, or run `entente migrate --to {known[-1]}` with it first"
        )
    return now


@contextmanager
def _alone(url: str) -> Iterator[Connection]:
    """A transaction during which nobody else migrates; committed at the end."""
    engine = open_engine(url)
    try:
        # On SQLite, BEGIN IMMEDIATE is the lock.
        with for_writing(engine).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
            try:
                yield connection
            except DBAPIError as error:
                remedy = "nothing was changed; were they changed by hand? Then restore a backup"
                raise Unavailable(f"the ledger's tables can't be migrated ({error.orig}); {remedy}") from error
    finally:
        engine.dispose()
