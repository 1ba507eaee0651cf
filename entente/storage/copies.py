"""Copy an SQLite ledger into one file and back, with SQLite's online backup API. PostgreSQL has pg_dump."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from entente.services.errors import Conflict, NotFound


def copy_ledger(source: Path, target: Path) -> None:
    """Copy the ledger at `source`, which may be in use, to the new file `target`, for its owner alone.

    The copy is one moment's state, checked for damage, in a single file. Raises NotFound, Conflict where `target` or
    what SQLite keeps beside it exists, where `source` is no sound database, or where the copy can't be written.
    """
    if not source.is_file():
        raise NotFound("file", str(source))
    for path in (target, *beside(target)):
        if path.exists():
            raise Conflict(f"{path} exists and is not overwritten: move it away, or name another file")
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(source, part)
        _sync(part)
        # Unlike a rename, a link never replaces a file that appeared meanwhile.
        os.link(part, target)
        _sync(target.parent)
    except sqlite3.Error as error:
        raise Conflict(f"{source} can't be copied: {error}") from error
    except OSError as error:
        raise Conflict(f"{target} can't be written: {error.strerror}") from error
    finally:
        for path in (part, *beside(part)):
            path.unlink(missing_ok=True)


def revision_of(ledger: Path) -> str:
    """The revision of the tables in a ledger's file. Raises NotFound, and Conflict where the file is no ledger."""
    if not ledger.is_file():
        raise NotFound("file", str(ledger))
    try:
        with closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True)) as read:
            return str(read.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except (sqlite3.Error, TypeError) as error:
        raise Conflict(f"{ledger} is no ledger: {error}") from error


def beside(ledger: Path) -> list[Path]:
    """The files that SQLite keeps beside a database: left from another one, they would damage it."""
    return [ledger.with_name(ledger.name + suffix) for suffix in ("-wal", "-shm", "-journal")]


def _copy(source: Path, part: Path) -> None:
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as read,
        closing(sqlite3.connect(part, isolation_level=None)) as written,
    ):
        # In one step: a copy in several starts again whenever another process writes between two of them.
        read.backup(written)
        # Without a log beside it, so that the file alone is the whole copy.
        written.execute("PRAGMA journal_mode=DELETE")
        found = [row[0] for row in written.execute("PRAGMA integrity_check(3)")]
        if found != ["ok"]:
            raise Conflict(f"{source} is damaged: {'; '.join(found)}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
