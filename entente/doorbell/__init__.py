"""The `TaskQueue` port on Celery: task and queue names, broker settings, and the adapter."""
