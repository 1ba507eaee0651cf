"""/metrics: who may read it, what it has, and what is missing when something can't be reached."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from entente.bootstrap.container import Container
from entente.services.errors import Unavailable
from tests.integration.conftest import RECOGNITION


def samples(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


@pytest.mark.parametrize("rule", ["always", "loopback", "never"])
def test_metrics_are_for_this_machine_or_a_key_that_may_read(container: Container, rule: str) -> None:
    container.settings = replace(container.settings, open_reading=rule)
    client = create_app(container).test_client()
    afar = {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}}
    reader, sender = (container.keys.add(scope, [scope]).token for scope in ("read", "ingest"))

    def status(token: str | None, **more: object) -> int:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return client.get("/metrics", headers=headers, **more).status_code  # type: ignore[arg-type]  # an environ

    assert status(None) == 200
    assert status(None, **afar) == 401
    assert status(reader, **afar) == 200
    assert status(sender, **afar) == 403


def test_requests_are_counted_by_route_and_status(container: Container, recognition: str) -> None:
    client = create_app(container).test_client()
    for path in ("/v1/relations/RUS/AFG", "/v1/relations/RUS/AFG", "/v1/relations/RUS/Atlantis", "/v1/x", "/v1/y"):
        client.get(path, buffered=True)
    found = samples(client)
    counted = {key: value for key, value in found.items() if key.startswith("entente_http_requests_total")}
    assert counted == {
        'entente_http_requests_total{method="GET",route="/v1/relations/{source}/{target}",status="200"}': 2,
        'entente_http_requests_total{method="GET",route="/v1/relations/{source}/{target}",status="404"}': 1,
        'entente_http_requests_total{method="GET",route="",status="404"}': 2,
    }
    assert found['entente_cache_reads_total{result="hit"}'] == 1
    assert found['entente_cache_reads_total{result="miss"}'] == 1


def test_what_a_service_did_is_counted(container: Container, told: Callable[..., str]) -> None:
    article = told(RECOGNITION)
    container.corrections.retract(article, "wrong")
    container.telemetry.article_coded("a", "coded", RECOGNITION, "1")
    found = samples(create_app(container).test_client())
    assert found['entente_articles_received_total{result="new",via="submission"}'] == 1
    assert found["entente_articles_retracted_total"] == 1
    roots = {key: value for key, value in found.items() if key.startswith("entente_events_coded_total")}
    assert sum(roots.values()) == len(RECOGNITION)
    assert all(re.search(r'root="[A-Z]+"', key) for key in roots)


def test_queues_and_the_ledgers_figures_are_read_at_the_scrape(container: Container, told: Callable[..., str]) -> None:
    told(RECOGNITION)
    container.queue.code_article("a1")
    container.heartbeats.note("fetcher")
    found = samples(create_app(container).test_client())
    assert found['entente_queue_depth{queue="ingest"}'] == 1
    assert found['entente_queue_depth{queue="deliver"}'] == 0
    assert (found["entente_ledger_up"], found["entente_cache_up"]) == (1, 1)
    assert {key: value for key, value in found.items() if key.startswith("entente_part_up")} == {
        'entente_part_up{part="worker"}': 0,
        'entente_part_up{part="fetcher"}': 1,
        'entente_part_up{part="deliverer"}': 0,
    }
    assert found["entente_changes_last_number"] > 0
    assert found["entente_dirty_dyads"] == 1
    assert 'entente_part_failing{part="api"}' not in found


def test_a_ledger_out_of_reach_is_told_and_the_rest_still_served(
    container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(container).test_client()

    def gone() -> None:
        raise Unavailable("gone")

    monkeypatch.setattr(container.ledger, "read", gone)
    found = samples(client)
    assert found["entente_ledger_up"] == 0
    assert "entente_changes_last_number" not in found
    assert found["entente_cache_up"] == 1


def test_a_broker_out_of_reach_has_no_queue_depth(container: Container) -> None:
    container.settings = replace(container.settings, redis_url="unix:///nowhere/redis.sock")
    found = samples(create_app(container).test_client())
    assert found["entente_cache_up"] == 0
    assert not any(key.startswith(("entente_queue_depth", "entente_part_up")) for key in found)
