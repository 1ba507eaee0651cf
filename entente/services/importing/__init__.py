"""Importing: rows of the field's own data sets, as events beside ours, values of facets, or scores of pairs."""
