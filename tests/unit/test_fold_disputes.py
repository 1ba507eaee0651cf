"""The fold: contradicting reports, and undated background."""

from datetime import date

import pytest

from entente.bootstrap.seeds import load_codebook
from entente.relations.folding.dyad import fold
from entente.relations.grouping.group import group_mentions
from entente.relations.reasons import differences
from entente.relations.states import holding
from tests.unit.builders import mention

CODEBOOK = load_codebook()


def told(act, when, publisher="agency", **more):
    return mention(act, when, publisher=publisher, **more)


def on(day, *mentions, facet="recognition"):
    """(value, status, {candidate: publishers}) of the facet RUS → AFG on a day, None where nothing holds."""
    intervals = fold(group_mentions(mentions), CODEBOOK)
    for i in holding(intervals, date.fromisoformat(day)):
        if (i.source, i.facet, i.standing) == ("RUS", facet, "held"):
            return i.value, i.status, {c.value: c.n_sources for c in i.candidates}
    return None


YES, NO = ("recognise", "2025-07-03"), ("withdraw_recognition", "2025-07-03")


def test_independent_reports_of_one_day_that_exclude_each_other_are_a_dispute_with_both_candidates():
    value, status, candidates = on("2025-07-03", told(*YES, "one"), told(*NO, "other"))
    assert status == "disputed"
    assert value in candidates
    assert candidates == {"recognised": 1, "withdrawn": 1}


def test_one_publisher_that_gives_two_values_disputes_nothing():
    assert on("2025-07-03", told(*YES, "one"), told(*NO, "one"))[1:] == ("effective", {})


def test_a_publisher_that_gives_both_values_makes_no_side_of_a_dispute():
    assert on("2025-07-03", told(*YES, "one"), told(*NO, "one"), told(*NO, "other"))[1:] == ("effective", {})
    assert on("2025-07-03", told(*YES, "one"), told(*YES, "other"), told(*NO, "other"))[1:] == ("effective", {})


def test_each_side_with_a_publisher_of_its_own_is_a_dispute_whoever_else_gives_both():
    mentions = [told(*YES, "one"), told(*YES, "both"), told(*NO, "both"), told(*NO, "other")]
    assert on("2025-07-03", *mentions)[1:] == ("disputed", {"recognised": 2, "withdrawn": 2})


def test_a_later_date_is_a_change_and_ends_the_dispute():
    mentions = [told(*YES, "one"), told(*NO, "other"), told("recognise", "2025-08-01", "one")]
    assert on("2025-07-31", *mentions)[1] == "disputed"
    assert on("2025-08-01", *mentions) == ("recognised", "effective", {})


@pytest.mark.parametrize(("when", "published"), [("2025", "2025-02-05"), ("2025-03", "2025-03-04")])
def test_what_was_told_by_a_day_is_no_dispute_with_what_came_after_it(when, published):
    suspended = told("suspend_relations", when, "one", published=published)
    restored = told("restore_relations", "2025-03-20", "other")
    assert on("2025-03-20", suspended, restored, facet="relations") == ("established", "effective", {})


def test_a_coarse_date_disputes_an_act_of_before_its_report():
    suspended = told("suspend_relations", "2025", "one", published="2025-05-05")
    restored = told("restore_relations", "2025-03-20", "other")
    assert on("2025-03-20", suspended, restored, facet="relations")[1] == "disputed"


def test_stages_that_may_be_passed_in_one_day_are_no_dispute():
    mentions = [told("sign_treaty", "2025-07-03", "one"), told("ratify_treaty", "2025-07-03", "other")]
    assert on("2025-07-03", *mentions, facet="treaties")[1] == "effective"


def test_becoming_disputed_is_a_difference_though_the_value_stays():
    before = told("withdraw_recognition", "2025-06-30")
    folded = fold(group_mentions([before, told(*NO, "other"), told(*YES, "one")]), CODEBOOK)
    [found] = differences(holding(folded, date(2025, 7, 2)), holding(folded, date(2025, 7, 3)))
    assert (found.before.status, found.after.status) == ("effective", "disputed")


def test_undated_background_ends_no_value_of_which_the_date_is_known():
    opened = told("open_embassy", "2025-07-03")
    closed = told("close_embassy", None, "other", published="2025-07-20")
    assert on("2025-08-01", opened, closed, facet="mission") == ("embassy", "effective", {})


def test_undated_background_of_the_same_day_gives_way_to_the_dated_act():
    opened = told("open_embassy", "2025-07-20")
    closed = told("close_embassy", None, "other", published="2025-07-20")
    assert on("2025-07-20", opened, closed, facet="mission") == ("embassy", "effective", {})


def test_an_undated_act_gives_no_value_that_runs_out_for_it_may_be_over():
    assert on("2025-03-02", told("invade", None, published="2025-03-01"), facet="conflict") is None
    goes_on = told("invade", None, status="ongoing", published="2025-03-01")
    assert on("2025-03-02", goes_on, facet="conflict") == ("war", "effective", {})


def test_a_value_of_a_coarse_date_runs_out_as_if_it_began_on_the_day_of_its_report_at_the_latest():
    drill = told("military_exercise", "2025", published="2025-04-24")
    assert on("2025-07-20", drill, facet="conflict") == ("display_of_force", "effective", {})
    assert on("2025-07-30", drill, facet="conflict") is None


def test_undated_background_gives_way_to_later_background():
    shut = told("close_embassy", None, published="2025-05-01")
    opened = told("open_embassy", None, published="2025-06-01")
    assert on("2025-06-01", shut, opened, facet="mission")[0] == "embassy"


def test_what_background_does_not_move_it_does_not_make_possible_either():
    """Easing needs sanctions that are in force; background about a lifting does not take them away."""
    measure = ("measure:travel_ban",)
    imposed = told("impose_sanctions", "2024-01-01", context=measure)
    lifted = told("lift_sanctions", None, published="2024-06-01")
    eased = told("ease_sanctions", "2025-01-01", context=measure)
    assert on("2025-01-01", imposed, lifted, eased, facet="sanctions")[0] == "partially_eased"


def standing(day, *mentions):
    intervals = fold(group_mentions(mentions), CODEBOOK)
    return {(i.item, i.standing): i.value for i in holding(intervals, date.fromisoformat(day))}


def test_a_named_measure_settles_the_threat_that_named_none():
    threat = told("impose_sanctions", "2025-01-01", status="threatened")
    assert standing("2025-01-02", threat) == {("other", "threatened"): "threatened"}
    imposed = told("impose_sanctions", "2025-02-01", context=("measure:travel_ban",))
    assert standing("2025-02-01", threat, imposed) == {("travel_ban", "held"): "in_force"}
    frozen = told("freeze_assets", "2025-02-01")
    assert standing("2025-02-01", threat, frozen) == {("asset_freeze", "held"): "in_force"}


def test_lifting_one_measure_settles_no_threat_of_another():
    threat = told("impose_sanctions", "2025-01-01", status="threatened")
    released = told("release_assets", "2025-02-01")
    assert standing("2025-02-01", threat, released)["other", "threatened"] == "threatened"
