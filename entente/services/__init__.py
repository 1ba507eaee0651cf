"""Service layer: use cases (ingesting, projecting, reading, curating, …) and the ports to storage, queue and web."""
