"""Subscriptions: signed deliveries to a real server, retries and their schedule."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from standardwebhooks.webhooks import Webhook

from entente.bootstrap.container import Container
from entente.services import subscriptions
from entente.services.places import Places
from entente.services.ports.subscriptions import Attempt, Timing
from entente.services.ports.telemetry import Telemetry
from entente.services.ports.wants import Wants
from entente.services.subscriptions import PATIENCE, PREPARING, SCHEDULE, Dispatcher
from entente.web.courier import SigningCourier
from schemas.alert_bodies import AlertBodies
from tests.conftest import ChosenClock
from tests.integration.conftest import RECOGNITION, TEXT, coded
from tests.integration.web_server import Site

HISTORIC = [coded("close_embassy", "1992-08", quote=TEXT[56:])]


class Bells:
    """The TaskQueue port, which remembers what was rung for."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def deliver(self, delivery_id: str) -> bool:
        self.rung.append(delivery_id)
        return True

    def waiting(self, work: str) -> int:
        return 0


@pytest.fixture
def bells() -> Bells:
    return Bells()


@pytest.fixture
def dispatcher(container: Container, bells: Bells) -> Dispatcher:
    ids = iter(f"01980000-0000-7000-8000-{n:012}" for n in range(100_000))
    parts = container.ledger, container.senders, container.alerts, bells, container.clock, lambda: next(ids)
    return Dispatcher(*parts, Places(16, 4))  # type: ignore[arg-type]  # Bells only delivers


def run(dispatcher: Dispatcher, bells: Bells) -> list[str | None]:
    """Deliver what is due; what became of each."""
    bells.rung.clear()
    dispatcher.dispatch()
    return [dispatcher.deliver(id) for id in list(bells.rung)]


def test_a_change_reaches_the_subscriber_signed_and_once(
    site: Site, container: Container, dispatcher: Dispatcher, bells: Bells, told: Callable[..., str]
) -> None:
    subscription = container.subscriptions.add(site.status("/hook", 204), Wants(facets=["recognition"]))
    told(RECOGNITION)

    assert run(dispatcher, bells) == ["delivered"]
    assert run(dispatcher, bells) == []

    [(method, path, headers, body)] = site.asked
    assert (method, path) == ("POST", "/hook")
    signed = {name.lower(): value for name, value in headers.items()}
    message = Webhook(subscription.secret).verify(body.decode(), signed)
    assert message["type"] == "relation.changed"
    assert message["data"]["facet"] == "recognition"
    assert message["data"]["after"] == "recognised"


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        (Wants(), 1),
        (Wants(historic=True), 2),
        (Wants(countries=["RUS"]), 1),
        (Wants(countries=["FRA"]), 0),
        (Wants(pairs=[("AFG", "RUS")]), 1),
        (Wants(pairs=[("AFG", "FRA")]), 0),
        (Wants(to_values=["recognised"]), 1),
        (Wants(to_values=["withdrawn"]), 0),
        (Wants(facets=["mission"], historic=True), 1),
    ],
)
def test_a_subscriber_gets_what_it_wants_and_nothing_else(
    site: Site,
    container: Container,
    dispatcher: Dispatcher,
    bells: Bells,
    told: Callable[..., str],
    wanted: Wants,
    sent: int,
) -> None:
    container.subscriptions.add(site.status("/hook", 200), wanted)
    told(RECOGNITION)

    assert len(run(dispatcher, bells)) == sent


def test_a_subscriber_is_told_from_its_first_day_on(
    site: Site, container: Container, dispatcher: Dispatcher, bells: Bells, told: Callable[..., str]
) -> None:
    told(RECOGNITION)
    container.subscriptions.add(site.status("/hook", 200), Wants(historic=True))

    assert run(dispatcher, bells) == []


