"""From mentions to events: all of a key at once (group.py), or only what new mentions concern (regroup.py)."""
