"""Date phrases in sentences, resolved against a day of publication."""

from datetime import date

import pytest

from entente.coding.dates.coming import coming
from entente.coding.dates.phrases import dated, phrases
from entente.coding.dates.sequence import dates_of
from entente.coding.text.sentences import Sentence, split
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


def test_what_is_told_to_lie_ahead_is_the_next_and_what_was_done_the_last() -> None:
    assert read("They will meet on Monday.") == ["2025-07-07"]
    assert read("It said on Monday that it would pay.") == ["2025-06-30"]
    assert read("It was signed on December 20.") == ["2024-12-20"]
    assert read("It is due on December 20.") == ["2025-12-20"]


def test_the_end_of_a_period_is_no_date_unless_nothing_happened_until_then() -> None:
    assert read("The ban was prolonged until 15 March 2026.") == []
    assert read("It did not answer until 15 March 2025.") == ["2025-03-15"]


def test_so_long_after_an_act_counts_back_to_that_act_and_no_later_day_goes_on_from_it() -> None:
    text = "It fired back on Tuesday, two days after Israel struck. The next day it stopped."
    cut = text.index("The next")
    sentences = [Sentence("text", 0, cut - 1, text[: cut - 1]), Sentence("text", cut, len(text), text[cut:])]
    told = [phrase for line in dates_of(sentences, TODAY) for phrase in line]
    assert [p.period.label for p in told if p.period] == ["2025-07-01", "2025-06-29", "2025-07-02"]
    assert [text[p.start : p.end] for p in told] == ["Tuesday", "two days after", "The next day"]


@pytest.mark.parametrize(
    ("text", "act", "label"),
    [
        ("It reopened its embassy two years after it had closed it.", "reopened", "2025-07-04"),
        ("It reopened its embassy two years after it had closed it.", "closed", "2023"),
        ("It reopened its embassy on Tuesday, two years after it had closed it.", "reopened", "2025-07-01"),
        ("Nearly two years after it had closed its embassy, it reopened it.", "reopened", "2025-07-04"),
        ("Nearly two years after it had closed its embassy, it reopened it.", "closed", "2023"),
        ("Its envoy, two years after he was recalled, returned.", "returned", "2025-07-04"),
        ("It was signed two years after the war of 1990.", "signed", "1992"),
    ],
)
def test_so_long_after_an_act_dates_that_act_and_not_the_one_of_its_own_clause(text: str, act: str, label: str) -> None:
    phrase = next(p for p in phrases(text, 100, TODAY, None) if "after" in text[p.start - 100 : p.end - 100])
    period = dated(phrase, text, 100, text.index(act))
    assert period
    assert period.label == label


def test_of_an_act_ahead_a_day_without_a_year_is_the_next_and_a_weekday_stays() -> None:
    assert coming(Period.parse("2024-12-20"), "December 20 in Rome", TODAY) == Period.parse("2025-12-20")
    assert coming(Period.parse("2025-06-20"), "June 20 in Rome", TODAY) == Period.parse("2025-06-20")
    assert coming(Period.parse("2025-06-30"), "Monday in Rome", TODAY) == Period.parse("2025-06-30")
    assert coming(Period.parse("2024-12-20"), "December 20, 2024", TODAY) == Period.parse("2024-12-20")


def test_a_bare_month_after_an_old_year_is_the_last_one_unless_the_text_goes_on_with_that_year() -> None:
    moved_on = "Haiti and its neighbour fell out in 2005. Haiti banned poultry in June."
    gone_on = "Argentina complained in May 1960 and again that June. By August all was settled."
    assert _last_date(moved_on, "2013-09-26") == "2013-06"
    assert _last_date(gone_on, "2020-05-23") == "1960-08"


@pytest.mark.parametrize(
    "no_cue",
    [
        "Both had signed a treaty in 1998 that may lapse soon. The border was shut in March.",
        "Ministers of the two, at odds since 1998, met today in Vienna. The border was shut in March.",
    ],
)
def test_words_that_only_look_like_going_on_do_not_carry_an_old_year(no_cue: str) -> None:
    assert _last_date(no_cue, "2015-06-09") == "2015-03"


def _last_date(text: str, published: str) -> str:
    found = [Sentence("text", start, end, text[start:end], 0) for start, end in split(text, 0, len(text))]
    *_, last = dates_of(found, date.fromisoformat(published))
    period = last[-1].period
    assert period is not None
    return period.label