def test_one_subscription_with_many_changes_does_not_delay_the_others(
    site: Site,
    container: Container,
    bells: Bells,
    told: Callable[..., str],
    clock: ChosenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subscriptions, "_BATCH", 1)
    made = [container.subscriptions.add(site.status("/hook", 204), Wants()) for _ in range(2)]
    told([coded("recognise", "2025-07-03", target=target) for target in ("AFG", "PAK", "IRN")])
    ids = iter(f"01980000-0000-7000-8000-{n:012}" for n in range(1000))

    def slowly() -> str:
        clock.advance(seconds=PREPARING.total_seconds())
        return next(ids)

    parts = container.ledger, container.senders, container.alerts, bells, clock, slowly
    dispatcher = Dispatcher(*parts, Places(16, 4))  # type: ignore[arg-type]  # Bells only delivers

    for n in (1, 2, 3):
        dispatcher.dispatch()
        assert [len(container.subscriptions.deliveries(one.id, 0, 100)) for one in made] == [n, n]


def test_a_subscription_that_no_delivery_can_be_made_for_does_not_delay_the_others(
    site: Site,
    container: Container,
    bells: Bells,
    told: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad, good = (container.subscriptions.add(site.status("/hook", 204), Wants(), timing=Timing(g)) for g in (60, 0))
    told(RECOGNITION)
    failed: list[tuple[str, Exception]] = []

    class Heard(Telemetry):
        def deliveries_not_prepared(self, subscription_id: str, error: Exception) -> None:
            failed.append((subscription_id, error))

    def planned(now: datetime, timing: Timing) -> datetime:
        if timing.group_minutes:
            raise LookupError("no such group")
        return now

    monkeypatch.setattr(subscriptions, "send_at", planned)
    ids = iter(f"01980000-0000-7000-8000-{n:012}" for n in range(1000))
    parts = container.ledger, container.senders, container.alerts, bells, container.clock, lambda: next(ids)
    Dispatcher(*parts, Places(16, 4), Heard()).dispatch()  # type: ignore[arg-type]  # Bells only delivers

    assert [(id, str(error)) for id, error in failed] == [(bad.id, "no such group")]
    assert container.subscriptions.deliveries(bad.id, 0, 100) == []
    assert len(container.subscriptions.deliveries(good.id, 0, 100)) == 1


def test_a_removed_subscription_gets_nothing_and_is_gone_with_its_deliveries(
    site: Site,
    client: FlaskClient,
    container: Container,
    dispatcher: Dispatcher,
    bells: Bells,
    told: Callable[..., str],
) -> None:
    gone = container.subscriptions.add(site.status("/hook", 500), Wants(historic=True))
    kept = container.subscriptions.add(site.status("/other", 200), Wants(historic=True))
    told(RECOGNITION)
    # None is of one that had already gone with another of its subscription.
    assert set(run(dispatcher, bells)) - {None} == {"delivered", "pending"}
    waiting = list(bells.rung)

    assert client.delete(f"/v1/subscriptions/{gone.id}").get_json()["disabled_because"] == "removed"

    assert client.get(f"/v1/subscriptions/{gone.id}").status_code == 404
    assert client.delete(f"/v1/subscriptions/{gone.id}").status_code == 404
    assert [one.id for one in container.subscriptions.list()] == [kept.id]
    asked = len(site.asked)
    assert [dispatcher.deliver(id) for id in waiting] == [None] * len(waiting)
    assert len(site.asked) == asked


@pytest.mark.parametrize(
    ("wants", "told_of"),
    [({"to_values": ["recogniced"]}, "nearest: recognised"), ({"facets": ["aid"], "to_values": ["war"]}, "of aid")],
)
def test_a_value_that_no_facet_has_is_refused(client: FlaskClient, wants: dict[str, list[str]], told_of: str) -> None:
    refused = client.post("/v1/subscriptions", json={"url": "https://h.example/", "wants": wants})
    assert refused.status_code == 422
    [error] = refused.get_json()["errors"]
    assert error["field"] == "to_values"
    assert told_of in error["detail"]


def test_retractions_are_told(
    site: Site, container: Container, dispatcher: Dispatcher, bells: Bells, told: Callable[..., str]
) -> None:
    article = told(RECOGNITION)
    container.subscriptions.add(site.status("/hook", 200), Wants(countries=["FRA"]))
    container.corrections.retract(article, "wrong")

    assert run(dispatcher, bells) == ["delivered"]
    assert json.loads(site.asked[0][3])["type"] == "article.retracted"


def test_an_endpoint_in_trouble_is_tried_on_schedule_and_then_the_delivery_has_failed(
    site: Site,
    container: Container,
    dispatcher: Dispatcher,
    bells: Bells,
    told: Callable[..., str],
    clock: ChosenClock,
) -> None:
    subscription = container.subscriptions.add(site.status("/hook", 500), Wants())
    told(RECOGNITION)

    waited = []
    begun = clock.now()
    for _ in SCHEDULE:
        assert len(run(dispatcher, bells)) == 1
        [delivery] = container.subscriptions.deliveries(subscription.id, 0, 10)
        if delivery.next_attempt_at is None:
            break
        waited.append(delivery.next_attempt_at - clock.now())
        clock.set(delivery.next_attempt_at)

    assert delivery.status == "failed"
    assert [attempt.status for attempt in delivery.attempts] == [500] * len(SCHEDULE)
    for planned, pause in zip(SCHEDULE[1:], waited, strict=True):
        assert planned <= pause <= planned * 1.11
    assert clock.now() - begun < PATIENCE
    assert container.subscriptions.get(subscription.id).active


def test_an_endpoint_without_a_success_for_five_days_is_disabled(
    site: Site,
    container: Container,
    dispatcher: Dispatcher,
    bells: Bells,
    told: Callable[..., str],
    clock: ChosenClock,
) -> None:
    subscription = container.subscriptions.add(site.status("/hook", 500), Wants())
    told(RECOGNITION)
    run(dispatcher, bells)
    clock.advance(days=PATIENCE.days)

    run(dispatcher, bells)

    stopped = container.subscriptions.get(subscription.id)
    assert (stopped.active, stopped.disabled_because) == (False, "no success for 5 days")
    assert run(dispatcher, bells) == []


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_no_success_and_is_not_followed(
    site: Site, container: Container, dispatcher: Dispatcher, bells: Bells, told: Callable[..., str], status: int
) -> None:
    container.subscriptions.add(site.status("/hook", status, Location="/else"), Wants())
    told(RECOGNITION)

    assert run(dispatcher, bells) == ["pending"]
    assert site.paths() == ["/hook"]


def test_an_endpoint_that_is_gone_is_disabled_at_once(
    site: Site, container: Container, dispatcher: Dispatcher, bells: Bells, told: Callable[..., str]
) -> None:
    subscription = container.subscriptions.add(site.status("/hook", 410), Wants())
    told(RECOGNITION)

    run(dispatcher, bells)

    assert not container.subscriptions.get(subscription.id).active


def test_an_endpoint_that_asks_for_time_is_given_it(
    site: Site,
    container: Container,
    dispatcher: Dispatcher,
    bells: Bells,
    told: Callable[..., str],
) -> None:
    subscription = container.subscriptions.add(site.status("/hook", 429, Retry_After="7200"), Wants())
    told(RECOGNITION)

    run(dispatcher, bells)

    [delivery] = container.subscriptions.deliveries(subscription.id, 0, 10)
    assert delivery.next_attempt_at is not None
    assert delivery.next_attempt_at - container.clock.now() > timedelta(hours=1)


def test_a_grouped_message_that_fails_stays_one_message(
    site: Site,
    container: Container,
    dispatcher: Dispatcher,
    bells: Bells,
    told: Callable[..., str],
    clock: ChosenClock,
) -> None:
    subscription = container.subscriptions.add(site.status("/hook", 503), Wants(), timing=Timing(group_minutes=60))
    told([coded("recognise", "2025-07-03", target=target) for target in ("AFG", "PAK", "IRN", "IND", "CHN")])
    dispatcher.dispatch()
    n = len(container.subscriptions.deliveries(subscription.id, 0, 100))
    assert n >= 5

    for _ in range(4):
        due = {delivery.next_attempt_at for delivery in container.subscriptions.deliveries(subscription.id, 0, 100)}
        assert len(due) == 1
        clock.set(due.pop() or clock.now())
        run(dispatcher, bells)

    ids = [headers["webhook-id"] for _, _, headers, _ in site.asked]
    assert len(ids) == 4
    assert len(set(ids)) == 1


def test_of_a_grouped_message_none_is_given_up_before_its_own_last_attempt(
    site: Site,
    container: Container,
    dispatcher: Dispatcher,
    bells: Bells,
    told: Callable[..., str],
    clock: ChosenClock,
) -> None:
    subscription = container.subscriptions.add(site.status("/hook", 503), Wants(), timing=Timing(group_minutes=60))
    told([coded("recognise", "2025-07-03", target=target) for target in ("AFG", "PAK")])
    dispatcher.dispatch()
    spent, *others = container.subscriptions.deliveries(subscription.id, 0, 100)
    with container.ledger.write() as unit:
        tries = (Attempt(clock.now().isoformat(), 503, None),) * (len(SCHEDULE) - 1)
        unit.subscriptions.settle(replace(spent, attempts=tries))
        unit.commit()

    clock.advance(hours=1)
    run(dispatcher, bells)

    status = {delivery.id: delivery.status for delivery in container.subscriptions.deliveries(subscription.id, 0, 100)}
    assert status == {spent.id: "failed", **{other.id: "pending" for other in others}}


def test_a_message_that_waited_into_quiet_hours_waits_for_their_end_but_one_replayed_does_not(
    site: Site,
    container: Container,
    dispatcher: Dispatcher,
    bells: Bells,
    told: Callable[..., str],
    clock: ChosenClock,
) -> None:
    quiet = Timing(quiet_from="22:00", quiet_until="07:00")
    subscription = container.subscriptions.add(site.status("/hook", 204), Wants(), timing=quiet)
    clock.set(clock.now().replace(hour=21, minute=59))
    told(RECOGNITION)
    dispatcher.dispatch()
    clock.advance(hours=3)

    assert run(dispatcher, bells) == [None]
    [waiting] = container.subscriptions.deliveries(subscription.id, 0, 10)
    assert waiting.next_attempt_at == clock.now().replace(hour=7, minute=0)
    container.subscriptions.replay(subscription.id, waiting.id)
    assert dispatcher.deliver(waiting.id) == "delivered"


def test_what_failed_is_sent_again_when_asked(
    site: Site,
    client: FlaskClient,
    container: Container,
    dispatcher: Dispatcher,
    bells: Bells,
    told: Callable[..., str],
) -> None:
    made = client.post("/v1/subscriptions", json={"url": site.status("/hook", 500), "wants": {"countries": ["Russia"]}})
    here = made.get_json()["links"]["deliveries"]
    told(RECOGNITION)
    run(dispatcher, bells)
    [logged] = client.get(here).get_json()["deliveries"]
    assert [attempt["status"] for attempt in logged["attempts"]] == [500]
    site.status("/hook", 200)

    again = client.post(f"{here}/{logged['id']}/replay")

    assert again.status_code == 202
    assert dispatcher.deliver(logged["id"]) == "delivered"
    [after] = client.get(here).get_json()["deliveries"]
    assert [attempt["status"] for attempt in after["attempts"]] == [500, 200]


def test_a_stopped_subscription_catches_up_when_it_is_started(
    site: Site,
    client: FlaskClient,
    dispatcher: Dispatcher,
    bells: Bells,
    told: Callable[..., str],
) -> None:
    here = client.post("/v1/subscriptions", json={"url": site.status("/hook", 200)}).get_json()["links"]["self"]
    client.patch(here, json={"active": False})
    told(RECOGNITION)
    assert run(dispatcher, bells) == []

    client.patch(here, json={"active": True})

    assert run(dispatcher, bells) == ["delivered"]


def test_a_subscription_is_checked_and_its_secret_shown_once(client: FlaskClient) -> None:
    made = client.post("/v1/subscriptions", json={"url": "https://hooks.example/x"}).get_json()
    assert made["secret"].startswith("whsec_")
    assert made["secret"] not in client.get("/v1/subscriptions").get_data(as_text=True)
    for wrong, status in (
        ({"url": "x"}, 422),
        ({"url": "https://h.example/", "wants": {"countries": ["Atlantis"]}}, 404),
        ({"url": "https://h.example/", "wants": {"facets": ["mood"]}}, 422),
        ({"url": "https://h.example/", "wants": {"pairs": [["RUS"]]}}, 422),
    ):
        assert client.post("/v1/subscriptions", json=wrong).status_code == status


def test_a_private_address_is_never_posted_to() -> None:
    courier = SigningCourier("EntenteTest/1", AlertBodies("").body)
    answer = courier.post("http://10.0.0.1/", "whsec_c2VjcmV0", "m", b"{}")

    assert answer.status is None
    assert "not a public address" in str(answer.error)
