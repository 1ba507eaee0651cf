"""The ports: what the services need of the outside world, a file each topic. Adapters in storage, coding, web, doorbell
and schemas fulfil them; bootstrap wires them together.

Every time is an aware UTC datetime.
"""
