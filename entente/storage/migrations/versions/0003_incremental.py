"""Checkpoints, tallies and facts beside events: what adding an event without reading the dyad's history takes."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
STATE_SECTORS = ("", "GOV", "MIL", "LEG")

MENTIONS = sa.table(
    "mentions",
    *(sa.column(name) for name in ("id", "source", "target", "source_party", "target_party")),
    sa.column("wording", sa.JSON),
)


def upgrade() -> None:
    # Added in place: copying the table, as SQLite's batches do, would lose its triggers.
    for name in ("source_party", "target_party"):
        op.add_column("mentions", sa.Column(name, KEY, nullable=False, server_default=""))
    _name_parties()
    op.create_index("ix_mentions_key", "mentions", ["source_party", "target_party", "act", "status", "period_first"])
    # Derived rows are derived again, dyad by dyad, when a dyad is next projected: all of them are due.
    op.execute("DELETE FROM event_mentions")
    op.execute("DELETE FROM events")
    op.execute("DELETE FROM states")
    with op.batch_alter_table("events") as events:
        events.add_column(sa.Column("publishers", sa.JSON(), nullable=False))
        events.add_column(sa.Column("n_mentions", sa.Integer(), nullable=False))
        events.add_column(sa.Column("context", sa.JSON(), nullable=False))
        events.create_index("ix_events_key", ["source", "target", "act", "status", "starts_on"], unique=False)
    with op.batch_alter_table("states") as states:
        states.add_column(sa.Column("starts_on", sa.Date(), nullable=False))
        states.add_column(sa.Column("n_evidence", sa.Integer(), nullable=False))
        states.add_column(sa.Column("status", sa.Text(), nullable=False))
        states.add_column(sa.Column("candidates", sa.JSON(), nullable=False))
        states.create_index("ix_states_panel", ["source", "target", "facet", "valid_to"], unique=False)
        states.create_index("ix_states_held", ["source", "target", "valid_to"], unique=False)
        states.create_index("ix_states_start", ["source", "target", "starts_on"], unique=False)
    with op.batch_alter_table("dyads") as dyads:
        dyads.add_column(sa.Column("derived_by", sa.Text()))
    due = sa.text("UPDATE dyads SET dirty_version = version, dirty_since = :now")
    op.execute(due.bindparams(sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True))))
    op.create_table(
        "checkpoints",
        *(sa.Column(name, KEY, nullable=False) for name in ("source", "target", "facet")),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", "target", "facet", "day", name="pk_checkpoints"),
    )
    op.create_table(
        "tallies",
        *(sa.Column(name, KEY, nullable=False) for name in ("source", "target", "level")),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("sums", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", "target", "level", "first", name="pk_tallies"),
    )


def _name_parties() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(MENTIONS)).all():
        (source_sector, *_), (target_sector, *_) = row.wording[:2]
        parties = {
            "source_party": row.source if source_sector in STATE_SECTORS else f"{row.source}:{source_sector}",
            "target_party": row.target if target_sector in STATE_SECTORS else f"{row.target}:{target_sector}",
        }
        connection.execute(sa.update(MENTIONS).where(MENTIONS.c.id == row.id).values(parties))


def downgrade() -> None:
    op.drop_table("tallies")
    op.drop_table("checkpoints")
    for table, indexes, columns in (
        ("dyads", (), ("derived_by",)),
        (
            "states",
            ("ix_states_start", "ix_states_held", "ix_states_panel"),
            ("candidates", "status", "n_evidence", "starts_on"),
        ),
        ("events", ("ix_events_key",), ("context", "n_mentions", "publishers")),
    ):
        with op.batch_alter_table(table) as altered:
            for index in indexes:
                altered.drop_index(index)
            for column in columns:
                altered.drop_column(column)
    op.drop_index("ix_mentions_key", "mentions")
    for name in ("target_party", "source_party"):
        op.drop_column("mentions", name)
