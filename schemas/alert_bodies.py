"""Bodies of messages to webhooks, in the format of the subscription."""

from collections.abc import Sequence

from entente.services.ports.alerts import Alert
from entente.services.ports.subscriptions import ADAPTIVE_CARD, SLACK, Subscription
from schemas.adaptive_cards import card_message
from schemas.changes import change_message, changes_message
from schemas.renderer import to_json
from schemas.slack import slack_message


class AlertBodies:
    """Renders bodies; `public_url` is where readers of the messages reach the API, "" if that is not known."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def body(self, subscription: Subscription, alerts: Sequence[Alert]) -> bytes:
        """The body of a message about these changes."""
        if subscription.format == SLACK:
            return to_json(slack_message(alerts, self._public_url))
        if subscription.format == ADAPTIVE_CARD:
            return to_json(card_message(alerts, self._public_url))
        if subscription.groups and alerts[0].recorded.kind != "test":
            return changes_message([alert.recorded for alert in alerts])
        return change_message(alerts[0].recorded)
