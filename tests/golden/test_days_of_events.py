"""On which day the coder dates an act: the dateline's, the publication's, a written one, or none."""

from datetime import date

import pytest

from entente.relations.events import CodedEvent
from entente.services.articles import Document
from entente.services.ports.coder import Coder

WEDNESDAY = date(2025, 10, 15)


def recall(coder: Coder, text: str) -> CodedEvent:
    told = [event for event in coder.code(Document(text, None, WEDNESDAY)).events if event.act == "recall_ambassador"]
    assert len(told) == 1, text
    return told[0]


@pytest.mark.parametrize(
    ("dateline", "day"),
    [
        ("LIMA, Oct 14 (Reuters) - ", "2025-10-14"),
        ("LIMA, Oct. 13 (AP) — ", "2025-10-13"),
        ("LIMA (AFP) - ", "2025-10-15"),
        # Of a text that is printed again, or of a day that has not come: not to be believed.
        ("LIMA, Oct 2 (Reuters) - ", "2025-10-15"),
        ("LIMA, Oct 16 (Reuters) - ", "2025-10-15"),
    ],
)
def test_an_act_without_a_date_has_the_day_of_a_dateline_shortly_before_publication(
    coder: Coder, dateline: str, day: str
) -> None:
    event = recall(coder, f"{dateline}Peru recalled its ambassador to Ecuador.")
    assert event.period is not None
    assert event.period.label == day
    assert event.dated_by == "publication"


def test_a_weekday_counts_from_the_dateline(coder: Coder) -> None:
    event = recall(coder, "LIMA, Oct 14 (Reuters) - Peru recalled its ambassador to Ecuador on Wednesday.")
    assert event.period is not None
    assert event.period.label == "2025-10-08"


@pytest.mark.parametrize("words", ["on 26 May 2569", "on 3 November 2025", "in the year 2031"])
def test_an_act_that_has_happened_is_never_dated_after_publication(coder: Coder, words: str) -> None:
    event = recall(coder, f"Peru recalled its ambassador to Ecuador {words}.")
    assert event.period is None
    assert event.dated_by == "none"


@pytest.mark.parametrize("words", ["on 12 Ramadan 1446", "on 26 May 2568 BE", "on 3/4/2025"])
def test_a_written_date_that_cannot_be_read_does_not_make_the_act_news_of_today(coder: Coder, words: str) -> None:
    event = recall(coder, f"Peru recalled its ambassador to Ecuador {words}.")
    assert event.period is None
    assert event.dated_by == "none"


@pytest.mark.parametrize(
    "text",
    [
        "Norway reopened its embassy in Tehran, for the first time since August 2012.",
        "Norway has reopened its embassy in Tehran for the first time since August 2012.",
    ],
)
def test_an_act_is_not_dated_by_when_the_like_was_last(coder: Coder, text: str) -> None:
    (event,) = coder.code(Document(text, None, WEDNESDAY)).events
    assert (event.act, event.period and event.period.label) == ("reopen_embassy", "2025-10-15")


def test_an_act_is_not_dated_by_another_several_sentences_further_down(coder: Coder) -> None:
    text = (
        "The summit went well. On the sidelines the defence ministers of Peru and Chile signed a convention on joint "
        "patrols at sea. Each country will have officers aboard the other's ships. Fishermen were pleased. The "
        "European Union signed a fisheries agreement with Chile in March 2023."
    )
    signed = [event for event in coder.code(Document(text, None, WEDNESDAY)).events if event.act == "sign_treaty"]
    days = {event.source.entity: event.period and event.period.label for event in signed}
    assert (days["PER"], days["EU"]) == ("2025-10-15", "2023-03")
