"""Tables of record: articles, submissions, mentions, state facts, imported data, assertions, proposals, senders, feeds,
subscriptions, keys, changes.

`changes` can't be rebuilt: it records what readers have received, in order.
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
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from entente.storage.columns import Counter, Key, UtcDateTime
from entente.storage.metadata import metadata

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
    # The day of publication where it was published, of receipt if unknown; never null.
    Column("published_on", Date),
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
    # Failed fetches of its URL; the time of the next is in next_attempt_at.
    Column("fetches", Integer, nullable=False, server_default=text("0")),
    # When it was first read to its end; recodes keep it. Null if it never was.
    Column("coded_at", UtcDateTime),
    # The first print of its reprint group, null if it is that itself. Derived (services/projecting/reprints.py).
    Column("reprint_of", Key),
    # Why published_at is not as it was given: "unknown" or "future"; null if it is.
    Column("date_problem", Text),
    # The article that it is a later version of (services/ingesting/versions.py).
    Column("supersedes", Key),
    # For the sweeper's query: pending and coding articles, oldest first.
    Index("ix_articles_work", "status", "received_at"),
    Index("ix_articles_reprint_of", "reprint_of"),
    Index("ix_articles_supersedes", "supersedes"),
    # Hashed on PostgreSQL, where a long address fits no other index.
    Index("ix_articles_url", "url", postgresql_using="hash"),
    Index("ix_articles_title", "title", postgresql_using="hash"),
    # For lists of articles, newest first.
    Index("ix_articles_published_on", "published_on", "id"),
    Index("ix_articles_publisher", "publisher", "published_on", "id"),
    Index("ix_articles_status", "status", "published_on", "id"),
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
    # The entity, with its sector unless that acts for the state: `RUS:CVL`.
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
    # Sectors, the actors' words, quote, trigger and context: read with the mention, not filtered by.
    Column("wording", JSON, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("retired_at", UtcDateTime),
    # For whom it counts: the owner of the publisher of the article's first print.
    Column("owner", Text, nullable=False, server_default=text("''")),
    Column("reprint_of", Key),
    # Since when it counts so, if not since it was recorded.
    Column("credited_at", UtcDateTime),
    UniqueConstraint("article_id", "number"),
    Index("ix_mentions_dyad", "dyad_a", "dyad_b"),
    # Regrouping reads one key's mentions of a month, a year, or no date.
    Index("ix_mentions_key", "source_party", "target_party", "act", "status", "period_first"),
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
    # "facet", or of an article, where only the ids of articles and times have a meaning: "retraction", "correction".
    Column("kind", Key, nullable=False, server_default=text("'facet'")),
    # Why, if not because an article was coded for the first time: "corrected", "retracted".
    Column("reason", Key),
    # Of a corrected article: the earlier version that `article_id` supersedes.
    Column("supersedes", Key),
    # Whether the value had been reported, but not confirmed, before.
    Column("confirmed", Boolean, nullable=False, server_default=false()),
    # Where effective_on is from (relations/events.py); null of what was recorded before this was.
    Column("dated_by", Text),
    Index("ix_changes_article_id", "article_id"),
    Index("ix_changes_supersedes", "supersedes"),
    # The newest of all, of a pair, a country or a facet.
    Index("ix_changes_newest", "historic", "seq"),
    Index("ix_changes_pair", "source", "target", "historic", "seq"),
    Index("ix_changes_source", "source", "historic", "seq"),
    Index("ix_changes_target", "target", "historic", "seq"),
    Index("ix_changes_facet", "facet", "historic", "seq"),
)


#: Row 1: the last number of `changes`; a database sequence would leave gaps and become visible out of order. Row 2: the
#: latest `recorded_at`, in microseconds since 1970. Row 0 counts nothing: health checks write it.
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
    # Publishers that it may name, or ["*"] for any; null, as senders had it before they were bound, is any too.
    Column("publishers", JSON),
)


webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("source", Key, ForeignKey("sources.name"), primary_key=True),
    Column("webhook_id", Key, primary_key=True),
    Column("article_id", Key, ForeignKey("articles.id"), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    # Of the article as it was sent: the same id with another one is refused.
    Column("content_hash", Key),
)


keyed_submissions = Table(
    "keyed_submissions",
    metadata,
    Column("key_id", Key, ForeignKey("api_keys.id"), primary_key=True),
    Column("idempotency_key", Key, primary_key=True),
    Column("article_id", Key, ForeignKey("articles.id"), nullable=False),
    # As it was answered: False if the article was stored before.
    Column("created", Boolean, nullable=False),
    # Of all that the request said: the same key with another request is refused.
    Column("digest", Key, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)


assertions = Table(
    "assertions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reference", Text),
    # "assert", "confirm": the article below reports the event. "withdraw", "reject": the event's mentions were retired.
    Column("kind", Key, nullable=False),
    Column("event", Text, nullable=False),
    Column("article_id", Key, ForeignKey("articles.id")),
    Column("recorded_at", UtcDateTime, nullable=False),
)


retraction_proposals = Table(
    "retraction_proposals",
    metadata,
    Column("id", Key, primary_key=True),
    Column("article_id", Key, ForeignKey("articles.id"), nullable=False),
    # The article that says so, and its sentence.
    Column("notice_id", Key, ForeignKey("articles.id"), nullable=False),
    Column("sentence", Text, nullable=False),
    # "open", "accepted" or "dismissed"; the rest is of who decided.
    Column("status", Key, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Column("author", Text),
    Column("reason", Text),
    UniqueConstraint("article_id", "notice_id"),
    Index("ix_retraction_proposals_status", "status", "id"),
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
    # The feed that the page at `url` names.
    Column("found_url", Text),
    Column("last_success_at", UtcDateTime),
    # A worker polls it until then; null if none does.
    Column("polling_until", UtcDateTime),
    Column("n_skipped", Integer, nullable=False, server_default=text("0")),
    Index("ix_feeds_due", "active", "next_poll_at"),
)


feed_items = Table(
    "feed_items",
    metadata,
    Column("feed_id", Key, ForeignKey("feeds.id"), primary_key=True),
    # SHA-256 of the item's id in its feed, and of its page's address, which may be longer than an index takes.
    Column("item", Key, primary_key=True),
    Column("page", Key),
    Column("fingerprint", Key, nullable=False),
    Column("dated_at", UtcDateTime),
    Column("article_id", Key, ForeignKey("articles.id"), nullable=False),
    # What the feed has of the article, for when its page can't be had; null if the article was made of it.
    Column("text", Text),
    Index("ix_feed_items_page", "page"),
    Index("ix_feed_items_article_id", "article_id"),
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
    # Number of the last change processed for it.
    Column("seen", Counter, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("last_success_at", UtcDateTime),
    Column("kind", Key, nullable=False, server_default=text("'webhook'")),
    # Of a webhook's bodies.
    Column("format", Key, nullable=False, server_default=text("'json'")),
    # Null: at once, without quiet hours.
    Column("timing", JSON),
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
    # Those of one subscription with the same time are sent in one message; null: in one of its own.
    Column("grouped_at", UtcDateTime),
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


#: Values of facets that documents and data sets give, without an article (relations/state_facts.py).
state_facts = Table(
    "state_facts",
    metadata,
    Column("id", Key, primary_key=True),
    # The data set, and the file, or file and line, in it.
    Column("origin", Key, nullable=False),
    Column("place", Text, nullable=False),
    Column("dyad_a", Key, nullable=False),
    Column("dyad_b", Key, nullable=False),
    Column("source", Key, nullable=False),
    Column("target", Key, nullable=False),
    Column("facet", Key, nullable=False),
    Column("item", Key, nullable=False),
    Column("value", Key, nullable=False),
    # Dates as precise as they are known: 1991, 1991-12 or 1991-12-26.
    Column("begins", Text),
    Column("ends", Text),
    Column("publisher", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("document_date", Text),
    Column("citation", Text, nullable=False),
    Column("note", Text, nullable=False),
    # The last day of the document's date, for reads of what was known then.
    Column("known_by", Date, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("ix_state_facts_dyad", "dyad_a", "dyad_b", "facet"),
    Index("ix_state_facts_dyad_b", "dyad_b"),
    Index("ix_state_facts_origin", "origin", "id"),
)


#: Data sets of state facts that were loaded whole.
loaded_sets = Table(
    "loaded_sets",
    metadata,
    Column("origin", Key, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("codebook_version", Text, nullable=False),
    Column("n_facts", Integer, nullable=False),
    Column("loaded_at", UtcDateTime, nullable=False),
)


#: Files of event data and of scores of pairs, each imported once.
imported_files = Table(
    "imported_files",
    metadata,
    Column("id", Counter, primary_key=True),
    Column("origin", Key, nullable=False),
    Column("name", Text, nullable=False),
    # Of the content: the same file under another name is known.
    Column("digest", Key, nullable=False),
    # Rows read so far; an interrupted import goes on behind them.
    Column("n_rows", Counter, nullable=False),
    Column("n_stored", Counter, nullable=False),
    Column("n_merged", Counter, nullable=False),
    Column("refused", JSON, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    UniqueConstraint("origin", "digest"),
)


#: Events of other data sets. The key keeps those of one direction together, because they are read by direction; no
#: foreign key to the file, which would be looked up for each of millions of rows.
imported_events = Table(
    "imported_events",
    metadata,
    Column("source", Key, primary_key=True),
    Column("target", Key, primary_key=True),
    Column("file", Counter, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("code", Key, primary_key=True),
    Column("between_states", Boolean, primary_key=True),
    Column("quad", Integer),
    # On the data set's own scale.
    Column("intensity", Float),
    Column("n_reports", Integer, nullable=False),
    Column("deaths", Integer),
    # The event's id in its data set where reports of it follow in other files, else "".
    Column("number", Key, nullable=False),
    # Where its row ends in the file.
    Column("line", Counter, nullable=False),
    sqlite_with_rowid=False,
)


Index(
    "ix_imported_events_number",
    imported_events.c.number,
    sqlite_where=imported_events.c.number != "",
    postgresql_where=imported_events.c.number != "",
)


imported_scores = Table(
    "imported_scores",
    metadata,
    Column("source", Key, primary_key=True),
    Column("target", Key, primary_key=True),
    Column("file", Counter, primary_key=True, autoincrement=False),
    Column("name", Key, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("value", Float, nullable=False),
    Column("line", Counter, nullable=False),
    sqlite_with_rowid=False,
)
