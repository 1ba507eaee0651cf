"""HTTP layer: `resources` has one module per resource, `http` what they share."""
