"""Alembic's environment, run by `entente.storage.migrate` or by `alembic -x url=… revision` in development."""

from alembic import context
from sqlalchemy import Connection

from entente.storage.engine import for_writing, open_engine
from entente.storage.tables import metadata


def run(connection: Connection) -> None:
    # SQLite can't alter most of a table in place: batch mode copies it.
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, transaction_per_migration=False
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with for_writing(open_engine(context.get_x_argument(as_dictionary=True)["url"])).begin() as opened:
        run(opened)
