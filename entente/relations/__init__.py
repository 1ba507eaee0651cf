"""The domain: entities, events, facets and the fold. Frozen dataclasses and pure functions; no I/O."""
