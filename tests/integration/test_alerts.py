"""Alerts for people: an Atom feed, e-mails to a real SMTP server, messages for Slack and Adaptive Cards."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import feedparser
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask.testing import FlaskClient
from standardwebhooks.webhooks import Webhook

from api.app import create_app
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.places import Places
from entente.services.ports.subscriptions import ADAPTIVE_CARD, SLACK, Timing
from entente.services.ports.wants import Wants
from entente.services.subscriptions import SCHEDULE, Dispatcher
from tests.conftest import ChosenClock
from tests.integration.conftest import OTHER_WORDS, RECOGNITION, TEXT, coded
from tests.integration.test_subscriptions import Bells
from tests.integration.web_server import Site

PUBLIC = "https://entente.example"
READER = "reader@paper.example"
MAIL = f"mailto:{READER}"
CONSUL = [coded("open_embassy", "2025-07-02")]


class Mailbox(Sink):
    """An SMTP server's handler that keeps what it accepts; `refusal` is its answer to a recipient or a message."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[EmailMessage] = []
        self.refusal: tuple[str, str] | None = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refusal and self.refusal[0] == "RCPT":
            return self.refusal[1]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusal and self.refusal[0] == "DATA":
            return self.refusal[1]
        assert isinstance(envelope.content, bytes)
        self.kept.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]  # typeshed
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Controller]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    yield controller
    if controller._thread is not None:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port: int = chosen.getsockname()[1]
        return port


@pytest.fixture
def container(
    sqlite_url: str, redis_url: str, tmp_path: Path, clock: ChosenClock, server: Controller
) -> Iterator[Container]:
    settings = Settings(
        data_dir=tmp_path,
        database_url=sqlite_url,
        redis_url=redis_url,
        fetch_loopback=True,
        public_url=PUBLIC,
        smtp_url=f"smtp://127.0.0.1:{server.port}",
        mail_from="Entente <alerts@entente.example>",
    )
    container = Container(settings, clock)
    yield container
    container.close()


@pytest.fixture
def bells() -> Bells:
    return Bells()


@pytest.fixture
def dispatcher(container: Container, bells: Bells) -> Dispatcher:
    ids = iter(f"01980000-0000-7000-8000-{n:012}" for n in range(100_000))
    parts = container.ledger, container.senders, container.alerts, bells, container.clock, lambda: next(ids)
    return Dispatcher(*parts, Places(16, 4))  # type: ignore[arg-type]  # Bells only delivers


@pytest.fixture
def run(dispatcher: Dispatcher, bells: Bells) -> Callable[[], list[str]]:
    """Deliver what is due; what became of each message."""

    def once() -> list[str]:
        bells.rung.clear()
        dispatcher.dispatch()
        return [status for id in list(bells.rung) if (status := dispatcher.deliver(id))]

    return once


# E-mail


def test_an_email_says_what_moved_since_when_and_quotes_who_says_so(
    container: Container, mailbox: Mailbox, told: Callable[..., str], run: Callable[[], list[str]]
) -> None:
    container.subscriptions.add(MAIL, Wants())
    told(RECOGNITION)

    assert run() == ["delivered"]
    assert run() == []

    [message] = mailbox.kept
    assert message["To"] == READER
    assert message["From"] == "Entente <alerts@entente.example>"
    assert message["Subject"] == "Russia → Afghanistan: recognition: recognised"
    assert message["Auto-Submitted"] == "auto-generated"
    plain, page = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert plain
    assert page
    for body in (plain.get_content(), page.get_content()):
        assert "from unknown to recognised, since 2025-07-03" in body
        assert TEXT[:20] in body
        assert "Sample Wire: A recognition" in body
        assert f"{PUBLIC}/relations/RUS/AFG" in body


def test_text_of_an_article_is_no_markup_in_an_email(
    container: Container, mailbox: Mailbox, told: Callable[..., str], run: Callable[[], list[str]]
) -> None:
    container.subscriptions.add(MAIL, Wants())
    told(RECOGNITION, publisher="<img src=x>")
    run()
    page = mailbox.kept[0].get_body(("html",))
    assert page
    assert "<img" not in page.get_content()
    assert "&lt;img" in page.get_content()


