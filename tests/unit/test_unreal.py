"""Which sentences tell what is played, shown or supposed."""

import tomllib
from pathlib import Path

import pytest

from entente.coding.unreal import Unreal

UNREAL = Unreal(tomllib.loads((Path(__file__).parents[2] / "seeds/coder/wordings.toml").read_text("utf-8"))["unreal"])


@pytest.mark.parametrize(
    "sentence",
    [
        "In the war game that officers played, China landed on Taiwan.",
        "In a film shown on Sunday, Russia occupies Norway.",
        "Turkey bombs two islands in the video game.",
        "The series pleased few: in the TV series Russia occupies Norway.",
        "A novel imagines that North Korea has shelled Seoul.",
        "The TV series, in which Russia occupies Norway, had many viewers.",
        "Under the scenario rehearsed this week, Belarus attacked Lithuania.",
        "Suppose Iran closes the strait.",
        "“What if India cut off the water?” he asked.",
        "Red Force Russia attacked Norway.",
        "In a simulation run by a university, the United States imposed an oil embargo on India.",
    ],
)
def test_what_is_played_shown_or_supposed_is_not_so(sentence: str) -> None:
    assert UNREAL.tells(sentence, len(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "In a series of raids, Israel struck Syrian ports.",
        "In a novel attempt to end the war, Qatar invited both.",
        "During the exercise, a Russian jet violated Estonian airspace.",
        "Russia banned the Danish film and expelled its director.",
        "In a documentary film, he said that Russia had annexed Crimea.",
        "It could not be supposed that Iran, which closed the strait, would yield.",
        "In the worst case Iran closes the strait.",
        "Serbia recalled its ambassador over a cartoon.",
        "In film, Russia and India signed an agreement on joint productions.",
    ],
)
def test_what_happened_is_so(sentence: str) -> None:
    assert not UNREAL.tells(sentence, len(sentence))


def test_what_is_told_before_the_scenario_is_so() -> None:
    sentence = "Finland and Norway held an exercise on a scenario in which a country called Hansa closes its border."
    assert not UNREAL.tells(sentence, sentence.index("held"))
    assert UNREAL.tells(sentence, sentence.index("closes"))
