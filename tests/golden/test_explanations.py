"""Explanations: each sentence shows its actors, pairs and events, or why it was not read."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.cli.main import main
from entente.services.articles import Document
from entente.services.explanations import Explanation
from entente.services.ports.coder import Inspectable

TEXT = (
    "Fans in Brazil cheered. Norway expelled two Iranian diplomats on 3 May 2024. The weather was mild. "
    "Spain has not recognised Kosovo. On 3 May 2024 Norway expelled two Iranian diplomats."
)


@pytest.fixture(scope="module")
def coder() -> Inspectable:
    coder = Container(Settings(data_dir=Path("unused"), database_url="sqlite://")).coder
    assert isinstance(coder, Inspectable)
    return coder


@pytest.fixture(scope="module")
def explanation(coder: Inspectable) -> Explanation:
    return coder.explain(Document(TEXT, None, date(2024, 5, 4)))


def test_an_event_names_its_rule_its_date_and_its_actors(explanation: Explanation) -> None:
    # The article tells it twice; the surer telling is kept.
    [(first, told)] = [(s, told) for s in explanation.sentences for told in s.events if told.kept]
    assert told.event.act == "expel_diplomats"
    assert told.rule == "the reader"
    assert told.dated == "“3 May 2024”"
    assert {(tuple(actor.entities), actor.role) for actor in first.actors} >= {(("NOR",), "party"), (("IRN",), "party")}
    assert first.reason == ""


def test_the_pairs_that_were_looked_at_are_shown_with_what_was_likely(explanation: Explanation) -> None:
    best = explanation.sentences[1].pairs[0]
    assert (best.source, best.target, best.chosen) == ("NOR", "IRN", True)
    assert best.told > 0.5
    assert best.likely[0][0] == "expel_diplomats"
    assert len(best.likely) == 3


def test_a_sentence_without_an_event_says_why(explanation: Explanation) -> None:
    reasons = [sentence.reason for sentence in explanation.sentences]
    assert reasons[0] == "no party: Brazil is a place"
    assert reasons[2]
    assert "told as not having happened" in reasons[3] or "below the threshold" in reasons[3]


def test_what_is_told_twice_is_shown_twice_and_counted_once(explanation: Explanation) -> None:
    told = [told for sentence in explanation.sentences for told in sentence.events]
    assert [t.kept for t in told].count(True) == len(explanation.coding.events) < len(told)


def test_an_explanation_gives_the_very_answer_of_the_coder(coder: Inspectable, explanation: Explanation) -> None:
    assert explanation.coding == coder.code(Document(TEXT, None, date(2024, 5, 4)))  # type: ignore[attr-defined]  # a Coder too


def test_the_command_explains_as_text_and_as_json() -> None:
    text = CliRunner().invoke(main, ["code", "--explain"], input=TEXT)
    assert text.exit_code == 0
    assert "NOR expel_diplomats IRN, effective, 2024-05-03 (day)" in text.output
    assert "no event: " in text.output
    answer = json.loads(CliRunner().invoke(main, ["code", "--explain", "--json"], input=TEXT).output)
    assert len(answer["sentences"]) == 5
    assert answer["sentences"][1]["events"][0]["rule"]


@pytest.mark.parametrize("arguments", [["code"], ["code", "--jsonl", "--json"]])
def test_the_command_must_be_told_what_to_give(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments, input="").exit_code == 2
