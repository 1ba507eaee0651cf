"""The parser: a subprocess in which pages and feeds from outside are parsed, bounded in time and memory (ADR 15)."""
