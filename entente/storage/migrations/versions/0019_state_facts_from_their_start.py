"""No state fact is known before its value begins."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# A start has one of the forms 2008, 2008-02 and 2008-02-18.
_FIRST_DAY = "substr(begins || '-01-01', 1, 10)"


def upgrade() -> None:
    first = f"CAST({_FIRST_DAY} AS DATE)" if op.get_bind().dialect.name == "postgresql" else _FIRST_DAY
    op.execute(f"UPDATE state_facts SET known_by = {first} WHERE known_by < {first}")


def downgrade() -> None:
    # The older version reads the column only to choose the pairs that it then reads in full.
    pass
