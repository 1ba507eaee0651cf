"""The `TaskQueue` port on Celery: names of tasks and queues, the broker's settings, and the bell itself."""
