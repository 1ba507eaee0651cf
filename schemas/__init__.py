"""The shapes on the wire, both ways: what is read from a request and what is written into an answer."""
