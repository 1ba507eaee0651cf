"""Ingestion: store articles, fetch pages, poll feeds, register senders, code articles, queue lost work again."""
