"""Messages with an Adaptive Card, as webhooks of Microsoft Teams take them."""

from collections.abc import Sequence
from itertools import chain

from entente.services.alert_texts import MAX_QUOTE, article_of, headline_of, move_of, quote_of
from entente.services.ports.alerts import Alert
from schemas.renderer import to_json
from schemas.vocabulary import Shape

#: Bytes that Teams takes of a message (28 KB).
MAX_BYTES = 28_000

#: Lengths of quotes that are tried until the message is within that.
_QUOTES = (MAX_QUOTE, 200, 80, 0)


def card_message(alerts: Sequence[Alert], public_url: str) -> Shape:
    """A message with one card, in which each change has a container.

    Where it would be too long, quotes are shortened, then the last changes are only counted.
    """
    whole = ((len(alerts), longest) for longest in _QUOTES)
    parts = ((shown, 0) for shown in range(len(alerts) - 1, -1, -1))
    tried = (_message(alerts, shown, public_url, longest) for shown, longest in chain(whole, parts))
    return next(shape for shape in tried if len(to_json(shape)) <= MAX_BYTES)


def _message(alerts: Sequence[Alert], n_shown: int, public_url: str, longest: int) -> Shape:
    body = [_container(alert, public_url, longest, first=alert is alerts[0]) for alert in alerts[:n_shown]]
    if left_out := len(alerts) - n_shown:
        body.append(_line(f"and {left_out} more change{'s' * (left_out > 1)}"))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attached]}


def _container(alert: Alert, public_url: str, longest: int, *, first: bool) -> Shape:
    lines = [
        _line(headline_of(alert), weight="Bolder"),
        _line(move_of(alert)),
        _line(quote_of(alert, longest), italic=True),
        _line(article_of(alert), isSubtle=True),
    ]
    actions = [
        {"type": "Action.OpenUrl", "title": title, "url": url}
        for title, url in (("Article", alert.url), ("Details", public_url and public_url + alert.page))
        if url
    ]
    items: list[Shape] = [line for line in lines if line["inlines"][0]["text"]]
    if actions:
        items.append({"type": "ActionSet", "actions": actions})
    return {"type": "Container", "separator": not first, "items": items}


def _line(text: str, **style: object) -> Shape:
    # A TextRun, for a TextBlock would read Markdown, links among it, from the text of an article.
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}
