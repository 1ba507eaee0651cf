"""Where the day of a change is from."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("changes", sa.Column("dated_by", sa.Text()))


def downgrade() -> None:
    op.drop_column("changes", "dated_by")
    # What the older version does not know: it tells days of the article from those of the text only.
    for table in ("mentions", "events", "states"):
        op.execute(f"UPDATE {table} SET dated_by = 'publication' WHERE dated_by = 'receipt'")
