"""The `entente` command: the same services from a terminal."""