def test_the_link_of_an_email_unsubscribes_by_post_and_no_other_link_does(
    container: Container,
    mailbox: Mailbox,
    told: Callable[..., str],
    run: Callable[[], list[str]],
    stranger: FlaskClient,
) -> None:
    subscription = container.subscriptions.add(MAIL, Wants())
    told(RECOGNITION)
    run()
    link = mailbox.kept[0]["List-Unsubscribe"].strip("<>")
    assert mailbox.kept[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link.startswith(PUBLIC)
    path = link.removeprefix(PUBLIC)

    assert stranger.post(path[:-1] + ("0" if path[-1] != "0" else "1")).status_code == 404
    assert stranger.post(path.replace(subscription.id, "01980000-0000-7000-8000-000000000000")).status_code == 404
    asked = stranger.get(path)
    assert asked.status_code == 200
    assert "<form" in asked.get_data(as_text=True)
    assert container.subscriptions.get(subscription.id).active

    done = stranger.post(path, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    stopped = container.subscriptions.get(subscription.id)
    assert (stopped.active, stopped.disabled_because) == (False, "unsubscribed by the recipient")


def test_a_digest_has_the_changes_of_its_hour_and_waits_for_the_end_of_quiet_hours(
    container: Container,
    mailbox: Mailbox,
    clock: ChosenClock,
    told: Callable[..., str],
    run: Callable[[], list[str]],
) -> None:
    container.subscriptions.add(MAIL, Wants(), timing=Timing(60, "14:00", "16:00", "Europe/Berlin"))
    told(RECOGNITION)  # at 12:00 UTC: 14:00 in Berlin
    assert run() == []
    clock.advance(minutes=30)
    told(CONSUL, text=OTHER_WORDS + " " + TEXT, publisher="Herald")
    assert run() == []
    clock.set(datetime(2025, 7, 4, 13, 59, tzinfo=UTC))
    assert run() == []
    clock.set(datetime(2025, 7, 4, 14, 0, tzinfo=UTC))

    assert run() == ["delivered"]

    [message] = mailbox.kept
    assert message["Subject"].endswith(", and 1 more")
    body = message.get_body(("plain",))
    assert body
    assert "recognition: recognised" in body.get_content()
    assert "mission: embassy" in body.get_content()


def test_a_mail_server_that_is_down_is_tried_on_schedule_and_the_email_comes_once_it_is_up(
    container: Container,
    server: Controller,
    mailbox: Mailbox,
    clock: ChosenClock,
    told: Callable[..., str],
    run: Callable[[], list[str]],
) -> None:
    subscription = container.subscriptions.add(MAIL, Wants())
    told(RECOGNITION)
    port = server.port
    server.stop()

    assert run() == ["pending"]
    [delivery] = container.subscriptions.deliveries(subscription.id, 0, 10)
    assert delivery.attempts[0].status is None
    assert delivery.next_attempt_at
    assert SCHEDULE[1] <= delivery.next_attempt_at - clock.now() <= SCHEDULE[1] * 1.11

    again = Controller(mailbox, hostname="127.0.0.1", port=port)
    again.start()
    time.sleep(0.6)  # the circuit breaker's first pause
    clock.set(delivery.next_attempt_at)
    try:
        assert run() == ["delivered"]
    finally:
        again.stop()
    assert mailbox.kept[0]["Message-ID"] == f"<{delivery.id}@entente.example>"


def test_a_mail_server_that_failed_is_not_asked_again_for_every_message(
    container: Container, server: Controller, told: Callable[..., str], run: Callable[[], list[str]]
) -> None:
    ids = [container.subscriptions.add(f"mailto:{n}@paper.example", Wants()).id for n in range(3)]
    told(RECOGNITION)
    server.stop()

    assert run() == ["pending"] * 3

    errors = [container.subscriptions.deliveries(id, 0, 1)[0].attempts[0].error for id in ids]
    assert sum("was not asked again" in str(error) for error in errors) == 2


@pytest.mark.parametrize(
    ("refusal", "outcome"),
    [
        (("RCPT", "550 No such mailbox"), "failed"),
        (("RCPT", "450 Mailbox is full"), "pending"),
        (("DATA", "554 Not wanted"), "failed"),
        (("DATA", "451 Try later"), "pending"),
    ],
)
def test_what_the_mail_server_refuses_for_good_is_not_sent_again(
    container: Container,
    mailbox: Mailbox,
    told: Callable[..., str],
    run: Callable[[], list[str]],
    refusal: tuple[str, str],
    outcome: str,
) -> None:
    subscription = container.subscriptions.add(MAIL, Wants())
    told(RECOGNITION)
    mailbox.refusal = refusal

    assert run() == [outcome]

    [delivery] = container.subscriptions.deliveries(subscription.id, 0, 10)
    assert delivery.attempts[0].status == int(refusal[1][:3])
    assert delivery.attempts[0].error == refusal[1][4:]


def test_a_password_is_not_sent_to_a_server_that_offers_no_encryption(
    container: Container, server: Controller, told: Callable[..., str], run: Callable[[], list[str]]
) -> None:
    from entente.web.mail.smtp import MailServer

    sender = container.senders["email"]
    sender._server = MailServer.at(f"smtp://user:p%40ss@127.0.0.1:{server.port}")  # type: ignore[attr-defined]
    assert sender._server.password == "p@ss"  # type: ignore[attr-defined]
    subscription = container.subscriptions.add(MAIL, Wants())
    told(RECOGNITION)

    assert run() == ["pending"]

    [delivery] = container.subscriptions.deliveries(subscription.id, 0, 10)
    assert "no STARTTLS" in str(delivery.attempts[0].error)


def test_without_a_mail_server_no_email_can_be_subscribed(sqlite_url: str, tmp_path: Path) -> None:
    container = Container(Settings(data_dir=tmp_path, database_url=sqlite_url))
    client = create_app(container).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {container.keys.add('tests', ['admin']).token}"
    answer = client.post("/v1/subscriptions", json={"url": MAIL})
    container.close()
    assert answer.status_code == 409
    assert "ENTENTE_SMTP_URL" in answer.get_json()["detail"]


# Chat


@pytest.mark.parametrize(("format", "member"), [(SLACK, "blocks"), (ADAPTIVE_CARD, "attachments")])
def test_a_message_for_chat_is_signed_and_tells_of_all_changes_at_once(
    site: Site,
    container: Container,
    told: Callable[..., str],
    run: Callable[[], list[str]],
    format: str,
    member: str,
) -> None:
    subscription = container.subscriptions.add(site.status("/hook", 200), Wants(historic=True), format)
    told(RECOGNITION)

    assert run() == ["delivered"]

    [(_, _, headers, body)] = site.asked
    Webhook(subscription.secret).verify(body.decode(), {name.lower(): value for name, value in headers.items()})
    shown = json.dumps(json.loads(body)[member], ensure_ascii=False)
    assert "recognition: recognised" in shown
    assert "mission: closed" in shown


def test_grouped_json_has_the_rows_of_the_changes_feed(
    site: Site,
    container: Container,
    clock: ChosenClock,
    told: Callable[..., str],
    run: Callable[[], list[str]],
) -> None:
    container.subscriptions.add(site.status("/hook", 200), Wants(historic=True), timing=Timing(60))
    told(RECOGNITION)
    assert run() == []
    clock.advance(hours=1)
    assert run() == ["delivered"]
    message = json.loads(site.asked[0][3])
    assert message["type"] == "relation.changes"
    assert [row["seq"] for row in message["data"]["changes"]] == [1, 2]


def test_a_message_that_failed_is_sent_again_whole(
    site: Site,
    container: Container,
    clock: ChosenClock,
    told: Callable[..., str],
    run: Callable[[], list[str]],
) -> None:
    subscription = container.subscriptions.add(site.status("/hook", 500), Wants(historic=True), SLACK)
    told(RECOGNITION)
    assert run() == ["pending"]
    site.status("/hook", 200)
    clock.advance(seconds=6)
    assert run() == ["delivered"]

    assert site.asked[0][3] == site.asked[1][3]
    statuses = [delivery.status for delivery in container.subscriptions.deliveries(subscription.id, 0, 10)]
    assert statuses == ["delivered", "delivered"]


# Subscriptions over HTTP


def test_a_subscription_shows_its_kind_format_and_timing(client: FlaskClient) -> None:
    timing = {"group_minutes": 1440, "quiet": {"from": "22:00", "until": "07:00"}, "zone": "Europe/Berlin"}
    made = client.post("/v1/subscriptions", json={"url": MAIL, "timing": timing}).get_json()
    assert (made["kind"], made["url"], made["timing"]) == ("email", MAIL, timing)
    hook = client.post("/v1/subscriptions", json={"url": "https://hooks.example/x", "format": "slack"}).get_json()
    assert (hook["kind"], hook["format"], hook["timing"]["group_minutes"]) == ("webhook", "slack", 0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, "url"),
        ({"url": "mailto:no address"}, "url"),
        ({"url": f"mailto:a@b.example\nBcc: {READER}"}, "url"),
        ({"url": f"mailto:a@b.example,{READER}"}, "url"),
        ({"url": f"{MAIL}?subject=x"}, "url"),
        ({"url": MAIL, "format": "slack"}, "format"),
        ({"url": "https://h.example/", "format": "xml"}, "format"),
        ({"url": "https://h.example/", "timing": {"quiet": {"from": "22:00"}}}, "timing.quiet.until"),
        ({"url": "https://h.example/", "timing": {"quiet": {"from": "24:00", "until": "07:00"}}}, "timing.quiet.from"),
        ({"url": "https://h.example/", "timing": {"quiet": {"from": "07:00", "until": "07:00"}}}, "timing.quiet.until"),
        ({"url": "https://h.example/", "timing": {"group_minutes": 1441}}, "timing.group_minutes"),
        ({"url": "https://h.example/", "timing": {"group_minutes": True}}, "timing.group_minutes"),
    ],
)
def test_a_subscription_that_cannot_be_is_refused_by_the_field(
    client: FlaskClient, wrong: dict[str, object], field: str
) -> None:
    answer = client.post("/v1/subscriptions", json=wrong)
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.get_json()["errors"]]


