"""The resources: one module for each, its views and what they answer."""
