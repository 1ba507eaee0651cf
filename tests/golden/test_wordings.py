"""The verb that tells an act weighs more than the nouns beside it; a question tells nothing as done."""

from datetime import date

import pytest

from entente.services.articles import Document
from entente.services.ports.coder import Coder

DAY = date(2025, 10, 15)


def told(coder: Coder, text: str) -> set[tuple[str, str]]:
    return {(event.act, event.status) for event in coder.code(Document(text, None, DAY)).events}


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (
            "Georgia and Ukraine initialled a peace agreement in Geneva on Friday.",
            ("sign_peace", "agreed"),
            ("sign_peace", "effective"),
        ),
        (
            "Canada eased its sanctions on Belarus on Monday.",
            ("ease_sanctions", "effective"),
            ("lift_sanctions", "effective"),
        ),
        (
            "Canada partly lifted its sanctions on Belarus on Monday.",
            ("ease_sanctions", "effective"),
            ("lift_sanctions", "effective"),
        ),
        (
            "Canada reopened its consulate in the Indian city of Chandigarh on Monday.",
            ("open_consulate", "effective"),
            ("reopen_embassy", "effective"),
        ),
        (
            "Albania and Croatia signed a memorandum on defence cooperation in Tirana on Tuesday.",
            ("sign_treaty", "effective"),
            ("sign_alliance", "effective"),
        ),
        (
            "India on Friday expelled a Canadian diplomat serving at the consulate in Chandigarh.",
            ("expel_diplomats", "effective"),
            ("expel_ambassador", "effective"),
        ),
        (
            "Yerevan and Baku agreed the text of a peace treaty on Thursday.",
            ("sign_peace", "agreed"),
            ("sign_peace", "effective"),
        ),
        (
            "The United States suspended the operation of its embassy in Belarus on Monday.",
            ("suspend_embassy", "effective"),
            ("close_embassy", "effective"),
        ),
        (
            "The UN Security Council removed Syria's president from its sanctions list on Thursday.",
            ("unban", "effective"),
            ("impose_sanctions", "effective"),
        ),
    ],
)
def test_the_verb_decides_between_acts_of_the_same_nouns(
    coder: Coder, text: str, right: tuple[str, str], wrong: tuple[str, str]
) -> None:
    found = told(coder, text)
    assert right in found
    assert wrong not in found


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        ("The extradition treaty between Spain and Morocco, signed in 2019, took effect on 1 June.", "ongoing"),
        ("Belarus and Russia signed a treaty on guarantees last year, which entered into force in March.", "ongoing"),
        (
            "A border treaty, in force between Kenya and Uganda since January 2023, settled who owns the lake.",
            "ongoing",
        ),
        ("Peru and Chile signed a pact on water on Monday, which will take effect once it is ratified.", "effective"),
        ("Peru and Chile signed a pact on water on Monday.", "effective"),
    ],
)
def test_a_treaty_that_took_effect_is_more_than_signed(coder: Coder, text: str, told_as: str) -> None:
    assert {status for act, status in told(coder, text) if act == "sign_treaty"} == {told_as}


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        ("Israel has struck Syrian army depots on several hundred occasions since December.", "ongoing"),
        ("Israel struck a Syrian army depot on Monday, for the first time since December.", "effective"),
    ],
)
def test_force_told_as_repeated_to_this_day_goes_on(coder: Coder, text: str, told_as: str) -> None:
    assert ("air_strike", told_as) in told(coder, text) or ("strike", told_as) in told(coder, text)


def test_what_is_wholly_lifted_stays_lifted(coder: Coder) -> None:
    assert ("lift_sanctions", "effective") in told(coder, "Canada lifted its sanctions on Belarus on Monday.")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Britain lifted some of its sanctions on Belarus.", "ease_sanctions"),
        ("Some of the trade sanctions on Belarus were lifted by Lithuania in May.", "ease_sanctions"),
        ("Most of the American sanctions on Cuba have been lifted by the United States.", "ease_sanctions"),
        ("The United States has lifted several sanctions on Venezuela.", "ease_sanctions"),
        ("Japan lifted most of its remaining sanctions on Myanmar.", "ease_sanctions"),
        ("The most severe sanctions on Iran were lifted by the United States.", "ease_sanctions"),
        ("Canada lifted all its remaining sanctions on Sudan.", "lift_sanctions"),
        ("The United States lifted its sanctions on Sudan, most of which date from 1997.", "lift_sanctions"),
        ("The EU lifted its last remaining sanctions on Burundi, which some had called pointless.", "lift_sanctions"),
    ],
)
def test_where_some_are_lifted_the_others_are_in_force(coder: Coder, text: str, right: str) -> None:
    assert {act for act, _ in told(coder, text) if act.endswith("_sanctions")} == {right}


