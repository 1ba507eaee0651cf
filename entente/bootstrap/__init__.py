"""Settings, logging, the composition root that wires adapters to services, and the embedded stack."""
