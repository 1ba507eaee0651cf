"""Preparing a text: story without boilerplate, sentences, language."""

import pytest

from entente.coding.text.cleaning import blank_markup, story
from entente.coding.text.language import is_english
from entente.coding.text.sentences import split


def told(text: str, title: str | None = None) -> list[str]:
    return [text[start:end] for start, end in story(text, title)]


@pytest.mark.parametrize(
    "line",
    [
        "Sign up now: get our letters every morning",
        "FILE PHOTO: Flags of Peru and Chile fly at the embassy of Chile",
        "AI generated",
        "By Maria Example",
        "Follow topic:",
        "Reporting by the Lima bureau",
        "PHOTO: REUTERS",
    ],
)
def test_boilerplate_is_no_part_of_the_story(line: str) -> None:
    assert told(f"{line}\nPeru thanked Chile.") == ["Peru thanked Chile."]


def test_the_dateline_and_the_agency_are_left_out() -> None:
    assert told("LIMA (Reuters) - Peru thanked Chile.  REUTERS") == ["Peru thanked Chile."]


def test_a_repeated_title_is_left_out() -> None:
    assert told("Peru thanks Chile\n\nPeru thanked Chile.", "Peru thanks Chile") == ["Peru thanked Chile."]


def test_markup_is_blanked_without_moving_a_character() -> None:
    text = "<p>Peru&nbsp;thanked <b>Chile</b>.\x00</p>"
    blanked = blank_markup(text)
    assert len(blanked) == len(text)
    assert blanked.index("Chile") == text.index("Chile")
    assert not set("<>\x00") & set(blanked)


def test_abbreviations_do_not_end_a_sentence() -> None:
    text = "Mr. Perez of the U.S. embassy left Jan. 3. Gen. Diaz stayed."
    found = [text[start:end] for start, end in split(text, 0, len(text))]
    assert found == ["Mr. Perez of the U.S. embassy left Jan. 3.", "Gen. Diaz stayed."]


def test_a_text_without_capitals_is_cut_at_full_stops() -> None:
    text = "russia expelled two envoys, it said. the embassy in s. korea did not comment."
    found = [text[start:end] for start, end in split(text, 0, len(text))]
    assert found == ["russia expelled two envoys, it said.", "the embassy in s. korea did not comment."]


def test_a_very_long_sentence_is_cut() -> None:
    text = "Peru thanked Chile and " * 500
    assert all(end - start <= 900 for start, end in split(text, 0, len(text)))


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("The government of Peru said on Monday that it would recall its ambassador to Chile over the row.", True),
        (
            "El gobierno del Perú dijo el lunes que retiraría a su embajador en Chile por la disputa de la frontera.",
            False,
        ),
        ("Die Regierung von Peru sagte am Montag, dass sie den Botschafter in Chile wegen des Streits abzieht.", False),
        ("Правительство Перу заявило в понедельник об отзыве посла в Чили.", False),
        ("Peru expels Chilean envoy", True),
    ],
)
def test_only_english_is_taken_for_english(text: str, english: bool) -> None:
    assert is_english(text) is english
