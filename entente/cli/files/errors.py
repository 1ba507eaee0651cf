"""BadArticle: what can't be taken, and why."""


class BadArticle(Exception):
    """A file, or an article in one, that can't be taken: its place, the reason, and what was found there.

    Reasons are few, so that they can be counted; `detail` has the particulars and the remedy.
    """

    def __init__(self, place: str, reason: str, detail: str = "") -> None:
        self.place = place
        self.reason = reason
        self.detail = detail
        super().__init__(": ".join(part for part in (place, reason, detail) if part))


class NotAnArticle(BadArticle):
    """A file of a kind that holds no articles. In a directory it is passed over."""
