"""The dashboard: HTML pages on the services that the API reads."""
