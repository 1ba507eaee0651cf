"""A measure on a firm or a person of a country is one on the country; other acts on them are not."""

from datetime import date

import pytest

from entente.services.articles import Document
from entente.services.ports.coder import Coder

DAY = date(2025, 10, 15)


def targets(coder: Coder, text: str, act: str) -> set[str]:
    return {event.target.party for event in coder.code(Document(text, None, DAY)).events if event.act == act}


@pytest.mark.parametrize(
    ("text", "act", "target"),
    [
        (
            "The United States lifted its sanctions on Belavia, the airline of Belarus, on Tuesday.",
            "lift_sanctions",
            "BLR",
        ),
        ("The United States imposed sanctions on the Chinese firm Huawei on Tuesday.", "impose_sanctions", "CHN"),
        ("Panama closed its airspace to Venezuelan airlines on Tuesday.", "close_airspace", "VEN"),
        ("Pakistan reopened its airspace to Indian airlines on Tuesday.", "reopen_airspace", "IND"),
    ],
)
def test_a_measure_on_a_firm_is_one_on_its_country(coder: Coder, text: str, act: str, target: str) -> None:
    assert targets(coder, text, act) == {target}


@pytest.mark.parametrize("whom", ["Sudanese rebels", "the Sudanese opposition"])
def test_a_measure_on_those_who_stand_against_a_state_is_none_on_it(coder: Coder, whom: str) -> None:
    (target,) = targets(coder, f"The United States imposed sanctions on {whom} on Tuesday.", "impose_sanctions")
    assert target in ("SDN:REB", "SDN:OPP")


def test_who_condemns_a_firm_does_not_condemn_its_country(coder: Coder) -> None:
    assert targets(coder, "Poland condemned Belavia on Tuesday.", "condemn") <= {"BLR:BUS"}
