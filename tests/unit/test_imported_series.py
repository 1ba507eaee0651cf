"""Series and scores of imported events."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.bootstrap.seeds import load_codebook
from entente.relations.imported import ImportedDay, imported_series
from entente.relations.score import score_of
from entente.relations.tally import ONE, PER_UNIT, Tally

CODEBOOK = load_codebook()
START = date(1979, 1, 1)

DAYS = st.lists(
    st.tuples(st.integers(0, 16_000), st.integers(-1000, 1000)), min_size=1, max_size=30, unique_by=lambda d: d[0]
)


def day(offset: int, intensity: float | None, quad: int | None = 4, **other: int) -> ImportedDay:
    plus, minus = max(0.0, intensity or 0.0), max(0.0, -(intensity or 0.0))
    scaled = 0 if intensity is None else 1
    return ImportedDay(START + timedelta(offset), quad, 1, other.get("n", 1), scaled, plus, minus, other.get("dead", 0))


@given(DAYS)
def test_the_score_is_by_our_own_formula(told):
    told = sorted(told)
    last = START + timedelta(16_200)
    buckets = imported_series([day(at, units / 100) for at, units in told], CODEBOOK.score, "year", START, last)
    for bucket in buckets:
        tallies = []
        for at, units in told:
            if START + timedelta(at) <= bucket.last:
                tally = Tally(n_events=1, n_scored=1, weight=ONE, squares=ONE)
                tally.plus, tally.minus = max(0, units) * ONE, max(0, -units) * ONE
                tallies.append((START + timedelta(at), tally))
        ours = score_of(tallies, CODEBOOK, bucket.last)
        if bucket.score is None:
            assert ours.n_events == 0
            continue
        assert bucket.score.n_events == ours.n_events
        assert bucket.score.net == pytest.approx(ours.net, abs=0.011)
        assert bucket.score.cooperation == pytest.approx(ours.cooperation, abs=0.11)
        assert bucket.score.conflict == pytest.approx(ours.conflict, abs=0.11)
    assert PER_UNIT == 100


def test_buckets_count_events_reports_quad_classes_and_deaths():
    days = [day(0, -8.0, n=3, dead=2), day(0, 2.0, 1), day(31, None, None)]
    january, february = imported_series(days, CODEBOOK.score, "month", START, date(1979, 2, 10))
    assert (january.n_events, january.n_reports, january.deaths, january.mean_intensity) == (2, 4, 2, -3.0)
    assert january.n_by_quad == {1: 1, 2: 0, 3: 0, 4: 1}
    assert (february.n_events, february.mean_intensity, february.last) == (1, None, date(1979, 2, 10))
    assert february.n_by_quad == {1: 0, 2: 0, 3: 0, 4: 0}
    assert february.score is not None


def test_data_without_a_scale_has_no_score():
    (bucket,) = imported_series([day(0, None, dead=7)], CODEBOOK.score, "year", START, date(1979, 12, 31))
    assert (bucket.score, bucket.mean_intensity, bucket.deaths) == (None, None, 7)
