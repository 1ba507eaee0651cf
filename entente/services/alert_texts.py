"""What every message to people says of an alert, as plain text."""

from collections.abc import Sequence
from datetime import datetime

from entente.relations.events import BY_ARTICLE
from entente.relations.periods import Period
from entente.relations.states import Change
from entente.services.ports.alerts import Alert
from entente.services.ports.changes import RecordedChange

#: Characters of a quote, and of a headline or an article's title, in a message; few are longer.
MAX_QUOTE = 500
_MAX_TITLE = 200


def trial_alert(at: datetime) -> Alert:
    """What a test message tells: that it is one. It stands for no change."""
    change = Change("", "", "", "", "held", "", "", at.date(), "", False)
    recorded = RecordedChange(0, change, None, at, kind="test")
    headline = "Test message: changes of this subscription will come here"
    return Alert(recorded, headline, "", None, "", "", "", "", "/v1/live")


def title_of(alerts: Sequence[Alert]) -> str:
    """A line for the whole message: the only headline, or the first and how many more there are."""
    more = len(alerts) - 1
    return headline_of(alerts[0]) + (f", and {more} more" if more else "")


def headline_of(alert: Alert) -> str:
    """The headline in one line, cut off where it is very long."""
    return _cut(" ".join(alert.headline.split()), _MAX_TITLE)


def move_of(alert: Alert) -> str:
    """`from unknown to recognised, since 2025-07-03 (day of publication)`; empty of what moves no facet."""
    if alert.since is None:
        return ""
    change = alert.recorded.change
    origin = BY_ARTICLE.get(change.dated_by or "")
    since = Period(alert.since, change.precision or "day").label
    return f"{alert.moved}, since {since}" + (f" ({origin})" if origin else "")


def quote_of(alert: Alert, longest: int = MAX_QUOTE) -> str:
    """The quote in one line and quotation marks, cut off where it is longer; empty if nothing is to be left."""
    quote = " ".join(alert.quote.split())
    return f"“{_cut(quote, longest)}”" if quote and longest else ""


def article_of(alert: Alert) -> str:
    """`Publisher: title` in one line, cut off where it is very long."""
    return _cut(" ".join(": ".join(part for part in (alert.publisher, alert.title) if part).split()), _MAX_TITLE)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"
