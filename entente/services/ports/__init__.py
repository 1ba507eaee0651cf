"""Ports: interfaces of the services to storage, cache, queue, coder and web, one file a topic.

Adapters in storage, coding, web, doorbell and schemas implement them; bootstrap wires them. Times are aware UTC.
"""
