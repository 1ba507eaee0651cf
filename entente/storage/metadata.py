"""SQLAlchemy metadata of the ledger, with one naming convention for indexes and constraints on both databases.

The tables are in `truth/tables.py` and `derived/tables.py`. A change there needs a migration in `migrations/versions`;
a contract test compares the two.
"""

from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
