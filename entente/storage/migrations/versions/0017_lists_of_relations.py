"""Indexes in the order of lists of relations, so that a page does not read every relation and value."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_states_value", "states")
    op.create_index("ix_states_value", "states", ["facet", "value", "source", "target", "valid_to"])
    op.create_index("ix_states_standing", "states", ["facet", "standing", "source", "target", "valid_to"])
    op.create_index("ix_dyads_backwards", "dyads", ["b", "a"])


def downgrade() -> None:
    op.drop_index("ix_dyads_backwards", "dyads")
    op.drop_index("ix_states_standing", "states")
    op.drop_index("ix_states_value", "states")
    op.create_index("ix_states_value", "states", ["facet", "value"])
