"""The item of an act: the measure, the kind of aid or the subject of a treaty that its clause names."""

import tomllib
from typing import Any

import pytest

from entente.bootstrap.seeds import load_codebook, seed_directory
from entente.coding.items import Items

#: The facet whose items a key of the table names.
FACETS = {"measure": "sanctions", "aid": "aid", "treaty": "treaties"}
TIERS = ("explicit", "plain", "vague")


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
        ("sign_treaty", "Laos and Vietnam signed an extradition treaty.", "signed", ("treaty:extradition",)),
        ("ratify_treaty", "Chile ratified the border accord with Peru.", "ratified", ("treaty:border",)),
        ("meet", "They met to talk about oil.", "met", ()),
    ],
)  # fmt: skip
def test_the_clause_names_the_item(items: Items, act: str, sentence: str, trigger: str, item: tuple[str, ...]) -> None:
    start = sentence.index(trigger)
    assert items.of(act, sentence, start, start + len(trigger)) == item


def test_what_stands_in_an_aside_or_before_a_report_names_no_item(items: Items) -> None:
    sentence = "The arms maker said Canada imposed sanctions on Iran over its oil, the trade envoy told reporters."
    start = sentence.index("imposed sanctions")
    assert items.of("impose_sanctions", sentence, start, start + len("imposed sanctions")) == ()


@pytest.mark.parametrize(
    ("sentence", "item"),
    [
        ("Norway put curbs on the export of dual-use goods.", "dual_use"),
        ("Norway put curbs on the export of luxury goods.", "trade_export"),
        ("Norway put curbs on three generals and two ports.", "designation"),
        ("Norway put curbs on three generals, freezing what they own.", "asset_freeze"),
    ],
)
def test_explicit_words_come_first_then_the_nearest_phrase_and_in_it_plain_words(
    items: Items, sentence: str, item: str
) -> None:
    start = sentence.index("curbs")
    assert items.of("impose_sanctions", sentence, start, start + len("curbs")) == (f"measure:{item}",)


def test_an_act_late_in_an_endless_sentence_has_the_item_beside_it(items: Items) -> None:
    sentence = "over said and " * 100_000 + "Norway put sanctions on two banks"
    start = sentence.index("sanctions")
    assert items.of("impose_sanctions", sentence, start, start + len("sanctions")) == ("measure:financial",)


def test_every_item_of_the_table_is_one_of_its_facet() -> None:
    facets = _table("codebook", "facets.toml")
    table = _table("coder", "items.toml")
    told = {f"{key}:{item}" for key, row in table["words"].items() for tier in TIERS for item in row[tier]}
    listed = {f"{key}:{item}" for key, facet in FACETS.items() for item in facets[facet]["items"]}
    assert told | set(table["fixed"].values()) <= listed


def test_a_fixed_item_is_the_one_that_the_act_moves() -> None:
    fixed = _table("coder", "items.toml")["fixed"]
    keys = {facet: key for key, facet in FACETS.items()}
    moved = {
        act.name: f"{keys[effect.facet]}:{effect.item}"
        for act in load_codebook().acts.values()
        for effect in act.effects
        if effect.facet in keys and effect.item != "*" and not effect.item.startswith("context:")
    }
    assert {act: fixed.get(act) for act in moved} == moved


def _table(*path: str) -> dict[str, Any]:
    return tomllib.loads(seed_directory().joinpath(*path).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("sentence", "trigger", "named_as"),
    [
        ("Australia ratified it in March.", "ratified", "known"),
        ("Both parliaments ratified the agreement.", "ratified", "known"),
        ("Poland's president ratified the pact on Friday.", "ratified", "known"),
        ("Chile ended the 2019 agreement on 4 August.", "ended", "known"),
        ("Parliament ratified the Pukpuk treaty with Australia.", "ratified", "known"),
        ("Delhi suspended the Simla Agreement on Monday.", "suspended", "known"),
        ("Cambodia ratified its own accord with Washington.", "ratified", "like"),
        ("A similar agreement was signed in June.", "was signed", "like"),
        ("New Zealand signed one in June.", "signed", "like"),
        ("The two signed an agreement in June.", "signed", "own"),
        ("The two signed the agreement on railways.", "signed", "own"),
        ("The two signed a new pact.", "signed", "own"),
        ("Russia suspended its fisheries agreement with Japan.", "suspended", "own"),
        ("Pakistan and China signed 21 MoUs.", "signed", "own"),
        ("The two signed in Tripoli.", "signed", ""),
    ],
)
def test_an_act_names_what_it_is_on_as_its_own_or_as_known(
    items: Items, sentence: str, trigger: str, named_as: str
) -> None:
    start = sentence.index(trigger)
    assert items.reference("ratify_treaty", sentence, start, start + len(trigger)).how == named_as


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("They signed a border treaty and a pact on defence.", ("treaty:defence",)),
        ("They signed a border treaty and an agreement on railways.", ()),
        ("They signed a border treaty, and the agreement was praised.", ("treaty:border",)),
        ("They met on Monday.", None),
    ],
)
def test_the_last_agreement_that_a_sentence_names_is_what_is_meant(
    items: Items, sentence: str, named: tuple[str, ...] | None
) -> None:
    assert items.last_named("sign_treaty", sentence) == named


def test_an_act_that_is_on_no_agreement_names_none(items: Items) -> None:
    assert items.reference("impose_sanctions", "Canada imposed them.", 7, 14).how == ""
