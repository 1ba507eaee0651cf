"""The codebook files: every row has an effect, and every name in them exists."""

import pytest

from entente.bootstrap.seeds import load_codebook
from entente.relations.codebook import STANDINGS
from entente.relations.errors import UnknownAct, UnknownFacet
from entente.relations.events import STATUSES

CODEBOOK = load_codebook()
EFFECTS = [(act, effect) for act in CODEBOOK.acts.values() for effect in act.effects]


@pytest.mark.parametrize(("act", "effect"), EFFECTS, ids=[f"{a.name}-{e.facet}-{e.value}" for a, e in EFFECTS])
def test_an_effect_names_only_what_the_codebook_lists(act, effect):
    facet = CODEBOOK.facet(effect.facet)
    assert effect.value in facet.values
    assert effect.only_from <= {*facet.values, "unknown"}
    assert effect.statuses <= set(STATUSES)
    assert effect.standing in STANDINGS
    assert effect.moves in ("same", "reverse", "both")
    assert bool(effect.item) == facet.is_set


def test_unknown_is_never_a_value_that_an_act_reaches():
    assert not any("unknown" in facet.values for facet in CODEBOOK.facets.values())


def test_a_shared_facet_is_moved_both_ways_by_every_effect_on_it():
    shared = {name for name, facet in CODEBOOK.facets.items() if facet.shared}
    assert [(a.name, e.facet) for a, e in EFFECTS if e.facet in shared and e.moves != "both"] == []


def test_announcements_and_threats_never_hold_a_value_but_where_the_word_is_the_value():
    held = {
        (e.facet, e.value) for _, e in EFFECTS if e.standing == "held" and not e.statuses & {"effective", "ongoing"}
    }
    assert held == {("peace_process", "declared"), ("conflict", "threat_of_force")}


def test_no_two_effects_of_one_act_and_status_contradict_each_other():
    seen = set()
    for act, effect in EFFECTS:
        for status in effect.statuses:
            key = (act.name, status, effect.facet, effect.item, effect.standing)
            assert key not in seen
            seen.add(key)


@pytest.mark.parametrize(
    ("act", "status", "cameo", "root"),
    [
        ("recognise", "effective", "054", "SUPPORT"),
        ("impose_sanctions", "effective", "163", "SANCTION"),
        ("impose_sanctions", "threatened", "1312", "THREATEN"),
        ("lift_sanctions", "requested", "0254", "REQUEST"),
        ("withdraw_forces", "effective", "0874", "RETREAT"),
        ("strike", "announced", "130", "THREATEN"),
        ("give_military_aid", "agreed", "0332", "AGREE"),
        ("visit", "refused", "120", "REJECT"),
    ],
)
def test_codes_follow_act_and_status(act, status, cameo, root):
    codes = CODEBOOK.codes(act, status)
    assert (codes.cameo, codes.root) == (cameo, root)


def test_a_code_without_a_value_takes_its_nearest_ancestors_and_the_scale_says_so():
    codes = CODEBOOK.codes("lift_sanctions", "requested")
    assert codes.scale == "goldstein-keds-phoenix (025)"


def test_what_the_codebook_does_not_list_is_refused_with_what_it_does():
    with pytest.raises(UnknownAct):
        CODEBOOK.codes("befriend", "effective")
    with pytest.raises(UnknownFacet, match="recognition"):
        CODEBOOK.facet("mood")
