"""E-mails about changes: plain and HTML by the templates beside this file."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from entente.services.alert_texts import article_of, move_of, quote_of, title_of
from entente.services.ports.alerts import Alert
from entente.services.ports.subscriptions import MAILTO, Subscription
from entente.services.unsubscribing import unsubscribe_path

#: Characters of a subject; most readers show fewer.
_MAX_SUBJECT = 150

#: Lines of headers as long as they may be: a long link that is folded is no link. Bodies for servers of any age.
_POLICY = SMTP.clone(max_line_length=998, cte_type="7bit")


class Digests:
    """Writes e-mails from `sender` (an address, with or without a name) with links to the API at `public_url`."""

    def __init__(self, sender: str, public_url: str) -> None:
        self._sender = sender
        self._domain = parseaddr(sender)[1].rpartition("@")[2]
        self._public_url = public_url
        templates = Environment(
            loader=PackageLoader("entente.web.mail", ""),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        templates.filters.update(move=move_of, quote=quote_of, article=article_of)
        self._plain, self._html = templates.get_template("digest.txt"), templates.get_template("digest.html")

    def message(
        self, subscription: Subscription, message_id: str, alerts: Sequence[Alert], now: datetime
    ) -> EmailMessage:
        """The e-mail about these changes. Sent again it has the same Message-ID, so that readers can tell."""
        unsubscribe_url = self._public_url + unsubscribe_path(subscription)
        title = title_of(alerts)
        told = {"alerts": alerts, "title": title, "public_url": self._public_url, "unsubscribe_url": unsubscribe_url}
        message = EmailMessage(_POLICY)
        message["From"] = self._sender
        message["To"] = subscription.url.removeprefix(MAILTO)
        message["Subject"] = title[:_MAX_SUBJECT]
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{message_id}@{self._domain}>"
        # One click (RFC 8058): mail programs post to the link, which a scanner that only follows links doesn't.
        message["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        # No machine answers a machine (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self._plain.render(told))
        message.add_alternative(self._html.render(told), subtype="html")
        return message
