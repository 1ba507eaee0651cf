"""Two acts of one pair in one sentence are both told."""

from datetime import date

import pytest

from entente.services.articles import Document
from entente.services.ports.coder import Coder

DAY = date(2025, 10, 15)


@pytest.mark.parametrize(
    ("text", "source", "acts"),
    [
        (
            "Norway expelled two Iranian diplomats and recalled its ambassador from Tehran on Friday.",
            "NOR",
            {"expel_diplomats", "recall_ambassador"},
        ),
        (
            "Poland closed its border with Belarus on Friday and banned imports of potash from it.",
            "POL",
            {"close_border", "ban_imports"},
        ),
        (
            "Suriname ratified the border agreement with France, which the two had signed in 2021.",
            "SUR",
            {"ratify_treaty", "sign_treaty"},
        ),
        (
            "Bolivia, which broke off relations with Israel in 2009, restored them on Tuesday.",
            "BOL",
            {"sever_relations", "restore_relations"},
        ),
    ],
)
def test_both_acts_of_a_pair_in_one_sentence_are_told(coder: Coder, text: str, source: str, acts: set[str]) -> None:
    told = coder.code(Document(text, None, DAY)).events
    assert {event.act for event in told if event.source.entity == source and event.confidence >= 0.5} == acts


def test_of_one_act_no_other_is_told(coder: Coder) -> None:
    text = "Norway expelled two Iranian diplomats from Oslo on Friday."
    assert [event.act for event in coder.code(Document(text, None, DAY)).events] == ["expel_diplomats"]
