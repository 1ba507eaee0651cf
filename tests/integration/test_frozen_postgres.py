"""A PostgreSQL that is frozen (SIGSTOP) gets clear answers, holds no turn, and is left alone after one failure."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import text
from werkzeug.test import TestResponse

from api.app import create_app
from api.http.patient_app import PatientApp
from api.http.turns import Turns
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.articles import ArticleDraft
from entente.services.circuit_breaker import FIRST_PAUSE, CircuitBreaker
from entente.services.errors import Unavailable
from entente.services.ingesting.code import CodeArticles
from entente.storage.ledger import SqlLedger
from entente.storage.postgres import connect_arguments
from tests.conftest import ChosenClock
from tests.contract.helpers import at_once
from tests.integration.conftest import RECOGNITION, TEXT, ReadsAsTold
from tests.processes import frozen

PAIR = "/v1/relations/RUS/AFG"

Freezing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def postgres_frozen(postgres_pid: int) -> Freezing:
    """`with postgres_frozen():` the server and its sessions are stopped."""
    return lambda: frozen(postgres_pid)


@pytest.fixture
def redis_frozen(redis_url: str) -> Freezing:
    with Redis.from_url(redis_url) as client:
        pid = int(client.info("server")["process_id"])
    return lambda: frozen(pid)


class Api:
    """The API as it is served, with one turn; counts what is asked of PostgreSQL, on the breaker's chosen clock."""

    def __init__(self, settings: Settings, clock: ChosenClock) -> None:
        self.now = 0.0
        self.asked = 0
        self.turns = Turns(1)
        self.container = Container(settings, clock, self.turns.given_back, statement_seconds=5)
        breaker = CircuitBreaker("the database", monotonic=lambda: self.now, waiting=self.counted)
        self.container.ledger._breaker = self.breaker = breaker
        self.app = create_app(self.container)
        self.app.wsgi_app = PatientApp(self.app.wsgi_app, self.turns)  # type: ignore[method-assign]

    @contextmanager
    def counted(self) -> Iterator[None]:
        self.asked += 1
        with self.turns.given_back():
            yield

    def get(self, path: str) -> TestResponse:
        # Buffered: the answer is read and closed, as a server does, before the next request.
        return self.app.test_client().get(path, buffered=True)


@pytest.fixture
def api(postgres_url: str, redis_url: str, tmp_path: Path, clock: ChosenClock) -> Iterator[Api]:
    api = Api(Settings(data_dir=tmp_path, database_url=postgres_url, redis_url=redis_url), clock)
    container = api.container
    taken = container.ingest.submit(ArticleDraft("Wire", text=TEXT), ring=False)
    told = ReadsAsTold(RECOGNITION)
    CodeArticles(container.ledger, told, container.projector, container.queue, clock, "test").run(taken.article_id)
    container.projector.redo_dirty()
    yield api
    container.close()


def test_reads_of_a_frozen_ledger_are_503_and_after_the_first_failure_nothing_is_asked(
    api: Api, postgres_frozen: Freezing
) -> None:
    assert api.get("/v1/changes").status_code == 200
    with postgres_frozen():
        before = api.asked
        answers = [api.get("/v1/changes") for _ in range(20)]
        assert api.asked == before + 1
        assert {answer.status_code for answer in answers} == {503}
        assert {answer.headers["Retry-After"] for answer in answers} == {"5"}
        api.now += FIRST_PAUSE
        assert {answer.status_code for answer in at_once(lambda _: api.get("/v1/changes"), 8)} == {503}
        assert api.asked == before + 2
    api.now += 2 * FIRST_PAUSE
    assert api.get("/v1/changes").status_code == 200


def test_a_cached_relation_is_served_while_others_wait_for_a_frozen_ledger(api: Api, postgres_frozen: Freezing) -> None:
    known = api.get(PAIR)
    assert known.status_code == 200
    with postgres_frozen():
        reading = threading.Thread(target=lambda: api.get("/v1/changes"))
        asked = api.asked
        reading.start()
        while api.asked == asked:
            reading.join(0.01)
        # The only turn is free, although the other request waits: or this would wait for it too.
        assert api.turns._free.qsize() == 1
        assert api.get(PAIR).data == known.data
        reading.join()


def test_readiness_is_told_without_a_turn_whatever_is_frozen(
    api: Api, postgres_frozen: Freezing, redis_url: str, redis_frozen: Freezing
) -> None:
    assert api.get("/readyz").get_json()["status"] == "ready"
    api.turns._free.get()
    with postgres_frozen():
        assert api.get("/readyz").status_code == 503
        assert api.get("/healthz").status_code == 200
        with redis_frozen():
            assert api.get("/readyz").status_code == 503
    api.container.ledger._probe = None
    api.now += 60
    with redis_frozen():
        assert api.get("/readyz").get_json()["status"] == "degraded"
    api.turns._free.put(None)


def test_a_statement_under_way_when_the_server_freezes_is_given_up(
    postgres_url: str, postgres_frozen: Freezing
) -> None:
    ledger = SqlLedger(postgres_url, statement_seconds=1)
    with ledger.read() as unit:
        unit.changes.last()
        with postgres_frozen(), pytest.raises(Unavailable, match="did not answer in time"):
            unit.changes.last()
    with ledger.read() as unit:
        assert unit.changes.last() == 0
    ledger.close()


def test_a_statement_that_is_too_slow_ends_and_is_no_failure_of_the_server(postgres_url: str) -> None:
    ledger = SqlLedger(postgres_url, statement_seconds=0.2)
    with ledger.read() as unit, pytest.raises(Unavailable, match="statement timeout"):
        unit._connection.execute(text("SELECT pg_sleep(30)"))
    # At once, as an open circuit breaker would not let it.
    with ledger.read() as unit:
        assert unit.changes.last() == 0
    ledger.close()


def test_parameters_of_the_url_take_precedence() -> None:
    usual = connect_arguments({}, 30_000)
    given = connect_arguments({"connect_timeout": "9", "options": "-c lock_timeout=5"}, 30_000, 10)

    assert usual["options"] == "-c lock_timeout=30000"
    assert given["options"] == "-c lock_timeout=30000 -c statement_timeout=10000 -c lock_timeout=5"
    assert given["connect_timeout"] == "9"
    assert given["keepalives_idle"] == usual["keepalives_idle"]
