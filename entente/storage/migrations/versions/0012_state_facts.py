"""State facts: values of facets that documents give, and which data sets of them were loaded."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "state_facts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("origin", KEY, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        *(sa.Column(name, KEY, nullable=False) for name in ("dyad_a", "dyad_b", "source", "target")),
        *(sa.Column(name, KEY, nullable=False) for name in ("facet", "item", "value")),
        sa.Column("begins", sa.Text()),
        sa.Column("ends", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("publisher", "document")),
        sa.Column("document_date", sa.Text()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("citation", "note")),
        sa.Column("known_by", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_facts")),
    )
    op.create_index("ix_state_facts_dyad", "state_facts", ["dyad_a", "dyad_b", "facet"])
    op.create_index("ix_state_facts_dyad_b", "state_facts", ["dyad_b"])
    op.create_index("ix_state_facts_origin", "state_facts", ["origin", "id"])
    op.create_table(
        "loaded_sets",
        sa.Column("origin", KEY, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("codebook_version", sa.Text(), nullable=False),
        sa.Column("n_facts", sa.Integer(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_loaded_sets")),
    )


def downgrade() -> None:
    """Older versions can't read evidence that is no event: what state facts moved is derived again from mentions."""
    op.execute(
        "DELETE FROM states WHERE EXISTS (SELECT 1 FROM state_facts f"
        " WHERE f.dyad_a = states.dyad_a AND f.dyad_b = states.dyad_b AND f.facet = states.facet)"
    )
    op.execute(
        "DELETE FROM checkpoints WHERE EXISTS (SELECT 1 FROM state_facts f WHERE f.facet = checkpoints.facet AND"
        " ((f.dyad_a = checkpoints.source AND f.dyad_b = checkpoints.target)"
        " OR (f.dyad_b = checkpoints.source AND f.dyad_a = checkpoints.target)))"
    )
    due = sa.text(
        "UPDATE dyads SET derived_by = NULL, version = version + 1, dirty_version = version + 1, dirty_since = :now"
        " WHERE EXISTS (SELECT 1 FROM state_facts f WHERE f.dyad_a = dyads.a AND f.dyad_b = dyads.b)"
    )
    op.execute(due.bindparams(sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True))))
    op.drop_table("loaded_sets")
    op.drop_table("state_facts")
