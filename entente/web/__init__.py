"""The outside web: verifying what is signed, fetching what is asked for, delivering what is subscribed to."""