@pytest.mark.parametrize(
    "text",
    [
        "Gabon and Tunisia recognised the rebels in Libya this month.",
        "Nigeria recognised the National Transitional Council of Libya on Wednesday as the legitimate authority.",
        "France recognized Libya's rebel council on Thursday.",
        "Italy on Monday recognised the Syrian opposition coalition as the representative of the Syrian people.",
        "Canada recognised Juan Guaido as interim president of Venezuela on Wednesday.",
    ],
)
def test_who_recognises_those_that_claim_to_govern_recognises_no_country(coder: Coder, text: str) -> None:
    assert "recognise" not in {act for act, _ in told(coder, text)}


def test_the_recognition_of_a_country_stays_one_beside_a_council_or_an_opposition(coder: Coder) -> None:
    for text in (
        "Slovenia recognised Palestine on Tuesday, the opposition having left the chamber.",
        "Fiji recognised Kosovo on Monday and told the United Nations Security Council.",
    ):
        assert ("recognise", "effective") in told(coder, text)


def test_what_was_refused_until_then_is_unsure(coder: Coder) -> None:
    text = "Pakistan had until then been the only state that refused to recognise Armenia."
    events = coder.code(Document(text, None, date(2025, 9, 11))).events
    assert all(event.confidence < 0.5 for event in events if event.act == "refuse_recognition")


def test_a_step_towards_an_act_is_not_the_act(coder: Coder) -> None:
    text = "Georgia and Kenya have designated ambassadors to Kabul, a step towards recognition of the Taliban."
    acts = {act for act, status in told(coder, text) if status == "effective"}
    assert "recognise" not in acts


def test_a_question_tells_nothing_as_done(coder: Coder) -> None:
    assert ("open_embassy", "effective") in told(coder, "Fiji opens an embassy in Israel.")
    assert not {act for act, status in told(coder, "Fiji opens an embassy in Israel?") if status == "effective"}


def test_explain_says_that_a_sentence_only_asks(coder: Coder) -> None:
    found = coder.explain(Document("Fiji opens an embassy in Israel?", None, DAY))
    assert [sentence.reason for sentence in found.sentences] == [
        "a question, or words that tell of nothing done (seeds/coder/wordings.toml)"
    ]


def subjects(coder: Coder, text: str) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """(source, target, act) → the items that the event names."""
    coding = coder.code(Document(text, None, DAY))
    return {(e.source.entity, e.target.entity, e.act): tuple(e.context) for e in coding.events if e.confidence > 0.4}


@pytest.mark.parametrize(
    ("text", "event", "item"),
    [
        (
            "Hungary and Serbia signed a defence agreement. A similar one between Serbia and Croatia was signed later.",
            ("SRB", "HRV", "sign_treaty"),
            ("treaty:defence",),
        ),
        (
            "Chad ended its defence accord with France on Thursday; it had been signed in 2019.",
            ("TCD", "FRA", "sign_treaty"),
            ("treaty:defence",),
        ),
        (
            "Laos and Vietnam signed a border treaty on Monday. Laos and China signed an agreement on railways.",
            ("LAO", "CHN", "sign_treaty"),
            (),
        ),
    ],
)
def test_what_is_told_of_an_agreement_named_before_is_of_that_ones_subject(
    coder: Coder, text: str, event: tuple[str, str, str], item: tuple[str, ...]
) -> None:
    assert subjects(coder, text)[event] == item


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("Australia has suspended its economic aid to Solomon Islands.", {"cut_economic_aid"}),
        ("Sweden suspended economic aid and humanitarian aid to Mali.", {"cut_economic_aid", "cut_humanitarian_aid"}),
        ("The US suspended economic aid to Niger's military rulers.", {"cut_economic_aid"}),
        ("The US suspended its military aid to Mali without touching food aid.", {"cut_military_aid"}),
        ("Pakistan reopened its airspace to Indian airlines on Sunday.", {"reopen_airspace"}),
        ("Jordan reopened its crossing with Syria on Sunday.", {"reopen_border"}),
    ],
)
def test_words_tell_acts_of_one_kind_apart(coder: Coder, text: str, acts: set[str]) -> None:
    sure = {event.act for event in coder.code(Document(text, None, DAY)).events if event.confidence > 0.7}
    assert sure == acts
