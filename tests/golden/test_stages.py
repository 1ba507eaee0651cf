"""Later stages of a treaty beside its signing, and what a text names elsewhere than in the sentence of the act."""

from datetime import date

import pytest

from entente.relations.events import CodedEvent
from entente.services.articles import Document
from entente.services.ports.coder import Coder

FRIDAY = date(2026, 10, 2)


def told(coder: Coder, text: str, act: str) -> list[CodedEvent]:
    return [event for event in coder.code(Document(text, None, FRIDAY)).events if event.act == act]


@pytest.mark.parametrize(
    ("text", "act", "source", "day"),
    [
        (
            "In Lima, Congress on Thursday ratified, with 84 votes, the agreement on the use of the port of Ilo that "
            "the presidents of Peru and Bolivia signed in 2010.",
            "ratify_treaty", "PER", "2026-10-01",
        ),
        (
            "In Nouakchott, parliament on September 22 ratified the convention on naval patrols that Senegal and "
            "Mauritania signed in March.",
            "ratify_treaty", "MRT", "2026-09-22",
        ),
        (
            "La Paz has terminated a defence agreement that Bolivia and Iran signed in July 2023.",
            "terminate_treaty", "BOL", "2026-10-02",
        ),
    ],
)  # fmt: skip
def test_a_later_stage_is_told_beside_the_signing(coder: Coder, text: str, act: str, source: str, day: str) -> None:
    (stage,) = told(coder, text, act)
    assert stage.source.entity == source
    assert stage.period is not None
    assert stage.period.label == day
    assert stage.confidence >= 0.7


@pytest.mark.parametrize(
    "text",
    [
        "In Lima, Congress has not yet ratified the agreement on the port of Ilo that Peru and Bolivia signed in 2010.",
        "Nobody in Lima has ratified the agreement on the port of Ilo that Peru and Bolivia signed in 2010.",
        "Peru would have ratified the agreement on the port of Ilo that it signed with Bolivia in 2010.",
        "Chile ratified the tax treaty; Peru and Bolivia signed an agreement on the port of Ilo in 2010.",
    ],
)
def test_what_is_not_done_or_of_another_treaty_is_no_stage(coder: Coder, text: str) -> None:
    assert not [e for e in told(coder, text, "ratify_treaty") if {e.source.entity, e.target.entity} == {"PER", "BOL"}]


def test_an_exchange_of_instruments_is_of_the_treaty_that_the_text_names(coder: Coder) -> None:
    text = (
        "Nigeria and Benin signed a defence agreement on Monday. Benin and Nigeria exchanged instruments of "
        "ratification in Cotonou on Thursday."
    )
    assert {event.context for event in told(coder, text, "ratify_treaty")} == {("treaty:defence",)}


def test_sanctions_without_a_measure_are_unsure_where_the_text_names_some(coder: Coder) -> None:
    alone = "West African leaders of ECOWAS imposed sanctions on Sierra Leone on Thursday."
    (summed_up,) = told(coder, f"{alone} ECOWAS also froze the assets of its central bank.", "impose_sanctions")
    (only,) = told(coder, alone, "impose_sanctions")
    assert summed_up.confidence < 0.5 < only.confidence


@pytest.mark.parametrize(
    ("text", "act", "status"),
    [
        ("EU sanctions on Serbia took effect on Thursday.", "unban", None),
        ("Bolivia and Mexico will restore relations on 5 November, they said.", "restore_relations", "announced"),
        ("Egypt has dropped a plan to let Iranians in without visas.", "visa_waiver", None),
        ("Madrid recognised Moroccan sovereignty over Western Sahara on Thursday.", "recognise", None),
        ("Peru recognised Edmundo González as president-elect of Venezuela.", "recognise", None),
    ],
)  # fmt: skip
def test_words_that_tell_another_act_or_stage(coder: Coder, text: str, act: str, status: str | None) -> None:
    statuses = {event.status for event in told(coder, text, act)}
    assert statuses == ({status} if status else set())


def test_a_recall_for_a_time_that_is_over_is_unsure(coder: Coder) -> None:
    (event,) = told(coder, "In 2022 Algeria recalled its ambassador to Spain for 19 months.", "recall_ambassador")
    assert event.confidence < 0.5


def test_an_atoll_with_a_country_in_its_name_names_none(coder: Coder) -> None:
    assert not [
        e
        for e in told(coder, "Madagascar claims sovereignty over Bassas da India.", "claim_territory")
        if e.target.entity == "IND"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ethiopia and Kenya have had a mutual defence pact since 1963.",
        "The United States, which has had a mutual defense treaty with the Philippines since 1951, was informed.",
    ],
)
def test_an_alliance_that_there_has_been_since_is_in_force(coder: Coder, text: str) -> None:
    assert {event.status for event in told(coder, text, "sign_alliance")} == {"ongoing"}


def test_a_name_whose_first_word_is_in_capitals_is_the_whole_name(coder: Coder) -> None:
    events = told(coder, "PAPUA New Guinea has ratified the treaty with Australia on defence.", "ratify_treaty")
    assert {event.source.entity for event in events} == {"PNG"}


@pytest.mark.parametrize("source", ["KGZ", "TJK"])
def test_a_treaty_that_both_ratified_after_signing_it_is_ratified_by_each(coder: Coder, source: str) -> None:
    text = (
        "The treaty on the border between Kyrgyzstan and Tajikistan was signed in March 2025 and ratified by both "
        "parliaments in the same month."
    )
    assert [event.context for event in told(coder, text, "ratify_treaty") if event.source.entity == source] == [
        ("treaty:border",)
    ]


@pytest.mark.parametrize(
    ("rest", "statuses"),
    [
        ("and came into force in May.", {"effective", "ongoing"}),
        ("and will not have come into force by May.", {"effective"}),
        ("but it has not been in force since May.", {"effective"}),
    ],
)
def test_a_treaty_is_in_force_where_the_sentence_of_its_signing_says_so(
    coder: Coder, rest: str, statuses: set[str]
) -> None:
    text = f"Kyrgyzstan and Tajikistan signed the border treaty in March {rest}"
    assert {event.status for event in told(coder, text, "sign_treaty")} <= statuses


def test_a_headline_is_on_the_one_treaty_that_the_text_names(coder: Coder) -> None:
    text = "Kenya and Somalia signed an agreement on fisheries and another on extradition in Nairobi on Thursday."
    one = "Kenya and Somalia signed an extradition treaty in Nairobi on Thursday."
    for body, items in ((one, {("treaty:extradition",)}), (text, {("treaty:extradition",), ("treaty:other",), ()})):
        events = coder.code(Document(body, "Kenya, Somalia sign treaty", FRIDAY)).events
        assert {event.context for event in events if event.act == "sign_treaty"} <= items
