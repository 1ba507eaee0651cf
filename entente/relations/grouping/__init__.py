"""Grouping: mentions → events. All mentions of a key (group.py), or only what a change affects (regroup.py)."""
