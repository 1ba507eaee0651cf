"""The ledger's tables, for SQLite and PostgreSQL alike.

Truth: articles, mentions, assertions, sources and what they sent, feeds, subscriptions and deliveries, api_keys.
Derived from it, and rebuildable: events, event_mentions, states, checkpoints, tallies, dyads, article_bands.
`changes` is a record of its own: it tells what readers were told, in the order
in which they were.
A change here needs a migration in `migrations/versions`; a contract test compares the two.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from entente.storage.columns import Counter, Key, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

articles = Table(
    "articles",
    metadata,
    Column("id", Key, primary_key=True),
    Column("publisher", Text, nullable=False),
    Column("url", Text),
    Column("title", Text),
    Column("text", Text),
    Column("language", Text),
    Column("published_at", UtcDateTime),
    Column("received_at", UtcDateTime, nullable=False),
    Column("content_hash", Key, nullable=False, unique=True),
    Column("status", Key, nullable=False),
    Column("reason", Text),
    Column("attempts", Integer, nullable=False, default=0),
    Column("coder_version", Text),
    Column("truncated", Boolean, nullable=False, default=False),
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    Column("next_attempt_at", UtcDateTime),
    # Times that its URL was asked for in vain; the schedule of the next is in next_attempt_at.
    Column("fetches", Integer, nullable=False, server_default=text("0")),
    # The first article of which this one is a reprint.
    Column("reprint_of", Key),
    # The sweeper's question, every two seconds: what is pending or coding, oldest first.
    Index("ix_articles_work", "status", "received_at"),
)

mentions = Table(
    "mentions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("article_id", Key, ForeignKey("articles.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("dyad_a", Key, nullable=False),
    Column("dyad_b", Key, nullable=False),
    Column("source", Key, nullable=False),
    Column("target", Key, nullable=False),
    # The entity with its sector where that is no state's: `RUS:CVL`.
    Column("source_party", Key, nullable=False, server_default=text("''")),
    Column("target_party", Key, nullable=False, server_default=text("''")),
    Column("act", Key, nullable=False),
    Column("status", Key, nullable=False),
    Column("period_first", Date),
    Column("precision", Text),
    Column("dated_by", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("published_on", Date, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("coder_version", Text, nullable=False),
    # Sectors, the actors' words, quote, trigger and context: read with the mention, never searched by.
    Column("wording", JSON, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("retired_at", UtcDateTime),
    UniqueConstraint("article_id", "number"),
    Index("ix_mentions_dyad", "dyad_a", "dyad_b"),
    # Grouping again asks for one key's mentions of a month, a year, or no date.
    Index("ix_mentions_key", "source_party", "target_party", "act", "status", "period_first"),
)

events = Table(
    "events",
    metadata,
    Column("id", Key, primary_key=True),
    Column("dyad_a", Key, nullable=False),
    Column("dyad_b", Key, nullable=False),
    Column("source", Key, nullable=False),
    Column("target", Key, nullable=False),
    # The parties are `RUS:CVL`; a search for RUS means all of Russia's.
    Column("source_entity", Key, nullable=False),
    Column("target_entity", Key, nullable=False),
    Column("act", Key, nullable=False),
    Column("status", Key, nullable=False),
    Column("period_first", Date),
    Column("precision", Text),
    Column("known_by", Date, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("confidence", Float, nullable=False),
    # What the fold and the tallies need of the mentions, so that neither has to read them.
    Column("publishers", JSON, nullable=False),
    Column("n_mentions", Integer, nullable=False),
    Column("context", JSON, nullable=False),
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
    Index("ix_states_dyad", "dyad_a", "dyad_b"),
    Index("ix_states_value", "facet", "value"),
    # What holds on a day, and what a panel that is folded again has to replace, lies at the end of this.
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
    # The projection that the cache hasn't been told of yet, and since when; null when it is up to date.
    Column("dirty_version", Counter),
    Column("dirty_since", UtcDateTime),
    # The version of the codebook under which all of the dyad was derived; null if it has to be derived anew.
    Column("derived_by", Text),
)
Index(
    "ix_dyads_dirty",
    dyads.c.dirty_since,
    sqlite_where=dyads.c.dirty_version.is_not(None),
    postgresql_where=dyads.c.dirty_version.is_not(None),
)

changes = Table(
    "changes",
    metadata,
    Column("seq", Counter, primary_key=True, autoincrement=False),
    Column("source", Key, nullable=False),
    Column("target", Key, nullable=False),
    Column("facet", Key, nullable=False),
    Column("item", Key, nullable=False),
    Column("standing", Key, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("event", Text, nullable=False),
    Column("historic", Boolean, nullable=False),
    Column("article_id", Key, ForeignKey("articles.id")),
    Column("recorded_at", UtcDateTime, nullable=False),
    # "facet", or "retraction": an article was taken back (then its id is all that the row tells).
    Column("kind", Key, nullable=False, server_default=text("'facet'")),
    Index("ix_changes_article_id", "article_id"),
)

#: One row that holds the last number given out. Database sequences leave gaps and become visible out of order.
change_counter = Table(
    "change_counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", Counter, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("name", Key, primary_key=True),
    Column("secrets", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("active", Boolean, nullable=False, default=True),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("source", Key, ForeignKey("sources.name"), primary_key=True),
    Column("webhook_id", Key, primary_key=True),
    Column("article_id", Key, ForeignKey("articles.id"), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)

#: Bands of the articles' MinHash signatures: articles that share one are compared word by word.
article_bands = Table(
    "article_bands",
    metadata,
    Column("band", Key, primary_key=True),
    Column("article_id", Key, ForeignKey("articles.id"), primary_key=True),
)

assertions = Table(
    "assertions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reference", Text),
    # "assert": the article below reports the event; "withdraw": the event's mentions were retired.
    Column("kind", Key, nullable=False),
    Column("event", Text, nullable=False),
    Column("article_id", Key, ForeignKey("articles.id")),
    Column("recorded_at", UtcDateTime, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Key, primary_key=True),
    Column("url", Key, nullable=False, unique=True),
    Column("publisher", Text),
    Column("every_seconds", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("next_poll_at", UtcDateTime, nullable=False),
    Column("last_polled_at", UtcDateTime),
    Column("last_new_at", UtcDateTime),
    Column("last_error", Text),
    Column("failures", Integer, nullable=False),
    Column("n_articles", Integer, nullable=False),
    Index("ix_feeds_due", "active", "next_poll_at"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("wants", JSON, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("disabled_because", Text),
    Column("created_at", UtcDateTime, nullable=False),
    # The last change that was looked at for it.
    Column("seen", Counter, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("last_success_at", UtcDateTime),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Key, primary_key=True),
    Column("subscription_id", Key, ForeignKey("subscriptions.id"), nullable=False),
    Column("seq", Counter, nullable=False),
    Column("status", Key, nullable=False),
    Column("attempts", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_attempt_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    UniqueConstraint("subscription_id", "seq"),
    Index("ix_deliveries_due", "status", "next_attempt_at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("digest", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)
