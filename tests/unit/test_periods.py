"""Period: parsing, first and last day, containment."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.relations.periods import PRECISIONS, Period

periods = st.builds(
    lambda day, precision: Period.parse(day.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]),
    st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)),
    st.sampled_from(PRECISIONS),
)


@given(periods)
def test_a_period_is_read_back_from_its_label(period):
    assert Period.parse(period.label) == period


@given(periods)
def test_a_period_lies_within_its_own_month_and_year(period):
    year = Period.parse(period.label[:4])
    assert period.within(year)
    assert period.first <= period.last


def test_a_month_is_not_within_one_of_its_days():
    assert not Period.parse("2021-08").within(Period.parse("2021-08-15"))


@pytest.mark.parametrize("text", ["", "2021-13", "2021-02-30", "21-01-01", "2021-1-1", "2021-08-01T00:00", "٢٠٢١"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        Period.parse(text)
