"""A treaty whose subject a text names once, and which it then calls "the treaty"."""

from datetime import date

from entente.services.articles import Document
from entente.services.ports.coder import Coder

DAY = date(2025, 10, 15)


def ratified(coder: Coder, text: str) -> set[tuple[str, ...]]:
    return {event.context for event in coder.code(Document(text, None, DAY)).events if event.act == "ratify_treaty"}


RATIFIED = "Australia ratified the treaty with Fiji on Tuesday, the foreign ministry in Canberra said."


def test_a_treaty_ratified_without_its_subject_is_the_one_that_the_text_names(coder: Coder) -> None:
    signed = "Australia and Fiji signed a treaty on extradition in Suva in March 2024."
    assert ratified(coder, f"{RATIFIED} {signed}") == {("treaty:extradition",)}


def test_between_two_subjects_and_of_another_dyad_none_is_chosen(coder: Coder) -> None:
    both = (
        "Australia and Fiji signed a treaty on extradition in 2022. Australia and Fiji signed a border treaty in 2023."
    )
    assert ratified(coder, f"{RATIFIED} {both}") == {()}
    assert ratified(coder, f"{RATIFIED} Australia and Tonga signed a treaty on extradition in 2022.") == {()}


def test_a_similar_agreement_is_on_what_the_sentence_before_names(coder: Coder) -> None:
    text = (
        "Chile and Peru signed an agreement on extradition in Lima on Tuesday. "
        "A similar agreement between Chile and Brazil was signed in June 2023."
    )
    told = {(event.target.entity, *event.context) for event in coder.code(Document(text, None, DAY)).events}
    assert ("BRA", "treaty:extradition") in told
