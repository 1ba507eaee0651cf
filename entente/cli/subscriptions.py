"""`entente subscriptions`: subscribe webhooks, chats and mailboxes to changes; try, pause and remove subscriptions."""

import json
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

import click
from marshmallow import ValidationError

from entente.cli.common import json_option, open_container
from entente.cli.terminal import one_line, printable
from entente.services.filtering import checked
from entente.services.ports.subscriptions import (
    ADAPTIVE_CARD,
    EMAIL,
    JSON,
    MAILTO,
    SLACK,
    WEBHOOK,
    Answer,
    Delivery,
    Subscription,
    Timing,
)
from entente.services.ports.wants import Wants
from schemas.fields import SubscriberAddress
from schemas.subscriptions import delivery_shape, made_subscription_shape, subscription_shape

#: What people call them → kind and format.
_KINDS = {
    "webhook": (WEBHOOK, JSON),
    "slack": (WEBHOOK, SLACK),
    "teams": (WEBHOOK, ADAPTIVE_CARD),
    "email": (EMAIL, JSON),
}
_DIGESTS = {"hourly": 60, "daily": 1440}
_QUIET = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)")

#: Deliveries that `show` lists unless told otherwise.
_SHOWN = 10

_id = click.argument("subscription_id", metavar="ID")


class Pair(click.ParamType[tuple[str, str]]):
    """Two countries, apart by a colon."""

    name = "A:B"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        one, _, other = value.partition(":")
        if not one.strip() or not other.strip() or ":" in other:
            self.fail(f"{value!r} is not two countries apart by a colon, such as RUS:UKR", param, ctx)
        return one, other


class QuietHours(click.ParamType[tuple[str, str]]):
    """Two times of day, HH:MM-HH:MM."""

    name = "HH:MM-HH:MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        match = _QUIET.fullmatch(value)
        if match is None:
            self.fail(f"{value!r} is not two times of day, such as 22:00-07:00", param, ctx)
        if match[1] == match[2]:
            self.fail(f"{value!r} has no hours: begin and end are the same", param, ctx)
        return match[1], match[2]


def _known_zone(_context: click.Context, _parameter: click.Parameter, zone: str) -> str:
    known = available_timezones()
    if zone not in known:
        near = get_close_matches(zone, known)
        hint = f"nearest: {', '.join(near)}" if near else "give one of the IANA's, such as Europe/Berlin"
        raise click.BadParameter(f"no time zone {zone!r}; {hint}")
    return zone


@click.group()
def subscriptions() -> None:
    """Subscribe webhooks, chats and mailboxes to changes of relations.

    \b
    Example, a daily digest by e-mail at seven in the morning:
      entente subscriptions add desk@paper.example --country Serbia \\
          --digest daily --quiet 22:00-07:00 --timezone Europe/Belgrade
    """  # noqa: D301  # \b is click's mark of lines to leave as they are


