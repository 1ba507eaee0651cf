"""The SQL ledger (tables, unit of work, migrations) and the Redis cache (keys, scripts)."""
