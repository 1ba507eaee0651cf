"""Places for requests to the outside."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from entente.services.places import PAUSE, Places

NOON = datetime(2025, 7, 4, 12, tzinfo=UTC)


def taken(places: Places, urls: list[str], *, failed_before: bool = False) -> list[bool]:
    """Which of these requests, all under way at once, get a place."""
    with ExitStack() as under_way:
        return [under_way.enter_context(places.take(url, failed_before=failed_before)) for url in urls]


def test_one_host_gets_no_more_than_its_places_and_others_get_theirs():
    urls = [f"https://slow.example/{n}" for n in range(6)] + ["https://other.example/"]
    assert taken(Places(16, 4), urls) == [True] * 4 + [False] * 2 + [True]


def test_a_place_is_free_again_afterwards():
    places = Places(4, 1)
    assert [taken(places, ["http://a.example/"]) for _ in range(3)] == [[True]] * 3


def test_a_place_is_free_again_after_an_error():
    places = Places(4, 1)
    with pytest.raises(OSError, match="broken"), places.take("http://a.example/", failed_before=True):
        raise OSError("broken")
    assert taken(places, ["http://a.example/"], failed_before=True) == [True]


def test_what_found_no_place_gives_none_back():
    places = Places(4, 1)
    with places.take("http://a.example/", failed_before=False):
        assert taken(places, ["http://a.example/"] * 2) == [False, False]
        assert taken(places, ["http://a.example/"]) == [False]


@pytest.mark.parametrize(("pool", "places"), [(2, 1), (3, 1), (5, 2), (8, 4), (100, 4)])
def test_a_host_never_gets_more_than_half_of_the_pool(pool, places):
    assert sum(taken(Places(pool, 4), ["http://a.example/"] * 10)) == places


def test_requests_that_failed_before_get_half_of_a_hosts_places_and_of_the_pool():
    places = Places(16, 4)
    assert sum(taken(places, ["http://a.example/"] * 10, failed_before=True)) == 2
    many = [f"http://host{n}.example/" for n in range(16)]
    assert sum(taken(places, many, failed_before=True)) == 8


def test_requests_that_failed_before_leave_places_at_their_host_to_others():
    places = Places(16, 4)
    with ExitStack() as under_way:
        for _ in range(4):
            under_way.enter_context(places.take("http://a.example/", failed_before=True))
        assert sum(taken(places, ["http://a.example/"] * 4)) == 2


def test_two_ports_are_two_hosts_and_letter_case_makes_none():
    places = Places(4, 1)
    assert taken(places, ["http://a.example/", "http://A.example/", "https://a.example/"]) == [True, False, True]


def test_requests_put_off_get_times_of_their_own_for_each_host():
    places = Places(4, 1)
    assert [places.later("http://a.example/", NOON) for _ in range(3)] == [NOON + n * PAUSE for n in (1, 2, 3)]
    assert places.later("http://b.example/", NOON) == NOON + PAUSE
    later = NOON + timedelta(hours=1)
    assert places.later("http://a.example/", later) == later + PAUSE
