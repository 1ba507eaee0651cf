"""Evidence weighed: how a text tells an act makes it more or less sure than the network claims."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.coding.coder import EnglishCoder
from entente.coding.weighing import FEATURES, Weighing
from entente.relations.events import CodedEvent
from entente.services.articles import Document

FRIDAY = date(2026, 10, 2)

RECALL = "Peru on Thursday recalled its ambassador from Bolivia."

#: Weights by which an act is as sure as it is claimed.
CLAIM_ALONE = {"base": 0.0, **dict.fromkeys(FEATURES, 0.0), "claimed": 1.0}


def told(coder: EnglishCoder, text: str, act: str) -> CodedEvent:
    events = [event for event in coder.code(Document(text, None, FRIDAY)).events if event.act == act]
    return max(events, key=lambda event: event.confidence)


def test_an_act_told_again_is_surer(coder: EnglishCoder) -> None:
    again = (
        f"{RECALL} Prices rose. Peru last recalled its ambassador from Bolivia in protest this week, officials said."
    )
    assert told(coder, again, "recall_ambassador").confidence > told(coder, RECALL, "recall_ambassador").confidence


def test_an_act_between_quotation_marks_is_less_sure(coder: EnglishCoder) -> None:
    quoted = f"“{RECALL}”"
    assert told(coder, quoted, "recall_ambassador").confidence < told(coder, RECALL, "recall_ambassador").confidence


@pytest.mark.parametrize("name", ["base", *FEATURES])
def test_a_table_without_one_of_the_weights_is_refused_by_name(name: str) -> None:
    table = {key: weight for key, weight in CLAIM_ALONE.items() if key != name}
    with pytest.raises(ValueError, match=rf"^weighing\.{name} must be a number, not None$"):
        Weighing.of(table)


def test_a_weight_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^weighing\.title must be a number, not 'low'$"):
        Weighing.of({**CLAIM_ALONE, "title": "low"})


@given(base=st.floats(-1e6, 1e6), weight=st.floats(-1e6, 1e6))
def test_what_is_weighed_is_a_probability_above_nothing(coder: EnglishCoder, base: float, weight: float) -> None:
    with weighing_by(coder, {**CLAIM_ALONE, "base": base, "both_named": weight}):
        assert 0 < told(coder, RECALL, "recall_ambassador").confidence < 1


def test_only_acts_that_are_told_as_done_are_weighed(coder: EnglishCoder) -> None:
    text = "Peru will recall its ambassador from Bolivia on Monday."
    before = told(coder, text, "recall_ambassador")
    with weighing_by(coder, {**CLAIM_ALONE, "base": -3.0}):
        assert told(coder, text, "recall_ambassador") == before
    assert before.status == "announced"


@contextmanager
def weighing_by(coder: EnglishCoder, table: Mapping[str, float]) -> Iterator[None]:
    kept = coder.events.weighing
    coder.events.weighing = Weighing.of(table)
    try:
        yield
    finally:
        coder.events.weighing = kept
