"""What the resources share over HTTP, one concern per module."""
