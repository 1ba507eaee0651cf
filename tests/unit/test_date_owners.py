"""A date in a clause of its own dates that clause's act, and no other of its sentence."""

import pytest

from entente.coding.dates.owners import is_near, is_of_another


def _asked(text: str, act: str, date: str) -> bool:
    act_at, date_at = text.index(act), text.index(date)
    return is_of_another(text, (act_at, act_at + len(act)), (date_at, date_at + len(date)))


@pytest.mark.parametrize(
    ("text", "act", "date"),
    [
        ("Kenya reopened the border with Somalia that it had closed in 2011.", "reopened", "2011"),
        ("Mali has lifted the visa requirement that it introduced in 2019.", "lifted the visa requirement", "2019"),
        ("Oslo thanked China, which had renewed the loans in March.", "thanked", "March"),
        ("Spain's ambassador, recalled in March, is back in Caracas.", "is back", "March"),
        ("Kuwait, which expelled him in 2017, has since sent a new ambassador.", "has since sent", "2017"),
        ("Chad asked the court to close the case which Togo had brought in 2003.", "asked", "2003"),
        ("The two have relations again, for the first time since March 1978.", "have relations again", "March 1978"),
        ("Oslo sent an ambassador to Tehran, the first since 2012.", "sent an ambassador", "2012"),
        ("Lima named an envoy to Quito for the first time since the war of 1995.", "named an envoy", "1995"),
    ],
)
def test_a_date_in_a_clause_of_its_own_is_of_another_act(text: str, act: str, date: str) -> None:
    assert _asked(text, act, date)


@pytest.mark.parametrize(
    ("text", "act", "date"),
    [
        ("Kenya reopened the border with Somalia that it had closed in 2011.", "had closed", "2011"),
        ("Kenya reopened the border with Somalia on Monday.", "reopened", "on Monday"),
        ("Peru and Chile fought over it in the war that broke out in 1879.", "the war", "1879"),
        ("They are bound by a security pact that they signed in April.", "security pact", "April"),
        ("Ghana and Togo agreed to that on Tuesday.", "agreed to", "on Tuesday"),
        (
            "Lisbon, the old colonial power, severed ties in December 1975, when troops landed.",
            "landed",
            "December 1975",
        ),
        ("Spain, after the raid in May, recalled its ambassador.", "recalled", "May"),
        ("It was the first clash since June, when two were killed on the pass.", "clash", "June"),
        ("They met for the first time since the war, on Tuesday.", "met", "on Tuesday"),
    ],
)
def test_a_date_in_the_clause_of_the_act_or_of_a_noun_is_its_own(text: str, act: str, date: str) -> None:
    assert not _asked(text, act, date)


@pytest.mark.parametrize(("distance", "headline"), [(-5, False), (0, False), (1, False), (0, True), (2, True)])
def test_a_date_may_stand_before_an_act_or_soon_after_it(distance: int, headline: bool) -> None:
    assert is_near(distance, headline)


@pytest.mark.parametrize(("distance", "headline"), [(2, False), (3, True)])
def test_a_date_further_down_is_of_another_act(distance: int, headline: bool) -> None:
    assert not is_near(distance, headline)
