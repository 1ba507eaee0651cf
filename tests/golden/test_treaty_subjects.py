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


def test_a_text_that_tells_of_two_treaties_is_on_the_last_one_named_before(coder: Coder) -> None:
    text = (
        "Australia and Fiji signed an agreement on health services along their border on Monday. "
        "Australia and Fiji signed a treaty on extradition in February 2023. "
        "The Fijian parliament ratified it that year."
    )
    headline = "Fiji, Australia sign border health accord"
    told = coder.code(Document(text, headline, DAY)).events
    assert {event.context for event in told if event.act == "ratify_treaty"} == {("treaty:extradition",)}


def test_arrangements_of_the_sentence_before_are_no_treaty_that_was_ratified(coder: Coder) -> None:
    text = (
        "Tuvalu ratified the Falepili Union treaty with Australia on Tuesday. "
        "Under it Tuvalu needs Australia's consent for security arrangements with others. "
        "Australia ratified it in March."
    )
    assert ratified(coder, text) == {()}
