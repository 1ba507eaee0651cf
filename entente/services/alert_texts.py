"""What every message to people says of an alert, as plain text."""

from collections.abc import Sequence

from entente.relations.events import BY_ARTICLE
from entente.services.ports.alerts import Alert

#: Characters of a quote in a message; sentences are seldom longer.
_MAX_QUOTE = 500


def title_of(alerts: Sequence[Alert]) -> str:
    """A line for the whole message: the only headline, or the first and how many more there are."""
    more = len(alerts) - 1
    return " ".join(alerts[0].headline.split()) + (f", and {more} more" if more else "")


def move_of(alert: Alert) -> str:
    """`from unknown to recognised, since 2025-07-03 (day of publication)`; empty of what moves no facet."""
    if alert.since is None:
        return ""
    origin = BY_ARTICLE.get(alert.recorded.change.dated_by or "")
    return f"{alert.moved}, since {alert.since.isoformat()}" + (f" ({origin})" if origin else "")


def quote_of(alert: Alert) -> str:
    """The quote in one line and quotation marks, cut off where it is very long."""
    quote = " ".join(alert.quote.split())
    return f"“{quote[:_MAX_QUOTE] + ('…' if len(quote) > _MAX_QUOTE else '')}”" if quote else ""


def article_of(alert: Alert) -> str:
    """`Publisher: title` in one line."""
    return " ".join(": ".join(part for part in (alert.publisher, alert.title) if part).split())
