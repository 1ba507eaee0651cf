"""From a sender to coded events: taking articles in, fetching pages, polling feeds, coding, and ringing again."""