def test_an_unknown_time_zone_is_named(client: FlaskClient) -> None:
    asked = {"url": "https://h.example/", "timing": {"zone": "Mars/Olympus"}}
    answer = client.post("/v1/subscriptions", json=asked)
    assert answer.status_code == 404
    assert "Mars/Olympus" in answer.get_json()["detail"]


# Atom


def test_the_feed_is_read_back_by_a_feed_reader(client: FlaskClient, told: Callable[..., str]) -> None:
    told(RECOGNITION, publisher="News\x02 & <Views>")
    answer = client.get("/v1/changes.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.links[0].href == f"{PUBLIC}/v1/changes.atom"
    [entry] = feed.entries
    assert entry.title == "Russia → Afghanistan: recognition: recognised"
    assert "from unknown to recognised, since 2025-07-03" in entry.summary
    assert "News & <Views>: A recognition" in entry.summary
    assert TEXT[:55] in entry.summary
    assert entry.link == f"{PUBLIC}/relations/RUS/AFG"
    assert client.get("/relations/RUS/AFG").mimetype == "text/html"
    assert feed.feed.updated == entry.updated == "2025-07-04T12:00:00Z"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1),
        ("historic=include", 2),
        ("countries=Russia", 1),
        ("countries=FRA,DEU", 0),
        ("pairs=AFG:RUS,FRA:DEU", 1),
        ("pairs=AFG:FRA", 0),
        ("facets=mission&historic=include", 1),
        ("facets=mission", 0),
        ("to_values=recognised", 1),
        ("to_values=withdrawn", 0),
        ("historic=include&limit=1", 1),
    ],
)
def test_the_feed_has_what_passes_every_filter(client: FlaskClient, recognition: str, query: str, found: int) -> None:
    assert len(feedparser.parse(client.get(f"/v1/changes.atom?{query}").data).entries) == found


@pytest.mark.parametrize(
    ("query", "status"),
    [("countries=Atlantis", 404), ("facets=mood", 422), ("pairs=RUS", 422), ("limit=0", 422), ("after=1", 422)],
)
def test_a_filter_that_cannot_be_is_refused(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/v1/changes.atom?{query}").status_code == status


def test_an_unchanged_feed_is_not_sent_again(client: FlaskClient, told: Callable[..., str], clock: ChosenClock) -> None:
    nothing = client.get("/v1/changes.atom")
    assert not feedparser.parse(nothing.data).bozo
    assert "Last-Modified" not in nothing.headers
    told(RECOGNITION)
    first = client.get("/v1/changes.atom")
    assert client.get("/v1/changes.atom", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get("/v1/changes.atom", headers=since).status_code == 304
    clock.advance(minutes=1)
    told(CONSUL, text=OTHER_WORDS + " " + TEXT, publisher="Herald")
    assert client.get("/v1/changes.atom", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert client.get("/v1/changes.atom", headers=since).status_code == 200
