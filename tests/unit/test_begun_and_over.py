"""What a sentence tells with its own end is told and moves nothing (the unsure rules of seeds/coder/wordings.toml)."""

import pytest

from entente.bootstrap.seeds import load_codebook, seed_directory
from entente.coding.items import Items
from entente.coding.reader.choices import Choice
from entente.coding.wordings import Wordings
from tests.unit.test_rivals import event

CODER = seed_directory() / "coder"
WORDINGS = Wordings.load(CODER / "wordings.toml", Items.load(CODER / "items.toml").clauses)


def read(sentence: str, act: str, trigger: str, **parties: str) -> Choice:
    corrected = WORDINGS.corrected(event(sentence, act, trigger, 0.95, **parties), sentence)
    assert corrected
    return corrected.choice


@pytest.mark.parametrize(
    ("sentence", "act", "trigger"),
    [
        (
            "Nicaragua broke off relations with Israel in 2010 and restored them in 2017.",
            "sever_relations",
            "broke off",
        ),
        ("Nicaragua closed its border with Israel for two weeks in May.", "close_border", "closed"),
        ("Nicaragua banned imports from Israel between 1991 and 1996.", "ban_imports", "banned"),
    ],
)
def test_what_is_over_by_its_own_words_is_below_every_floor(sentence: str, act: str, trigger: str) -> None:
    told = read(sentence, act, trigger, NIC="Nicaragua", ISR="Israel")
    assert told.act == act
    assert told.likelihood < min(load_codebook().floors.values())


@pytest.mark.parametrize(
    ("sentence", "act", "trigger"),
    [
        ("Nicaragua broke off relations with Israel in 2010.", "sever_relations", "broke off"),
        ("Nicaragua closed its border with Israel until 20 May.", "close_border", "closed"),
        ("Nicaragua closed its border with Israel for the third time.", "close_border", "closed"),
        ("Nicaragua closed its border with Israel; relations were restored in 2017.", "close_border", "closed"),
    ],
)
def test_what_may_go_on_keeps_its_likelihood(sentence: str, act: str, trigger: str) -> None:
    assert read(sentence, act, trigger, NIC="Nicaragua", ISR="Israel").likelihood == 0.95


def test_a_ceasefire_that_took_effect_is_in_effect() -> None:
    sentence = "Nicaragua and Israel agreed on a ceasefire, which took effect at midnight."
    assert read(sentence, "agree_ceasefire", "agreed", NIC="Nicaragua", ISR="Israel").act == "ceasefire_in_effect"
