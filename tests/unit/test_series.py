"""Series: buckets without gaps, each event in one, each with the score of its last day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.bootstrap.seeds import load_codebook
from entente.relations.grouping.group import group_mentions
from entente.relations.score import score
from entente.relations.series import BUCKETS, MAX_BUCKETS, count, latest_start, series, spans
from tests.unit.builders import mention

CODEBOOK = load_codebook()
LENGTHS = st.sampled_from(BUCKETS)


@given(LENGTHS, st.dates(), st.integers(0, 3000))
def test_spans_follow_one_another_and_are_as_many_as_counted(length: str, first: date, off: int) -> None:
    last = date.fromordinal(min(first.toordinal() + off, date.max.toordinal()))

    made = list(spans(length, first, last))

    assert len(made) == count(length, first, last)
    assert made[0][0] <= first
    assert made[-1][1] == last
    assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(made))


@given(LENGTHS, st.dates())
def test_the_latest_start_makes_no_more_buckets_than_there_may_be(length: str, last: date) -> None:
    first = latest_start(length, last)

    assert count(length, first, last) <= MAX_BUCKETS
    if first > date(5, 1, 1):
        assert count(length, first - timedelta(days=1), last) > MAX_BUCKETS


@pytest.mark.parametrize(
    ("length", "inside", "coarser"), [("day", 1, 2), ("week", 1, 2), ("month", 2, 1), ("year", 3, 0)]
)
def test_an_event_is_in_a_bucket_only_if_its_whole_date_is(length: str, inside: int, coarser: int) -> None:
    events = group_mentions(
        [mention("visit", "2025-07-03"), mention("praise", "2025-07"), mention("meet", "2025"), mention("host", None)]
    )

    made = series(events, CODEBOOK, length, date(2025, 1, 1), date(2025, 7, 31))

    assert (sum(bucket.n_events for bucket in made.buckets), made.n_coarser) == (inside, coarser)


def test_each_score_is_that_of_the_buckets_last_day() -> None:
    days = ["2018-01-01", "2020-02-29", "2024-12-31", "2025-01-01", "2025-01-31"]
    events = group_mentions([mention(act, day) for day in days for act in ("praise", "condemn", "visit")])

    for bucket in series(events, CODEBOOK, "month", date(2024, 11, 11), date(2025, 2, 2)).buckets:
        assert bucket.score == score(events, CODEBOOK, bucket.last)
