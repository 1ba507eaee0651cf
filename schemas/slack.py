"""Messages for Slack's incoming webhooks, which Mattermost and others take too."""

from collections.abc import Sequence

from entente.services.alert_texts import MAX_QUOTE, article_of, headline_of, move_of, quote_of, title_of
from entente.services.ports.alerts import Alert
from schemas.vocabulary import Shape

#: What stands for itself in mrkdwn only as an entity.
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})

#: What would end the address in a link.
_IN_LINKS = str.maketrans({"|": "%7C", "<": "%3C", ">": "%3E", "&": "&amp;"})


#: Characters that Slack takes in the text of a section.
_MAX_TEXT = 3000

#: Lengths of a quote that are tried until a section is within that: what is escaped is up to five times as long.
_QUOTES = (MAX_QUOTE, 200, 0)


def slack_message(alerts: Sequence[Alert], public_url: str) -> Shape:
    """A message with a section for each change. `text` is what notifications show."""
    return {"text": _escaped(title_of(alerts)), "blocks": [_section(alert, public_url) for alert in alerts]}


def _section(alert: Alert, public_url: str) -> Shape:
    tried = (_text(alert, public_url, url, longest) for url in (alert.url, "") for longest in _QUOTES)
    text = next(text for text in tried if len(text) <= _MAX_TEXT)
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _text(alert: Alert, public_url: str, url: str, longest: int) -> str:
    links = [_link(url, article_of(alert) or "article")] if url else [_escaped(article_of(alert))]
    if public_url:
        links.append(_link(public_url + alert.page, "details"))
    quote = _escaped(quote_of(alert, longest))
    lines = [
        f"*{_escaped(headline_of(alert))}*",
        _escaped(move_of(alert)),
        f"> {quote}" if quote else "",
        " · ".join(filter(None, links)),
    ]
    return "\n".join(filter(None, lines))


def _link(url: str, words: str) -> str:
    return f"<{url.translate(_IN_LINKS)}|{_escaped(words)}>"


def _escaped(text: str) -> str:
    return text.translate(_ENTITIES)
