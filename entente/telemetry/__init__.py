"""The `Telemetry` port on structlog and prometheus_client, the metrics' collectors, and how they are served."""
