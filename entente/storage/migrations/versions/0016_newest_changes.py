"""Indexes for the newest changes of a pair, a country or a facet, so that feeds of them do not read all changes."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_changes_newest": ["historic", "seq"],
    "ix_changes_pair": ["source", "target", "historic", "seq"],
    "ix_changes_source": ["source", "historic", "seq"],
    "ix_changes_target": ["target", "historic", "seq"],
    "ix_changes_facet": ["facet", "historic", "seq"],
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.create_index(name, "changes", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "changes")
