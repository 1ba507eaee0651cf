"""Ways to write a name: what the gazetteer makes of a text and of a country's name before it compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.coding.actors.spelling import lowered, plain, writings


@given(st.text())
def test_plain_and_lowered_texts_are_as_long_as_before(text: str) -> None:
    assert len(plain(text)) == len(lowered(text)) == len(text)


def test_a_plain_text_has_no_accents_and_straight_apostrophes() -> None:
    assert plain("Côte d’Ivoire – Łódź\nTürkiye") == "Cote d'Ivoire - Lodz Turkiye"


@pytest.mark.parametrize(
    ("name", "writing"),
    [
        ("Republic of Korea", "Korea, Republic of"),
        ("Republic of Korea", "Korea, Rep. of"),
        ("Republic of the Congo", "Congo, Republic of the"),
        ("Democratic Republic of the Congo", "Congo, Dem. Rep."),
        ("Islamic Republic of Iran", "Iran (Islamic Republic of)"),
        ("South Sudan", "S. Sudan"),
        ("North Korea", "Korea, North"),
        ("Western Sahara", "W. Sahara"),
        ("Equatorial Guinea", "Eq. Guinea"),
        ("Trinidad and Tobago", "Trinidad & Tobago"),
        ("Saint Kitts and Nevis", "St. Kitts & Nevis"),
        ("Marshall Islands", "Marshall Is."),
    ],
)
def test_a_name_is_also_written_abbreviated_and_turned_round(name: str, writing: str) -> None:
    assert writing in set(writings(name))


def test_a_bare_form_behind_a_comma_is_no_writing() -> None:
    assert "Israel, State" not in set(writings("State of Israel"))
