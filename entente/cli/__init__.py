"""The `entente` command: the services on the command line."""
