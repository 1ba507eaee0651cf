"""HTTP plumbing: one concern a module."""
