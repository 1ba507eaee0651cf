"""HTTP in and out: one module a resource, one place for errors, one for OpenAPI."""
