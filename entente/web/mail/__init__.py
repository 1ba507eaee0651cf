"""E-mail to subscribers: what it says, and the server that takes it."""
