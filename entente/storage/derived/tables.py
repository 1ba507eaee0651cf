"""Tables of what is derived from mentions (events, states, sums, …) and from articles (bands of reprints)."""

from sqlalchemy import JSON, Column, Date, Float, ForeignKey, Index, Integer, Table, Text

from entente.storage.columns import Counter, Key, UtcDateTime
from entente.storage.metadata import metadata

events = Table(
    "events",
    metadata,
    Column("id", Key, primary_key=True),
    Column("dyad_a", Key, nullable=False),
    Column("dyad_b", Key, nullable=False),
    Column("source", Key, nullable=False),
    Column("target", Key, nullable=False),
    # `source` and `target` may have a sector (`RUS:CVL`); a search for RUS finds all sectors.
    Column("source_entity", Key, nullable=False),
    Column("target_entity", Key, nullable=False),
    Column("act", Key, nullable=False),
    Column("status", Key, nullable=False),
    Column("period_first", Date),
    Column("precision", Text),
    Column("known_by", Date, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("confidence", Float, nullable=False),
    # What the fold and the tallies need of the mentions, so that they needn't read them.
    Column("owners", JSON, nullable=False),
    Column("n_mentions", Integer, nullable=False),
    Column("context", JSON, nullable=False),
    # Null until the dyad is derived again, where it was derived before they were kept.
    Column("sure_owners", JSON),
    Column("coders", JSON),
    # Null until the dyad is derived again, where it was derived before it was kept.
    Column("dated_by", Text),
    Column("fingerprint", Text, nullable=False),
    Index("ix_events_newest", "starts_on", "id"),
    Index("ix_events_dyad", "dyad_a", "dyad_b", "starts_on", "id"),
    Index("ix_events_source", "source_entity", "starts_on", "id"),
    Index("ix_events_target", "target_entity", "starts_on", "id"),
    Index("ix_events_act", "act", "starts_on", "id"),
    Index("ix_events_key", "source", "target", "act", "status", "starts_on"),
)


event_mentions = Table(
    "event_mentions",
    metadata,
    Column("event_id", Key, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("mention_id", Key, ForeignKey("mentions.id"), nullable=False, unique=True),
)


states = Table(
    "states",
    metadata,
    Column("id", Counter, primary_key=True),
    Column("dyad_a", Key, nullable=False),
    Column("dyad_b", Key, nullable=False),
    Column("source", Key, nullable=False),
    Column("target", Key, nullable=False),
    Column("facet", Key, nullable=False),
    Column("item", Key, nullable=False),
    Column("standing", Key, nullable=False),
    Column("value", Key, nullable=False),
    Column("valid_from", Date),
    Column("precision", Text),
    Column("known_by", Date, nullable=False),
    Column("valid_to", Date),
    Column("ends", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("rule", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("n_evidence", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("candidates", JSON, nullable=False),
    # Null until the dyad is derived again, where it was derived before they were kept.
    Column("owners", JSON),
    # Likewise.
    Column("dated_by", Text),
    Index("ix_states_dyad", "dyad_a", "dyad_b"),
    # Who holds a value, or a value of a standing, by source and target.
    Index("ix_states_value", "facet", "value", "source", "target", "valid_to"),
    Index("ix_states_standing", "facet", "standing", "source", "target", "valid_to"),
    # Intervals that hold on a day, and those that a refold replaces, are the last in this index.
    Index("ix_states_panel", "source", "target", "facet", "valid_to"),
    Index("ix_states_held", "source", "target", "valid_to"),
    Index("ix_states_start", "source", "target", "starts_on"),
)


checkpoints = Table(
    "checkpoints",
    metadata,
    Column("source", Key, primary_key=True),
    Column("target", Key, primary_key=True),
    Column("facet", Key, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("state", JSON, nullable=False),
)


tallies = Table(
    "tallies",
    metadata,
    Column("source", Key, primary_key=True),
    Column("target", Key, primary_key=True),
    Column("level", Key, primary_key=True),
    Column("first", Date, primary_key=True),
    Column("sums", JSON, nullable=False),
)


dyads = Table(
    "dyads",
    metadata,
    Column("a", Key, primary_key=True),
    Column("b", Key, primary_key=True),
    Column("version", Counter, nullable=False, default=0),
    # The version that the cache doesn't have yet, and since when; null if it is up to date.
    Column("dirty_version", Counter),
    Column("dirty_since", UtcDateTime),
    # The codebook version under which all of the dyad was derived; null if it must be derived in full.
    Column("derived_by", Text),
)


# Directions from the dyad's second party, in order; those from its first are the primary key's.
Index("ix_dyads_backwards", dyads.c.b, dyads.c.a)
Index(
    "ix_dyads_dirty",
    dyads.c.dirty_since,
    sqlite_where=dyads.c.dirty_version.is_not(None),
    postgresql_where=dyads.c.dirty_version.is_not(None),
)


#: MinHash bands of articles; articles that share one are compared in full (relations/grouping/reprints.py).
article_bands = Table(
    "article_bands",
    metadata,
    Column("band", Key, primary_key=True),
    Column("article_id", Key, ForeignKey("articles.id"), primary_key=True),
)
