"""HTTP adapters: fetch pages and feeds, verify webhooks, deliver to subscribers, call a remote coder."""
