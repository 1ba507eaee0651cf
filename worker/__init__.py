"""The Celery worker: tasks, their schedule and the worker's processes. A task body is one service call with an id."""