@subscriptions.command("add")
@click.argument("address")
@click.option(
    "--kind",
    type=click.Choice(list(_KINDS)),
    help="What ADDRESS is: the URL of a webhook, of an incoming webhook of Slack or Teams, or an e-mail address. "
    "Default: email for an address with @, else webhook.",
)
@click.option("--country", "countries", multiple=True, help="Changes with this country on either side; repeatable.")
@click.option("--pair", "pairs", multiple=True, type=Pair(), help="Changes between these two; repeatable.")
@click.option("--facet", "facets", multiple=True, help="Changes of this facet; repeatable.")
@click.option("--to-value", "to_values", multiple=True, help="Changes to this value; repeatable.")
@click.option("--historic", is_flag=True, help="Also what began more than 30 days before it was learnt.")
@click.option("--unconfirmed", is_flag=True, help="Also what is too uncertain to count.")
@click.option("--digest", type=click.Choice(list(_DIGESTS)), help="One message an hour or a day. Default: at once.")
@click.option("--group", type=click.IntRange(1, 1440), metavar="MINUTES", help="One message for so many minutes.")
@click.option("--quiet", type=QuietHours(), help="Hours in which nothing is sent, such as 22:00-07:00.")
@click.option(
    "--timezone", default="UTC", show_default=True, callback=_known_zone, help="Time zone of digests and quiet hours."
)
@json_option
def add(
    address: str,
    kind: str | None,
    countries: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    facets: Sequence[str],
    to_values: Sequence[str],
    historic: bool,
    unconfirmed: bool,
    digest: str | None,
    group: int | None,
    quiet: tuple[str, str] | None,
    timezone: str,
    as_json: bool,
) -> None:
    """Subscribe ADDRESS to later changes. Without a filter it gets them all.

    Filters of one kind add up; different kinds must all fit. Messages are sent while a deliverer runs, as under
    `entente up`. E-mail needs ENTENTE_SMTP_URL, ENTENTE_MAIL_FROM and ENTENTE_PUBLIC_URL.

    \b
    Examples:
      entente subscriptions add https://hooks.slack.com/services/T0/B0/x --kind slack --pair RUS:UKR
      entente subscriptions add desk@paper.example --facet sanctions --digest daily
    """  # noqa: D301  # as above
    if digest and group:
        raise click.UsageError("--digest and --group exclude each other")
    url, form = _addressed(address, kind)
    container = open_container()
    asked = Wants(countries, pairs, facets, to_values, historic, unconfirmed)
    wanted = checked(asked, container.entities, container.codebook)
    quiet_from, quiet_until = quiet or (None, None)
    timing = Timing(group or _DIGESTS.get(digest or "", 0), quiet_from, quiet_until, timezone)
    made = container.subscriptions.add(url, wanted, form, timing)
    if as_json:
        click.echo(json.dumps(made_subscription_shape(made)))
        return
    click.echo(_line(made))
    if _kind(made) == "webhook":
        click.echo(f"Deliveries are signed with {made.secret}, which is not shown again.")
    click.echo(f"Send a test message: entente subscriptions test {made.id}", err=True)


@subscriptions.command("list")
@json_option
def list_subscriptions(as_json: bool) -> None:
    """List all subscriptions, oldest first, paused ones too."""
    found = open_container().subscriptions.list()
    if as_json:
        click.echo(json.dumps([subscription_shape(one) for one in found]))
        return
    for one in found:
        click.echo(_line(one))


@subscriptions.command("show")
@_id
@click.option(
    "--deliveries", "limit", type=click.IntRange(0, 500), default=_SHOWN, show_default=True, help="So many at most."
)
@json_option
def show(subscription_id: str, limit: int, as_json: bool) -> None:
    """Show a subscription, and the attempts at its latest deliveries."""
    book = open_container().subscriptions
    found = book.get(subscription_id)
    latest = book.deliveries(subscription_id, 0, limit) if limit else []
    if as_json:
        click.echo(json.dumps({**subscription_shape(found), "latest": [delivery_shape(one) for one in latest]}))
        return
    click.echo(_line(found))
    for label, told in _details(found):
        click.echo(printable(f"  {label:<12} {told}"))
    for delivery in latest:
        click.echo(_delivery_line(delivery))


@subscriptions.command("test")
@_id
@json_option
def test(subscription_id: str, as_json: bool) -> None:
    """Send a test message now, from this process, and show what the receiver answered.

    It is sent also while the subscription is paused or in its quiet hours, and only once.
    """
    container = open_container()
    found = container.subscriptions.get(subscription_id)
    answer = container.dispatcher.test(subscription_id)
    taken = answer.status is not None and 200 <= answer.status < 300
    if as_json:
        click.echo(json.dumps({"delivered": taken, "status": answer.status, "error": answer.error}))
    elif taken:
        click.echo(printable(f"{found.url.removeprefix(MAILTO)} took the test message: {_outcome(answer)}"))
    if not taken:
        raise click.ClickException(one_line(f"{found.url.removeprefix(MAILTO)}: {_outcome(answer)}"))


@subscriptions.command("pause")
@_id
def pause(subscription_id: str) -> None:
    """Send nothing to this subscription until it is resumed."""
    click.echo(_line(open_container().subscriptions.set_active(subscription_id, active=False)))


