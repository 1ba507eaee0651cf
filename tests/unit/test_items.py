"""The item of an act: the measure, the kind of aid or the treaty that its clause names."""

import tomllib

import pytest

from entente.bootstrap.seeds import load_codebook, seed_directory
from entente.coding.items import Items


@pytest.fixture(scope="module")
def items() -> Items:
    return Items.load(seed_directory() / "coder" / "items.toml")


@pytest.mark.parametrize(
    ("act", "sentence", "trigger", "item"),
    [
        ("arms_embargo", "The council placed an arms embargo on Sudan.", "arms embargo", ("measure:arms",)),
        ("impose_sanctions", "Britain put sanctions on two banks of Belarus.", "sanctions", ("measure:financial",)),
        ("impose_sanctions", "Canada imposed sanctions on Iran.", "imposed sanctions", ()),
        ("impose_sanctions", "It put travel curbs on Mali, while Ghana banned oil.", "curbs", ("measure:travel_ban",)),
        ("lift_sanctions", "Norway lifted sanctions on shipping.", "lifted sanctions", ("measure:transport",)),
        ("give_aid", "Japan sent blankets and tents to Nepal.", "sent", ("aid:humanitarian",)),
        ("cut_aid", "Sweden cut military assistance to Uganda.", "cut", ("aid:military",)),
        ("sign_treaty", "Laos and Vietnam signed an extradition treaty.", "signed", ("treaty:extradition treaty",)),
        ("ratify_treaty", "Chile ratified the border accord with Peru.", "ratified", ("treaty:border accord",)),
        ("meet", "They met to talk about oil.", "met", ()),
    ],
)  # fmt: skip
def test_the_clause_names_the_item(items: Items, act: str, sentence: str, trigger: str, item: tuple[str, ...]) -> None:
    start = sentence.index(trigger)
    assert items.of(act, sentence, start, start + len(trigger)) == item


def test_every_act_of_the_table_is_one_of_the_codebook() -> None:
    table = tomllib.loads((seed_directory() / "coder" / "items.toml").read_text(encoding="utf-8"))
    named = {
        *table["fixed"],
        *table["treaty"]["acts"],
        *(act for row in table["words"].values() for act in row["acts"]),
    }
    assert named <= set(load_codebook().acts)
