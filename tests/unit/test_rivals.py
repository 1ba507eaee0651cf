"""Readings of one telling that leave each other no room."""

import re

from entente.coding.reader.choices import Choice
from entente.coding.reader.pairs import Party
from entente.coding.reader.reader import PUBLICATION, NamedParty, ReadEvent
from entente.coding.rivals import rivals

EMBARGO = "The EU, of which Lithuania is a member, imposed an arms embargo on Belarus."


def named(sentence: str, entity: str, words: str) -> NamedParty:
    """A party by its words in the sentence; those without a capital are no name."""
    found = re.search(re.escape(words), sentence)
    assert found
    return NamedParty(Party(entity), 0, 0 if words[0].isupper() else None, found.start(), found.end())


def event(sentence: str, act: str, trigger: str, likelihood: float, **parties: str) -> ReadEvent:
    """An event whose parties are given as ENTITY=words, the source first."""
    source, target = (named(sentence, entity, words) for entity, words in parties.items())
    begin = sentence.index(trigger)
    choice = Choice(0, 0, act, "effective", likelihood)
    return ReadEvent(0, source, target, choice, (begin, begin + len(trigger)), PUBLICATION)


def found(sentence: str, *events: ReadEvent) -> list[tuple[int, int]]:
    names = sorted({(p.start, p.end) for e in events for p in (e.source, e.target) if p.name is not None})
    return list(rivals(events, [(sentence, names)], {"sign_treaty"}))


def test_of_two_targets_of_one_act_that_are_no_list_the_likelier_one_is_meant() -> None:
    belarus = event(EMBARGO, "arms_embargo", "imposed", 0.82, EU="EU", BLR="Belarus")
    lithuania = event(EMBARGO, "arms_embargo", "imposed", 0.79, EU="EU", LTU="Lithuania")
    assert found(EMBARGO, belarus, lithuania) == [(1, 0)]


def test_members_of_a_list_leave_each_other_room() -> None:
    sentence = "The United States, Germany and France recognised Kosovo."
    parties = {"USA": "United States", "DEU": "Germany", "FRA": "France"}
    events = [event(sentence, "recognise", "recognised", 0.9, **{key: w}, XKX="Kosovo") for key, w in parties.items()]
    assert found(sentence, *events) == []


def test_a_party_that_the_line_names_is_meant_rather_than_one_that_it_does_not() -> None:
    sentence = "Lithuania reopened its crossings with Belarus."
    lithuania = event(sentence, "reopen_border", "reopened", 0.90, LTU="Lithuania", BLR="Belarus")
    poland = event(sentence, "reopen_border", "reopened", 0.95, POL="its", BLR="Belarus")
    assert found(sentence, lithuania, poland) == [(1, 0)]


def test_other_words_tell_another_act() -> None:
    sentence = "Niger severed relations with Ukraine after Mali did the same."
    niger = event(sentence, "sever_relations", "severed", 0.7, NER="Niger", UKR="Ukraine")
    mali = event(sentence, "sever_relations", "did the same", 0.9, MLI="Mali", UKR="Ukraine")
    assert found(sentence, niger, mali) == []


def test_the_two_who_sign_are_one_pair_and_they_who_recognise_are_several() -> None:
    sentence = "Then the two signed a treaty, said the minister of Kenya."
    sudan = event(sentence, "sign_treaty", "signed", 0.9, SDN="the two", KEN="Kenya")
    chad = event(sentence, "sign_treaty", "signed", 0.8, TCD="the two", KEN="Kenya")
    assert found(sentence, sudan, chad) == [(1, 0)]
    sudan, chad = (
        event(sentence, "praise", "said", p, **{key: "the two"}, KEN="Kenya") for p, key in ((0.9, "SDN"), (0.8, "TCD"))
    )
    assert found(sentence, sudan, chad) == []
