"""The verbs (ingest, code, project, query, …) and the ports that they need the outside world through."""
