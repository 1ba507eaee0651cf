"""Date phrases in sentences, resolved against a day of publication."""

from datetime import date

import pytest

from entente.coding.dates.phrases import phrases
from entente.relations.periods import Period

TODAY = date(2025, 7, 4)  # a Friday


def read(text: str, anchor: Period | None = None, history: Period | None = None) -> list[str | None]:
    return [p.period.label if p.period else None for p in phrases(text, 0, TODAY, anchor, history)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("on July 3", "2025-07-03"),
        ("on 3 July 2024", "2024-07-03"),
        ("in April 2025", "2025-04"),
        ("in March", "2025-03"),
        ("in September", "2024-09"),
        ("last August", "2024-08"),
        ("in May last year", "2024-05"),
        ("since 2022", "2022"),
        ("yesterday", "2025-07-03"),
        ("on Wednesday", "2025-07-02"),
        ("on Friday", "2025-07-04"),
        ("last year", "2024"),
        ("Last month", "2025-06"),
        ("two days ago", "2025-07-02"),
    ],
)
def test_a_phrase_is_read_as_precisely_as_it_was_said(text: str, label: str) -> None:
    assert read(f"It happened {text}.") == [label]


def test_later_and_earlier_count_from_the_date_told_last() -> None:
    told = Period.day(date(2024, 2, 10))
    assert read("Two days later it withdrew.", told) == ["2024-02-12"]
    assert read("The next day it withdrew.", told) == ["2024-02-11"]


def test_that_month_is_the_month_told_last() -> None:
    assert read("They came that very month.", Period.parse("2014-03-18")) == ["2014-03"]


def test_a_bare_month_in_told_history_has_the_year_of_that_history() -> None:
    assert read("It left in May.", None, Period.parse("2014-03-18")) == ["2014-05"]


@pytest.mark.parametrize(
    "text", ["They may march.", "Some 1,950 people came.", "resolution 1973", "a march on the sea"]
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert read(text) == []


def test_without_a_day_of_publication_only_full_dates_are_read() -> None:
    found = phrases("On Monday, on July 3 and in May 2020", 0, None, None)
    assert [p.period.label for p in found if p.period] == ["2020-05"]
