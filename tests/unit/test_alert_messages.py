"""Messages for chat, compared with stored examples; texts and links that every message shares."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from entente.relations.states import Change
from entente.services.alert_texts import move_of, quote_of, title_of
from entente.services.ports.alerts import Alert
from entente.services.ports.changes import RecordedChange
from entente.services.ports.subscriptions import ADAPTIVE_CARD, SLACK, Subscription
from entente.services.ports.wants import Wants
from entente.services.unsubscribing import is_signed, unsubscribe_path
from entente.web.mail.digests import Digests
from schemas.alert_bodies import AlertBodies

EXAMPLES = Path(__file__).with_name("alert_messages")
NOON = datetime(2025, 7, 4, 12, tzinfo=UTC)
DAY = date(2025, 7, 3)
MOVED = Change("RUS", "AFG", "recognition", "", "held", "not_recognised", "recognised", DAY, "", False)
ALERT = Alert(
    recorded=RecordedChange(1, MOVED, "a1", NOON),
    headline="Russia → Afghanistan: recognition: recognised",
    moved="from not recognised to recognised",
    since=DAY,
    quote="Moscow & Kabul\n <agreed>.",
    publisher="News <and> Views",
    title="An envoy & a flag",
    url="https://news.example/a?x=1&y=|",
    path="/v1/relations/RUS/AFG",
)
RETRACTION = Alert(
    recorded=RecordedChange(2, replace(MOVED, facet=""), "a1", NOON, kind="retraction"),
    headline="An article of Herald was retracted",
    moved="",
    since=None,
    quote="",
    publisher="Herald",
    title="",
    url="",
    path="/v1/articles/a1",
)


def subscription(format: str = "json") -> Subscription:
    return Subscription("s1", "https://h.example/", "whsec_x", Wants(), True, NOON, 0, format=format)


@pytest.mark.parametrize("format", [SLACK, ADAPTIVE_CARD])
def test_a_message_is_as_its_stored_example(format: str) -> None:
    body = AlertBodies("https://entente.example").body(subscription(format), [ALERT, RETRACTION])
    assert json.loads(body) == json.loads((EXAMPLES / f"{format}.json").read_text(encoding="utf-8"))


#: Texts that take up more in a message than their characters: in bytes, or because they are escaped.
_LONG = ["word ", "слово ", "戦争", "🕊", "&", "<", '"', "\n"]


@pytest.mark.parametrize("piece", _LONG)
@pytest.mark.parametrize("part", ["quote", "title", "publisher", "headline", "url"])
@pytest.mark.parametrize("format", [SLACK, ADAPTIVE_CARD])
def test_a_message_of_twenty_long_changes_is_within_the_services_limits(format: str, part: str, piece: str) -> None:
    long = replace(ALERT, quote=piece * 2000)
    told: dict[str, Any] = {part: ("https://h.example/" if part == "url" else "") + piece * 2000}
    alerts = [replace(long, **told)] * 20
    body = AlertBodies("https://entente.example").body(subscription(format), alerts)
    if format == ADAPTIVE_CARD:
        assert len(body) <= 28_000
        return
    blocks = json.loads(body)["blocks"]
    assert len(blocks) == 20 <= 50
    assert all(0 < len(block["text"]["text"]) <= 3000 for block in blocks)


def test_a_card_that_gets_too_long_says_how_many_changes_it_leaves_out() -> None:
    alerts = [replace(ALERT, url="https://h.example/" + "x" * 3000)] * 20
    shown = json.loads(AlertBodies("").body(subscription(ADAPTIVE_CARD), alerts))["attachments"][0]["content"]["body"]
    last = shown[-1]["inlines"][0]["text"]
    assert last == f"and {20 - (len(shown) - 1)} more changes"


@pytest.mark.parametrize("format", [SLACK, ADAPTIVE_CARD])
def test_without_a_public_address_no_message_links_to_it(format: str) -> None:
    body = AlertBodies("").body(subscription(format), [ALERT, RETRACTION])
    assert b"/relations/" not in body
    assert b"/articles/" not in body


def test_a_long_quote_is_cut_and_a_title_is_one_line() -> None:
    assert quote_of(replace(ALERT, quote="a" * 600)) == f"“{'a' * 500}…”"
    assert title_of([replace(ALERT, headline="One\r\nBcc: two")] * 3) == "One Bcc: two, and 2 more"


def test_an_unsubscribe_link_is_of_one_subscription_only() -> None:
    one, other = subscription(), replace(subscription(), id="s2")
    signature = unsubscribe_path(one).rpartition("/")[2]
    assert is_signed(one, signature)
    assert not is_signed(other, signature)
    assert not is_signed(replace(one, secret="whsec_y"), signature)
    assert not is_signed(one, "é")


def test_a_long_link_stays_whole_in_the_header_of_an_email() -> None:
    digests = Digests("alerts@entente.example", "https://entente.example/" + "x" * 200)
    to = replace(subscription(), url="mailto:reader@paper.example", kind="email")
    sent = digests.message(to, "d1", [replace(ALERT, title="Überschrift → " + "ä" * 300)], NOON).as_bytes()
    assert f"<https://entente.example/{'x' * 200}{unsubscribe_path(to)}>".encode() in sent
    assert sent.isascii()
    assert max(map(len, sent.splitlines())) < 998


@pytest.mark.parametrize(
    ("label", "told"), [("2011-01-01", "since 2011-01-01"), ("2011-01", "since 2011-01"), ("2011", "since 2011")]
)
def test_a_change_is_dated_no_more_precisely_than_its_event(label: str, told: str) -> None:
    begun = date(2011, 1, 1)
    change = replace(MOVED, effective_on=begun, event=f"RUS.AFG.recognise.effective.{label}")
    alert = replace(ALERT, recorded=replace(ALERT.recorded, change=change), since=begun)

    assert move_of(alert).endswith(told)


def test_a_change_that_its_event_does_not_date_is_of_its_day() -> None:
    change = replace(MOVED, effective_on=date(2011, 1, 1), event="RUS.AFG.recognise.effective.undated")

    assert change.precision is replace(change, event="").precision is replace(change, event="odd").precision is None
    assert replace(change, event="RUS.AFG.recognise.effective.2010").precision is None
