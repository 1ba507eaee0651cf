"""Actors as sentences name them: names, demonyms, institutions, titles, dates of office."""

from datetime import date

import pytest

from entente.bootstrap.seeds import seed_directory
from entente.coding.actors.finding import ActorFinder


@pytest.fixture(scope="module")
def finder() -> ActorFinder:
    return ActorFinder.load(seed_directory())


def named(finder: ActorFinder, text: str, day: date = date(2024, 5, 1)) -> list[tuple[str, str, str]]:
    actors = [mention.actor_on(day) for mention in finder.find(text)]
    return [(actor.text, actor.entity, actor.sector) for actor in actors]


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("The Peruvian foreign ministry spoke.", ("Peruvian foreign ministry", "PER", "GOV")),
        ("The foreign minister of Chile spoke.", ("foreign minister of Chile", "CHL", "GOV")),
        ("French troops left.", ("French troops", "FRA", "MIL")),
        ("US-led forces left.", ("US-led forces", "USA", "MIL")),
        ("An Israeli company left.", ("Israeli company", "ISR", "BUS")),
        ("Chinese state media said so.", ("Chinese state media", "CHN", "MED")),
        ("A Brazilian striker scored.", ("Brazilian striker", "BRA", "CVL")),
        ("Russia expelled three Lithuanian diplomats.", ("Lithuanian diplomats", "LTU", "GOV")),
    ],
)
def test_an_institution_noun_gives_the_sector(finder: ActorFinder, text: str, actor: tuple[str, str, str]) -> None:
    assert actor in named(finder, text)


@pytest.mark.parametrize(
    "text", ["Iran-backed fighters came.", "pro-Russian crowds came.", "a ship in the Sea of Japan"]
)
def test_a_name_that_only_qualifies_is_no_actor(finder: ActorFinder, text: str) -> None:
    assert named(finder, text) == []


def test_the_taliban_are_a_group_or_a_government_by_the_date(finder: ActorFinder) -> None:
    assert named(finder, "The Taliban spoke.", date(2003, 5, 1)) == [("Taliban", "TALIBAN", "REB")]
    assert named(finder, "The Taliban spoke.", date(2025, 5, 1)) == [("Taliban", "AFG", "GOV")]


def test_a_historic_state_is_its_successor(finder: ActorFinder) -> None:
    assert named(finder, "Soviet troops came.", date(1979, 12, 25)) == [("Soviet troops", "RUS", "MIL")]
