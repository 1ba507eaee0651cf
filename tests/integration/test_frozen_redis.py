"""A Redis that is frozen (SIGSTOP) holds nothing that others need: neither reads, nor acknowledgements, nor turns."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest
from werkzeug.test import TestResponse

from api.app import create_app
from api.http.patient_app import PatientApp
from api.http.turns import Turns
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.articles import ArticleDraft
from entente.services.circuit_breaker import FIRST_PAUSE, LONGEST_PAUSE, CircuitBreaker
from entente.services.ingesting.code import CodeArticles
from tests.conftest import ChosenClock
from tests.contract.helpers import at_once
from tests.integration.conftest import RECOGNITION, TEXT, ReadsAsTold
from tests.processes import until

PAIR = "/v1/relations/RUS/AFG"
LISTENER = "cache-invalidations"


class Asked:
    """The API as it is served, on a Redis that a test freezes; what is asked of Redis, and the breaker's clock."""

    def __init__(self, settings: Settings, clock: ChosenClock, redis: "Popen[bytes]") -> None:
        self.now = 0.0
        self.by: list[str] = []
        self.meanwhile: Callable[[], object] | None = None
        self.turns = Turns(1)
        self.redis = redis
        self.container = Container(settings, clock, self.waiting)
        #: Of Redis in a row, as the breaker tells them.
        self.failures = 0
        breaker = CircuitBreaker("Redis", monotonic=lambda: self.now, waiting=self.waiting, tell=self.told)
        self.container.__dict__["redis_breaker"] = self.breaker = breaker
        app = create_app(self.container)
        app.wsgi_app = PatientApp(app.wsgi_app, self.turns)
        self.app = app
        self.token = self.container.keys.add("tests", ["admin"]).token

    def get(self, path: str) -> TestResponse:
        # Buffered: the answer is read and closed, as a server does, before the next request.
        return self.app.test_client().get(path, buffered=True)

    def post(self, text: str) -> int:
        headers = {"Authorization": f"Bearer {self.token}"}
        return (
            self.app.test_client().post("/v1/articles", json={"text": text}, headers=headers, buffered=True).status_code
        )

    @contextmanager
    def waiting(self) -> Iterator[None]:
        with self.turns.given_back():
            self.by.append(threading.current_thread().name)
            if self.by[-1] != LISTENER and self.meanwhile:
                do, self.meanwhile = self.meanwhile, None
                do()
            yield

    def told(self, _name: str, failures: int, _next_try_in: float) -> None:
        self.failures = failures

    def freeze(self) -> None:
        self.redis.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.redis.send_signal(signal.SIGCONT)

    def by_requests(self) -> int:
        return sum(name != LISTENER for name in self.by)


@pytest.fixture
def api(sqlite_url: str, own_redis: Callable[[], object], tmp_path: Path, clock: ChosenClock) -> Iterator[Asked]:
    with own_redis() as (url, redis):  # type: ignore[attr-defined]  # a context manager
        asked = Asked(Settings(data_dir=tmp_path, database_url=sqlite_url, redis_url=url), clock, redis)
        container = asked.container
        taken = container.ingest.submit(ArticleDraft("Wire", text=TEXT), ring=False)
        told = ReadsAsTold(RECOGNITION)
        CodeArticles(container.ledger, told, container.projector, container.queue, clock, "test").run(taken.article_id)
        yield asked
        container.close()


def test_a_frozen_redis_is_asked_once_and_then_every_read_comes_from_the_ledger(api: Asked) -> None:
    known = api.get(PAIR).data
    api.freeze()
    before = api.by_requests()

    answers = [api.get(PAIR) for _ in range(50)]
    taken = [api.post(f"Report {n}.") for n in range(5)]

    assert {(answer.status_code, answer.data) for answer in answers} == {(200, known)}
    assert set(taken) == {202}
    # None at all if the listener noticed first.
    assert api.by_requests() - before <= 1


def test_a_reader_that_waits_for_a_frozen_redis_holds_no_turn(api: Asked) -> None:
    api.freeze()
    taken: list[int] = []

    def send() -> None:
        sending = threading.Thread(target=lambda: taken.append(api.post("Sent while a reader waits.")))
        sending.start()
        sending.join(30)

    api.meanwhile = send
    assert api.get(PAIR).status_code == 200
    assert taken == [202], "the only turn was held"


def test_readers_and_senders_of_a_frozen_redis_all_get_their_answers(api: Asked) -> None:
    api.freeze()
    statuses = at_once(lambda n: api.post(f"Report {n}.") if n % 4 == 0 else api.get(PAIR).status_code, 24)

    assert sorted(statuses) == 18 * [200] + 6 * [202]
    before = api.by_requests()
    assert set(at_once(lambda _: api.get(PAIR).status_code, 24)) == {200}
    assert api.by_requests() == before


def test_after_each_pause_one_caller_tries_again_and_pauses_grow(api: Asked) -> None:
    api.get(PAIR)
    api.freeze()
    api.get(PAIR)
    until(lambda: api.failures)
    for pause in (FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE):
        until(lambda: not api.breaker._trying)
        before = len(api.by)
        api.now += 0.9 * pause
        at_once(lambda _: api.get(PAIR).status_code, 8)
        assert len(api.by) == before
        api.now += 0.1 * pause + 0.001
        assert set(at_once(lambda _: api.get(PAIR).status_code, 8)) == {200}
        until(lambda: not api.breaker._trying)
        assert len(api.by) == before + 1


def test_a_redis_that_goes_on_is_used_again(api: Asked) -> None:
    api.get(PAIR)
    api.freeze()
    api.get(PAIR)
    until(lambda: api.failures)
    api.thaw()
    api.now += LONGEST_PAUSE
    api.get(PAIR)

    until(lambda: not api.failures)
    assert api.get(PAIR).status_code == 200
    assert api.container.queue.code_article("rung for again")
