"""Imported data: files, events and scores of other data sets, beside ours."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "imported_files",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("origin", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", KEY, nullable=False),
        *(sa.Column(name, COUNTER, nullable=False) for name in ("n_rows", "n_stored", "n_merged")),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_files")),
        sa.UniqueConstraint("origin", "digest", name=op.f("uq_imported_files_origin_digest")),
    )
    op.create_table(
        "imported_events",
        sa.Column("source", KEY, nullable=False),
        sa.Column("target", KEY, nullable=False),
        sa.Column("file", COUNTER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code", KEY, nullable=False),
        sa.Column("between_states", sa.Boolean(), nullable=False),
        sa.Column("quad", sa.Integer()),
        sa.Column("intensity", sa.Float()),
        sa.Column("n_reports", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer()),
        sa.Column("number", KEY, nullable=False),
        sa.Column("line", COUNTER, nullable=False),
        sa.PrimaryKeyConstraint(
            *("source", "target", "file", "day", "code", "between_states"), name=op.f("pk_imported_events")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_imported_events_number",
        "imported_events",
        ["number"],
        sqlite_where=sa.text("number != ''"),
        postgresql_where=sa.text("number != ''"),
    )
    op.create_table(
        "imported_scores",
        sa.Column("source", KEY, nullable=False),
        sa.Column("target", KEY, nullable=False),
        sa.Column("file", COUNTER, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("line", COUNTER, nullable=False),
        sa.PrimaryKeyConstraint("source", "target", "file", "name", "year", name=op.f("pk_imported_scores")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Imported events and scores move no facet: nothing else depends on them."""
    op.drop_table("imported_scores")
    op.drop_table("imported_events")
    op.drop_table("imported_files")
