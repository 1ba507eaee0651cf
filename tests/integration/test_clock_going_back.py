"""The machine's clock goes back: what is recorded stays in order, and a past answer stays what it was."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from entente.bootstrap.doctor import examine
from entente.relations.dyads import Dyad
from entente.services.curating.assertions import Signature
from tests.conftest import ChosenClock
from tests.integration.conftest import coded

PAIR = "/v1/relations/RUS/AFG"
AFG_RUS = Dyad("AFG", "RUS")


def recorded(container: Container) -> list[str]:
    with container.ledger.read() as unit:
        return [change.recorded_at.isoformat() for change in unit.changes.after(0, 100)]


def test_recorded_at_stays_in_order_for_every_way_of_recording(
    container: Container, told: Callable[..., str], clock: ChosenClock
) -> None:
    noon = clock.now()
    first = told([coded("recognise", "2025-07-01")])
    clock.set(noon - timedelta(hours=1))
    told([coded("strike", "2025-07-02")], text="Another text.")
    container.assertions.enter(Signature("ana", "seen"), "RUS", "AFG", "impose_sanctions")
    container.corrections.retract(first, "wrong")
    with container.ledger.read() as unit:
        mentions = unit.mentions.of_dyad(AFG_RUS, known_at=noon)
        assertions = unit.assertions.list("", 9)
    clock.set(noon + timedelta(minutes=1))
    told([coded("close_embassy", "2025-07-03")], text="A third text.")

    times = recorded(container)
    assert len(set(times)) == 2
    assert times == sorted(times)
    assert {mention.recorded_at for mention in mentions} == {noon.isoformat()}
    assert [assertion.recorded_at for assertion in assertions] == [noon]


def test_what_was_known_before_the_clock_went_back_is_told_as_before(
    client: FlaskClient, told: Callable[..., str], clock: ChosenClock
) -> None:
    noon = clock.now()
    told([coded("recognise", "2025-07-01")])
    clock.set(noon + timedelta(hours=2))
    told([coded("strike", "2025-07-02")], text="Another text.")
    then = client.get(f"{PAIR}?known_at=2025-07-04T13:00:00Z").get_json()["facets"]

    # Back to before that moment: what is recorded now must not have been known then.
    clock.set(noon + timedelta(minutes=30))
    told([coded("close_embassy", "2025-07-03")], text="A third text.")
    clock.set(noon + timedelta(hours=3))

    assert client.get(f"{PAIR}?known_at=2025-07-04T13:00:00Z").get_json()["facets"] == then


def test_doctor_tells_of_a_clock_behind_the_ledger(
    container: Container, told: Callable[..., str], clock: ChosenClock
) -> None:
    told([coded("recognise", "2025-07-01")])
    verdicts = {finding.check: finding for finding in examine(container)}
    assert verdicts["clock"].verdict == "ok"
    clock.advance(hours=-1)
    verdicts = {finding.check: finding for finding in examine(container)}
    assert verdicts["clock"].verdict == "warning"
    assert "3600 s behind" in verdicts["clock"].detail
