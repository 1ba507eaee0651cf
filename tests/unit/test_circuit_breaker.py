"""CircuitBreaker: what is asked of a third party that fails, when, and by whom."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from entente.services.circuit_breaker import CircuitBreaker, CircuitOpen


class Broken(Exception):
    """The third party failed."""


class Refused(Exception):
    """The third party answered, with a refusal."""


class ThirdParty:
    """Called through a breaker on a chosen clock; counts the calls that are made."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls = 0
        self.error: Exception | None = None
        self.breaker = CircuitBreaker("it", 1.0, 4.0, lambda: self.now, self.counted)

    @contextmanager
    def counted(self) -> Iterator[None]:
        self.calls += 1
        yield

    def ask(self) -> str:
        try:
            with self.breaker.call(lambda error: isinstance(error, Broken)):
                if self.error:
                    raise self.error
                return "answer"
        except CircuitOpen:
            return "not asked"
        except Broken:
            return "failed"


@pytest.fixture
def party() -> ThirdParty:
    return ThirdParty()


def test_after_one_failure_nothing_is_asked_until_the_pause_is_over(party: ThirdParty) -> None:
    party.error = Broken()
    assert [party.ask() for _ in range(10)] == ["failed"] + 9 * ["not asked"]
    party.now = 0.99
    assert party.ask() == "not asked"
    party.now, party.error = 1.0, None
    assert [party.ask() for _ in range(3)] == 3 * ["answer"]
    assert party.calls == 4


def test_pauses_grow_up_to_the_longest_and_begin_anew_after_an_answer(party: ThirdParty) -> None:
    def pauses(tries: int) -> list[float]:
        found = []
        for _ in range(tries):
            failed_at = party.now
            while party.ask() == "not asked":
                party.now += 0.5
            found.append(party.now - failed_at)
        return found

    party.error = Broken()
    assert pauses(5) == [0, 1, 2, 4, 4]
    party.now, party.error = party.now + 4, None
    assert party.ask() == "answer"
    party.error = Broken()
    assert pauses(2) == [0, 1]


def test_one_caller_tries_again_and_the_others_do_not_wait_for_it(party: ThirdParty) -> None:
    party.error = Broken()
    party.ask()
    party.now, party.error = 1.0, None
    asked, answered = threading.Event(), threading.Event()

    def slow() -> None:
        with party.breaker.call():
            asked.set()
            assert answered.wait(60)

    with ThreadPoolExecutor(1) as pool:
        trying = pool.submit(slow)
        assert asked.wait(60)
        assert [party.ask() for _ in range(8)] == 8 * ["not asked"]
        answered.set()
        trying.result(10)
    assert party.calls == 2
    assert party.ask() == "answer"


def test_calls_that_were_under_way_when_it_opened_neither_prolong_the_pause_nor_end_it(party: ThirdParty) -> None:
    early, late = party.breaker.call(), party.breaker.call()
    early.__enter__()
    late.__enter__()
    party.error = Broken()
    assert party.ask() == "failed"
    party.now = 0.5
    assert late.__exit__(Broken, Broken(), None) is False
    early.__exit__(None, None, None)
    assert party.ask() == "not asked"
    party.now, party.error = 1.0, None
    assert party.ask() == "answer"


def test_a_refusal_is_an_answer(party: ThirdParty) -> None:
    party.error = Refused()
    for _ in range(3):
        with pytest.raises(Refused):
            party.ask()
    assert party.calls == 3


def test_who_is_interrupted_while_trying_again_leaves_the_try_to_the_next(party: ThirdParty) -> None:
    party.error = Broken()
    party.ask()
    party.now = 1.0
    with pytest.raises(KeyboardInterrupt), party.breaker.call():
        raise KeyboardInterrupt
    party.error = None
    assert party.ask() == "answer"
