"""Notes of editors are found, and news is not taken for one."""

import pytest

from entente.bootstrap.seeds import seed_directory
from entente.coding.text.notices import Notices

NOTICES = Notices.load(seed_directory())


@pytest.mark.parametrize("rule", NOTICES.rules, ids=lambda rule: rule.name)
def test_a_rule_matches_its_example_and_not_its_counterexample(rule):
    field = "title" if rule.in_title else "text"
    before = [("text", "Editor's note: this article has been retracted.")] if rule.after else []

    assert NOTICES.find([*before, (field, rule.example)])[-1] == rule
    assert NOTICES.find([*before, (field, rule.counterexample)])[-1] is None
    assert not rule.withdraws or NOTICES.may_withdraw(rule.example)


@pytest.mark.parametrize(
    "sentence",
    [
        "Peru recalled its ambassador to Mexico on Monday.",
        "The president's letter said that Peru would withdraw from the treaty.",
        "Russia said it had withdrawn its troops after the UN report.",
        "The story of the embassy's closure began in 2021.",
        "Correction: it was Mali that expelled France's ambassador.",
        "Kenya retracted its recognition of the Sahrawi republic.",
        "The report was withdrawn from the Security Council's agenda.",
    ],
)
def test_news_is_no_note(sentence):
    assert NOTICES.find([("text", sentence)]) == [None]
