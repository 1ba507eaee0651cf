"""seeds/coder/wordings.toml names acts and statuses that there are."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from entente.bootstrap.seeds import load_codebook
from entente.relations.events import STATUSES

TABLE = tomllib.loads((Path(__file__).parents[2] / "seeds/coder/wordings.toml").read_text(encoding="utf-8"))
RULES = TABLE["rule"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["name"])
def test_a_rule_turns_acts_of_the_codebook_into_another_act_or_status(rule: dict[str, Any]) -> None:
    assert rule.keys() == {"name", "acts", "words"} | rule.keys() & {"act", "status", "unsure", "unless", "scope"}
    assert rule.get("scope", "trigger") in {"trigger", "clause", "after"}
    assert len(rule.keys() & {"act", "status", "unsure"}) == 1
    assert {*rule["acts"], rule.get("act", rule["acts"][0])} <= load_codebook().acts.keys()
    assert rule.get("status", "effective") in STATUSES
    assert rule["words"]


@pytest.mark.parametrize("kind", TABLE["kind"], ids=lambda kind: next(iter(kind["words"])))
def test_acts_of_one_kind_give_one_value(kind: dict[str, Any]) -> None:
    codebook = load_codebook()
    assert {*kind.get("covered", ())} <= {*kind.get("others", ())}
    given = [
        {(effect.facet, effect.value, effect.moves) for effect in codebook.effects(act, "effective")}
        for act in (*kind["words"], *kind.get("others", ()))
    ]
    assert given[0]
    assert all(value == given[0] for value in given)
