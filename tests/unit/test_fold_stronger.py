"""The fold: a lesser or additional act leaves a stronger value."""

from datetime import date

import pytest

from entente.bootstrap.seeds import load_codebook
from entente.relations.folding.dyad import fold
from entente.relations.grouping.group import group_mentions
from entente.relations.state_facts import reports_of
from entente.relations.states import holding
from tests.unit.builders import mention, state_fact

CODEBOOK = load_codebook()
ITEMS = {"territory": "territory", "treaties": "border", "alliance": "defence", "membership": "member"}

#: (facet, what holds, act, what holds after it)
LEAVES = [
    ("peace_process", "peace_treaty_in_force", "agree_to_talks"),
    ("peace_process", "peace_treaty_in_force", "sign_peace"),
    ("peace_process", "talks", "agree_to_talks"),
    ("peace_process", "declared", "negotiate"),
    ("peace_process", "declared", "halt_talks"),
    ("peace_process", "in_effect", "halt_talks"),
    ("peace_process", "in_effect", "agree_ceasefire"),
    ("peace_process", "armistice", "announce_ceasefire"),
    ("peace_process", "peace_agreement", "ceasefire_in_effect"),
    ("alliance", "in_force", "sign_alliance"),
    ("treaties", "in_force", "sign_treaty"),
    ("treaties", "in_force", "ratify_treaty"),
    ("territory", "annexed", "claim_territory"),
    ("territory", "occupied", "claim_territory"),
    ("territory", "occupied", "blockade"),
    ("territory", "annexed", "occupy"),
    ("mission", "embassy", "open_representative_office"),
    ("mission", "embassy", "open_consulate"),
    ("membership", "member", "apply_membership"),
    ("trade", "fta", "impose_tariff"),
    ("trade", "customs_union", "sign_fta"),
    ("trade", "embargoed", "ban_imports"),
]
MOVES = [
    ("peace_process", "collapsed", "agree_to_talks", "talks_agreed"),
    ("peace_process", "violated", "agree_ceasefire", "declared"),
    ("peace_process", "talks", "halt_talks", "collapsed"),
    ("peace_process", "in_effect", "end_ceasefire", "collapsed"),
    ("peace_process", "in_effect", "sign_peace", "peace_agreement"),
    ("alliance", "ended", "sign_alliance", "signed"),
    ("treaties", "terminated", "sign_treaty", "signed"),
    ("territory", "occupied", "annex", "annexed"),
    ("mission", "closed", "open_consulate", "consular_only"),
    ("membership", "withdrawn", "apply_membership", "candidate"),
    ("trade", "normal", "impose_tariff", "restricted"),
    ("trade", "restricted", "remove_tariff", "normal"),
]


def told(act, when="2025-05-01", **more):
    context = ("treaty:border",) if act.endswith("_treaty") else ()
    return mention(act, when, context=context, **more)


def after(facet, held, *acts):
    """What holds of RUS → AFG in the end, of a facet that had a value since 2000."""
    one, other = ("AFG", "RUS") if CODEBOOK.facet(facet).shared else ("RUS", "AFG")
    since = state_fact(held, "2000-01-01", facet=facet, item=ITEMS.get(facet, ""), source=one, target=other)
    intervals = fold([*group_mentions(acts), *reports_of([since])], CODEBOOK)
    [last] = [
        i.value
        for i in holding(intervals, date(2030, 1, 1))
        if (i.source, i.facet, i.standing) == ("RUS", facet, "held")
    ]
    return last


@pytest.mark.parametrize(("facet", "held", "act"), LEAVES)
def test_a_lesser_or_additional_act_leaves_the_stronger_value(facet, held, act):
    assert after(facet, held, told(act)) == held
    assert after(facet, held, told(act, status="ongoing")) == held


def test_a_signature_leaves_a_ratified_treaty_and_one_in_force_does_not():
    assert after("treaties", "ratified", told("sign_treaty")) == "ratified"
    assert after("treaties", "ratified", told("sign_treaty", status="ongoing")) == "in_force"


@pytest.mark.parametrize(("facet", "held", "act", "value"), MOVES)
def test_an_act_that_goes_further_or_begins_anew_gives_its_value(facet, held, act, value):
    assert after(facet, held, told(act)) == value


def test_a_tariff_put_on_and_removed_leaves_a_free_trade_area():
    assert after("trade", "fta", told("impose_tariff"), told("remove_tariff", "2025-06-01")) == "fta"


def test_a_consulate_says_nothing_of_an_embassy_that_nobody_reported():
    assert fold(group_mentions([told("open_consulate")]), CODEBOOK) == []


def test_an_act_that_moves_nothing_still_settles_its_threat():
    threat = told("impose_tariff", "2025-04-01", status="threatened")
    since = state_fact("fta", "2000-01-01", facet="trade")
    for acts, standings in (([threat], {"held", "threatened"}), ([threat, told("impose_tariff")], {"held"})):
        intervals = fold([*group_mentions(acts), *reports_of([since])], CODEBOOK)
        assert {i.standing for i in holding(intervals, date(2030, 1, 1))} == standings


#: Facets of which the first stage goes on, and does not go back by the act of an earlier step.
ONE_WAY = ("peace_process", "territory", "treaties", "alliance", "aid", "membership")
STEPS = [
    (act.name, effect, CODEBOOK.facet(effect.facet).stages[0])
    for act in CODEBOOK.acts.values()
    for effect in act.effects
    if effect.facet in ONE_WAY and effect.standing == "held" and effect.value in CODEBOOK.facet(effect.facet).stages[0]
]


@pytest.mark.parametrize(("act", "effect", "stage"), STEPS, ids=[f"{act}-{effect.value}" for act, effect, _ in STEPS])
def test_no_act_takes_a_pair_back_to_an_earlier_step_of_a_stage(act, effect, stage):
    further = set(stage[stage.index(effect.value) + 1 :])
    assert further & (effect.only_from or set(CODEBOOK.facet(effect.facet).values)) == set()
