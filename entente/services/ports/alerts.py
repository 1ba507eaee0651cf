"""Port: alerts, changes as they are told to people."""

from dataclasses import dataclass
from datetime import date

from entente.services.ports.changes import RecordedChange


@dataclass(frozen=True, slots=True)
class Alert:
    """A recorded change in words. Plain text; it may hold text of articles, so escape it.

    `headline`: who and what. `moved`: from which value to which; `since`: the day from which on, or the
    first one of the month or year (`recorded.change.precision`). Both are empty of a
    retraction or correction. `quote`: the sentence that reports it. `publisher`, `title`, `url`: of its article. All
    of these may be empty. `path`: of the relation, or else of the article, in this API; `page`: in the dashboard.
    """

    recorded: RecordedChange
    headline: str
    moved: str
    since: date | None
    quote: str
    publisher: str
    title: str
    url: str
    path: str

    @property
    def page(self) -> str:
        return self.path.removeprefix("/v1")