@subscriptions.command("resume")
@_id
def resume(subscription_id: str) -> None:
    """Send to this subscription again, first what changed meanwhile."""
    click.echo(_line(open_container().subscriptions.set_active(subscription_id, active=True)))


@subscriptions.command("remove")
@_id
def remove(subscription_id: str) -> None:
    """Delete this subscription and the records of its deliveries."""
    removed = open_container().subscriptions.remove(subscription_id)
    click.echo(printable(f"removed {removed.id} ({removed.url.removeprefix(MAILTO)})"))


@subscriptions.command("replay")
@_id
@click.argument("delivery_id", metavar="DELIVERY")
def replay(subscription_id: str, delivery_id: str) -> None:
    """Send a delivery again, whatever became of it. `show` lists the ids of deliveries."""
    click.echo(_delivery_line(open_container().subscriptions.replay(subscription_id, delivery_id)).strip())


def _addressed(address: str, kind: str | None) -> tuple[str, str]:
    """The subscription's URL and format. Raises BadParameter for an address that is not of that kind."""
    mail = address.startswith(MAILTO) or ("@" in address and "://" not in address)
    chosen = kind or ("email" if mail else "webhook")
    if (chosen == "email") != mail:
        wants = "an e-mail address" if chosen == "email" else "the URL of an endpoint"
        raise click.BadParameter(f"{address!r} is not {wants}, as --kind {chosen} needs", param_hint="ADDRESS")
    url = f"{MAILTO}{address.removeprefix(MAILTO)}" if mail else address
    try:
        SubscriberAddress().deserialize(url)
    except ValidationError as error:
        raise click.BadParameter(f"{address!r}: {' '.join(map(str, error.messages))}", param_hint="ADDRESS") from None
    return url, _KINDS[chosen][1]


def _kind(one: Subscription) -> str:
    return next(name for name, (kind, form) in _KINDS.items() if (kind, form) == (one.kind, one.format))


def _line(one: Subscription) -> str:
    return printable(one_line(f"{one.id}  {_kind(one):<7}  {one.url.removeprefix(MAILTO)}  {_health(one)}"))


def _health(one: Subscription) -> str:
    if not one.active:
        return f"paused: {one.disabled_because}"
    if one.failing_since:
        return f"failing since {one.failing_since:%Y-%m-%d %H:%M}"
    return f"last delivered {one.last_success_at:%Y-%m-%d %H:%M}" if one.last_success_at else "nothing delivered yet"


def _details(one: Subscription) -> list[tuple[str, str]]:
    """What a subscription is sent, and when: (label, words)."""
    wants, timing = one.wants, one.timing
    told = [
        ("countries", ", ".join(wants.countries)),
        ("pairs", ", ".join(f"{a}:{b}" for a, b in wants.pairs)),
        ("facets", ", ".join(wants.facets)),
        ("to values", ", ".join(wants.to_values)),
        ("also", ", ".join(name for name in ("historic", "unconfirmed") if getattr(wants, name))),
        ("grouped", f"every {timing.group_minutes} minutes" if timing.group_minutes else ""),
        ("quiet", f"{timing.quiet_from}-{timing.quiet_until}" if timing.quiet_from else ""),
        ("time zone", timing.zone if timing.group_minutes or timing.quiet_from else ""),
    ]
    return [(label, words) for label, words in told if words] or [("gets", "all changes, at once")]


def _delivery_line(delivery: Delivery) -> str:
    last = delivery.attempts[-1] if delivery.attempts else None
    outcome = f", {_outcome(Answer(last.status, last.error))}" if last else ""
    due = f", next {delivery.next_attempt_at:%Y-%m-%d %H:%M} UTC" if delivery.next_attempt_at else ""
    tried = f"{len(delivery.attempts)} attempt{'s' * (len(delivery.attempts) != 1)}"
    return printable(one_line(f"{delivery.id}  change {delivery.seq}  {delivery.status}, {tried}{outcome}{due}"))


def _outcome(answer: Answer) -> str:
    status = f"status {answer.status}" if answer.status is not None else ""
    return ", ".join(filter(None, (status, answer.error))) or "no answer"
