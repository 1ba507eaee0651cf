"""Terms of office that nobody has confirmed: they count where the text puts the person's country beside the name."""

from datetime import date

from entente.coding.actors.appositions import confirmed
from entente.coding.actors.mentions import ActorMention, Sense

TERM = Sense("SYR", "GOV", "leader", date(2024, 12, 10), None, unconfirmed=True)
OTHER = Sense("NLD", "GOV", "leader", date(2010, 10, 14), date(2024, 7, 2))
COUNTRY = Sense("SYR", "", "state")


def person(start: int, *senses: Sense) -> ActorMention:
    return ActorMention(start, start + 6, "Bashir", senses, None, "person")


def test_an_unconfirmed_term_is_nobody() -> None:
    assert confirmed(["Bashir spoke."], [[person(0, TERM)]]) == [[]]


def test_an_unconfirmed_term_leaves_a_name_its_other_senses() -> None:
    assert confirmed(["Bashir spoke."], [[person(0, TERM, OTHER)]]) == [[person(0, OTHER)]]


def test_an_apposition_vouches_for_the_name_in_every_sentence_of_the_text() -> None:
    texts = ["Bashir spoke.", "Bashir, Syria's premier, left."]
    title = ActorMention(8, 23, "Syria's premier", (COUNTRY,), "GOV", "noun", "premier")
    found = [[person(0, TERM)], [person(0, TERM), title]]
    assert confirmed(texts, found) == found
