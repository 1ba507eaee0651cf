"""What is true: what came in and was written down. Nothing here can be made again."""
