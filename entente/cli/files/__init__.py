"""What `entente ingest` is given: places, the files there, their kinds, and the articles in them."""
