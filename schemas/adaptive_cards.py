"""Messages with an Adaptive Card, as webhooks of Microsoft Teams take them."""

from collections.abc import Sequence

from entente.services.alert_texts import article_of, move_of, quote_of
from entente.services.ports.alerts import Alert
from schemas.vocabulary import Shape


def card_message(alerts: Sequence[Alert], public_url: str) -> Shape:
    """A message with one card, in which each change has a container."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [_container(alert, public_url, first=alert is alerts[0]) for alert in alerts],
    }
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attached]}


def _container(alert: Alert, public_url: str, *, first: bool) -> Shape:
    lines = [
        _line(alert.headline, weight="Bolder"),
        _line(move_of(alert)),
        _line(quote_of(alert), italic=True),
        _line(article_of(alert), isSubtle=True),
    ]
    actions = [
        {"type": "Action.OpenUrl", "title": title, "url": url}
        for title, url in (("Article", alert.url), ("Details", public_url and public_url + alert.path))
        if url
    ]
    items: list[Shape] = [line for line in lines if line["inlines"][0]["text"]]
    if actions:
        items.append({"type": "ActionSet", "actions": actions})
    return {"type": "Container", "separator": not first, "items": items}


def _line(text: str, **style: object) -> Shape:
    # A TextRun, for a TextBlock would read Markdown, links among it, from the text of an article.
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}
