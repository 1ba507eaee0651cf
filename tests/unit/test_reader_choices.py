"""Which acts are chosen for a pair, by the network's probabilities."""

import math

import numpy as np
import pytest

from entente.coding.reader.choices import Choice, Thresholds, answer_every, choose, choose_further
from entente.coding.reader.model import Labels, PairAnswers

ACTS = ["accuse", "condemn", "meet", "sever_relations"]
STATUSES = ["effective", "announced", "negated", "refused", "hypothetical"]
ROOTS = ["ACCUSE", "CONSULT", "REJECT", "SANCTION"]
LABELS = Labels(ACTS, STATUSES, ROOTS, np.array([[0, 0, 0, 2, 0], [0, 0, 0, 2, 0], [1, 1, 1, 2, 1], [3, 3, 3, 2, 3]]))
THRESHOLDS = Thresholds(0.5, 0.6, {"ACCUSE": "condemn"}, {"sever_relations": "relations severed"})


def answers(nothing: float, acts: list[float], statuses: list[float], done: float = 0.5) -> PairAnswers:
    """One pair, the statuses as likely for every act; `done`: that each act is told as done."""
    base = np.array([[math.log(p) for p in (*statuses, 0.001)]], dtype=np.float32)
    none = np.zeros((len(ACTS), len(STATUSES)), dtype=np.float32)
    chances = np.array([[nothing, *acts]], dtype=np.float32)
    sure = np.full((1, len(ACTS)), done, dtype=np.float32)
    return PairAnswers(chances, sure, base, none, np.zeros((1, 4), dtype=np.float32))


def told(given: PairAnswers) -> list[tuple[str, str]]:
    return [(choice.act, choice.status) for choice in choose(given, LABELS, THRESHOLDS)]


def test_a_pair_of_which_probably_nothing_is_told_gives_nothing() -> None:
    assert told(answers(0.6, [0.1, 0.1, 0.2, 0.0], [0.9, 0.05, 0.03, 0.02])) == []


def test_the_likeliest_act_is_told_with_its_likeliest_status() -> None:
    assert told(answers(0.1, [0.0, 0.0, 0.9, 0.0], [0.2, 0.7, 0.05, 0.05])) == [("meet", "announced")]


def test_what_is_told_as_not_having_happened_is_no_event() -> None:
    assert told(answers(0.1, [0.0, 0.0, 0.9, 0.0], [0.1, 0.1, 0.7, 0.1])) == []


def test_an_act_that_moves_a_facet_must_be_surer() -> None:
    given = [0.0, 0.0, 0.0, 0.9], [0.9, 0.05, 0.03, 0.02]
    assert told(answers(0.1, *given, done=0.7)) == [("sever_relations", "effective")]
    # Its root has no general act here, so nothing stands for it.
    assert told(answers(0.1, *given, done=0.5)) == []


def test_acts_that_do_the_same_to_a_facet_are_sure_together() -> None:
    thresholds = Thresholds(0.5, 0.9, {}, {"sever_relations": "said", "accuse": "said", "condemn": "said"})
    given = answers(0.0, [0.5, 0.4, 0.1, 0.0], [0.9, 0.05, 0.03, 0.02], done=0.48)
    assert [choice.act for choice in choose(given, LABELS, thresholds)] == ["accuse"]


def test_the_root_is_chosen_before_the_act() -> None:
    given = answers(0.0, [0.3, 0.3, 0.4, 0.0], [0.9, 0.05, 0.03, 0.02])
    assert next(choice.act for choice in choose(given, LABELS, THRESHOLDS)) == "accuse"


def test_the_general_act_of_its_root_stands_for_a_mover_that_is_not_sure() -> None:
    thresholds = Thresholds(0.5, 0.9, {"ACCUSE": "condemn"}, {"accuse": "said"})
    given = answers(0.1, [0.8, 0.1, 0.0, 0.0], [0.9, 0.05, 0.03, 0.02])
    (choice,) = choose(given, LABELS, thresholds)
    assert (choice.act, choice.rule) == ("condemn", "general act of ACCUSE instead of accuse")


KNOWN = Choice(0, 0, "accuse", "effective", 0.9)


def test_a_further_act_is_the_likeliest_other_than_the_known_one() -> None:
    another = answers(0.1, [0.0, 0.0, 0.9, 0.0], [0.9, 0.05, 0.03, 0.02])
    (choice,) = choose_further(another, LABELS, THRESHOLDS, [KNOWN])
    assert (choice.act, choice.further) == ("meet", True)
    again = answers(0.1, [0.6, 0.0, 0.3, 0.0], [0.9, 0.05, 0.03, 0.02])
    assert [choice.act for choice in choose_further(again, LABELS, THRESHOLDS, [KNOWN])] == ["meet"]
    unsure = answers(0.35, [0.6, 0.0, 0.05, 0.0], [0.9, 0.05, 0.03, 0.02])
    assert choose_further(unsure, LABELS, THRESHOLDS, [KNOWN]) == []
    nothing_else = answers(0.1, [0.9, 0.0, 0.0, 0.0], [0.9, 0.05, 0.03, 0.02])
    assert choose_further(nothing_else, LABELS, THRESHOLDS, [KNOWN]) == []


def test_the_general_act_adds_nothing_to_a_known_one_of_its_root() -> None:
    thresholds = Thresholds(0.5, 0.9, {"ACCUSE": "condemn"}, {"accuse": "said", "condemn": "said"})
    unsure = answers(0.1, [0.0, 0.9, 0.0, 0.0], [0.9, 0.05, 0.03, 0.02], done=0.3)
    assert choose_further(unsure, LABELS, thresholds, [KNOWN]) == []
    meeting = Choice(0, 2, "meet", "effective", 0.9)
    assert [choice.act for choice in choose_further(unsure, LABELS, thresholds, [meeting])] == ["condemn"]


def test_what_is_left_is_the_share_of_other_acts_in_what_is_told() -> None:
    given = answers(0.5, [0.3, 0.15, 0.05, 0.0], [0.9, 0.05, 0.03, 0.02])
    assert given.left(0, 0) == pytest.approx(0.4)
    assert given.left(0, 3) == pytest.approx(1.0)


def test_a_caller_who_asks_about_two_is_answered_with_the_likeliest_root() -> None:
    given = answers(0.8, [0.07, 0.06, 0.07, 0.0], [0.9, 0.05, 0.03, 0.02])
    (choice,) = answer_every(given, LABELS, THRESHOLDS, [0])
    assert choice.act in ("accuse", "condemn")
    assert choice.guessed
    assert choice.likelihood == pytest.approx(0.2 * 0.61, abs=0.03)


def test_a_mover_comes_with_the_chances_of_the_acts_of_its_kind() -> None:
    acts = ("accuse", "condemn")
    thresholds = Thresholds(0.5, 0.4, {}, {act: act for act in acts}, dict.fromkeys(acts, acts))
    given = answers(0.0, [0.6, 0.3, 0.1, 0.0], [0.9, 0.05, 0.03, 0.02], done=0.48)

    first, *_ = choose(given, LABELS, thresholds)

    assert (first.act, round(first.likelihood, 2)) == ("accuse", 0.48)
    assert {act: round(chance, 2) for act, chance in first.kin.items()} == {"accuse": 0.48, "condemn": 0.48}


def test_acts_of_no_kind_come_without() -> None:
    (choice,) = choose(answers(0.1, [0.0, 0.0, 0.0, 0.9], [0.9, 0.05, 0.03, 0.02], done=0.7), LABELS, THRESHOLDS)
    assert choice.kin == {}
