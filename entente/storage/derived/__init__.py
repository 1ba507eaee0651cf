"""What is derived from the truth and can be made again: events, states, sums, checkpoints, the backlog of the cache."""
