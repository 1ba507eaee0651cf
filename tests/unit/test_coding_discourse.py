"""What a whole article adds to its sentences: partners left out, how far acts got, and when they happened."""

from datetime import date
from pathlib import Path

import pytest

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.relations.events import CodedEvent
from entente.services.articles import Document
from entente.services.ports import Coder

TODAY = date(2024, 6, 11)


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Container(Settings(data_dir=Path("unused"), database_url="sqlite://")).coder


def told(coder: Coder, text: str, title: str | None = None) -> set[str]:
    """Each event of a text as "source act target status date"."""
    return {_line(event) for event in coder.code(Document(text, title, TODAY)).events}


def _line(event: CodedEvent) -> str:
    when = event.period
    length = {"day": 10, "month": 7, "year": 4}[when.precision] if when is not None else 0
    day = when.first.isoformat()[:length] if when is not None else "undated"
    return f"{event.source.entity} {event.act} {event.target.entity} {event.status} {day}"


def acts(coder: Coder, text: str, title: str | None = None) -> set[str]:
    """The same without the date."""
    return {line.rsplit(" ", 1)[0] for line in told(coder, text, title)}


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Chile protested to Peru on Monday. It also expelled three diplomats.", "CHL expel_diplomats PER effective"),
        ("Peru accused Chile of spying. Santiago rejected the accusation.", "CHL deny PER effective"),
        ("Ghana closed its border with Togo on Monday. Kenya offered to mediate.", "KEN mediate GHA announced"),
        ("Ghana closed its border with Togo on Monday. Kenya offered to mediate.", "KEN mediate TGO announced"),
        ("Portugal expelled an Iranian attaché. Norway criticised the decision.", "NOR condemn PRT effective"),
        ("Mali and Niger quarrelled. The two restored diplomatic relations.", "MLI restore_relations NER effective"),
    ],
)
def test_the_story_names_the_partner_that_a_sentence_leaves_out(coder: Coder, text: str, event: str) -> None:
    assert event in acts(coder, text)


def test_an_outsider_acts_towards_the_state_that_the_article_is_about(coder: Coder) -> None:
    text = (
        "Myanmar's army seized power on Monday. Protests broke out across Myanmar. Myanmar's rulers met a Thai envoy. "
        "The generals of Myanmar promised elections.\n\nNorway recalled its ambassador."
    )
    assert "NOR recall_ambassador MMR effective" in acts(coder, text, "Myanmar under curfew")


def test_the_two_sides_are_those_of_the_story_though_a_third_state_was_named_last(coder: Coder) -> None:
    text = "Chad and Sudan closed their border. Chad bought drones from Turkey. The two countries reopened it in May."
    assert not any("TUR" in line and "border" in line for line in told(coder, text))


@pytest.mark.parametrize(
    "text",
    [
        "Kenya and Uganda met in Nairobi. Kenya invades the podium of every race.",
        "Kenya and Uganda met in Nairobi. Kenya imposed a levy on plastic bags from several other states.",
    ],
)
def test_no_partner_is_lent_to_an_act_that_is_done_to_something_else(coder: Coder, text: str) -> None:
    assert not any(line.startswith(("KEN invade", "KEN impose")) for line in told(coder, text))


@pytest.mark.parametrize(
    "text",
    [
        "Had Serbia recognised Kosovo, the talks would have ended.",
        "Should Ethiopia attack Eritrea, Sudan might side with Asmara.",
        "Colombia met Israel's envoy. It has not, however, ended coal exports to Israel.",
        "Peru would have expelled the Chilean ambassador.",
    ],
)
def test_what_did_not_happen_is_no_event(coder: Coder, text: str) -> None:
    kinds = ("recognise", "strike", "support", "ban_exports", "expel")
    assert not any(line.split()[1].startswith(kinds) for line in told(coder, text))


def test_what_is_asked_for_has_not_happened(coder: Coder) -> None:
    found = acts(coder, "Kosovo asked the European Union to impose sanctions on Serbia, which the bloc has not done.")
    assert "EU impose_sanctions SRB effective" not in found
    found = acts(coder, "Ethiopia demanded in a letter that Eritrea withdraw its soldiers from Ethiopian territory.")
    assert "ERI withdraw_forces ETH effective" not in found
    assert any(line.startswith("ETH ") and line.endswith("ERI requested") for line in found)


def test_what_only_the_victim_reports_is_alleged_and_an_accusation(coder: Coder) -> None:
    found = acts(coder, "Armenia said on Tuesday that Azerbaijani forces had shelled two of its villages.")
    assert {"AZE shell ARM alleged", "ARM accuse AZE effective"} <= found


def test_what_somebody_is_thought_to_have_done_is_alleged(coder: Coder) -> None:
    assert "IRN give_aid YEM effective" not in acts(coder, "Iran was thought to have supplied Yemen with aid.")


def test_telling_that_something_is_so_demands_nothing(coder: Coder) -> None:
    found = acts(coder, "Canada's foreign minister told parliament that India had received a letter.")
    assert not any(line.startswith("CAN demand") for line in found)


def test_the_verb_after_a_relative_clause_is_the_main_one(coder: Coder) -> None:
    text = "Israel, whose prime minister had called his Australian colleague weak, welcomed the decision of Australia."
    assert "ISR praise AUS effective" in acts(coder, text)


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("In January Chile recalled its ambassador from Peru.", "CHL recall_ambassador PER effective 2024-01"),
        (
            "Iran severed ties with Chad in March 2023 and restored relations with Oman the following month.",
            "IRN restore_relations OMN effective 2023-04",
        ),
        (
            "Chile expelled Peru's ambassador in April 1980. Peru released two Chilean sailors the following January.",
            "PER release_prisoners CHL effective 1981-01",
        ),
        (
            "Algeria closed its airspace to Moroccan planes on June 10, a month after it cut relations with Rabat.",
            "DZA sever_relations MAR effective 2024-05",
        ),
        (
            "Chile reopened its embassy in Peru on Monday, years after it expelled the Peruvian ambassador.",
            "CHL expel_ambassador PER effective undated",
        ),
        (
            "In the autumn of 2020 Chad invaded Niger, and the two signed a ceasefire on November 9.",
            "TCD agree_ceasefire NER effective 2020-11-09",
        ),
    ],
)
def test_dates_are_counted_from_what_the_story_has_told(coder: Coder, text: str, event: str) -> None:
    assert event in told(coder, text)


def test_a_headline_does_not_date_anew_what_the_text_dates(coder: Coder) -> None:
    found = told(coder, "Sudan recalled its ambassador from Kenya on May 20.", "Sudan recalls ambassador from Kenya")
    assert [line for line in found if "recall" in line] == ["SDN recall_ambassador KEN effective 2024-05-20"]


def test_a_day_of_this_week_does_not_end_the_year_that_is_told_of(coder: Coder) -> None:
    text = (
        "Ten years ago, on March 18, 2014, Russia annexed Crimea. Ukraine and Poland marked the date on Monday. "
        "Russian soldiers had invaded Ukraine on February 27 that year."
    )
    assert "RUS invade UKR effective 2014-02-27" in told(coder, text)
