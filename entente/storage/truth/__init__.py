"""Tables of record and their adapters: articles, mentions, assertions, changes, … None can be rebuilt."""
