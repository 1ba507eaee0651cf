"""Adapters: the ledger on SQLite and PostgreSQL (tables, unit of work, migrations), the cache on Redis."""
