"""The fold: events of a dyad → intervals, for every facet of the codebook."""

import random
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.bootstrap.seeds import load_codebook
from entente.relations.folding.dyad import fold
from entente.relations.grouping.group import group_mentions
from entente.relations.periods import Period
from entente.relations.state_facts import reports_of
from entente.relations.states import compare, holding
from tests.unit.builders import mention, state_fact

CODEBOOK = load_codebook()


def states(*mentions):
    return fold(group_mentions(mentions), CODEBOOK)


def value(intervals, facet, day, source="RUS", target="AFG", item="", standing="held"):
    found = [
        i.value
        for i in holding(intervals, date.fromisoformat(day))
        if (i.source, i.target, i.facet, i.item, i.standing) == (source, target, facet, item, standing)
    ]
    return found[0] if found else "unknown"


def test_recognition_holds_from_the_day_of_the_act_and_is_unknown_before():
    found = states(mention("recognise", "2025-07-03"))
    assert value(found, "recognition", "2025-07-02") == "unknown"
    assert value(found, "recognition", "2025-07-03") == "recognised"
    assert value(found, "recognition", "2031-01-01") == "recognised"
    assert value(found, "recognition", "2025-07-03", "AFG", "RUS") == "unknown"


def test_credentials_accepted_by_the_host_seat_the_senders_ambassador():
    found = states(mention("accept_credentials", "2025-07-03"))
    assert value(found, "head_of_mission", "2025-07-03", "AFG", "RUS") == "ambassador"
    assert value(found, "head_of_mission", "2025-07-03", "RUS", "AFG") == "unknown"


def test_severed_relations_are_severed_both_ways_until_they_are_restored():
    found = states(mention("sever_relations", "2016-01-03"), mention("restore_relations", "2023-03-10"))
    for pair in (("RUS", "AFG"), ("AFG", "RUS")):
        assert value(found, "relations", "2020-01-01", *pair) == "severed"
        assert value(found, "relations", "2023-03-10", *pair) == "established"


def test_an_announced_act_is_pending_and_moves_nothing_until_it_happens():
    announced = mention("open_embassy", "2025-01-01", status="announced")
    assert value(states(announced), "mission", "2025-02-01") == "unknown"
    assert value(states(announced), "mission", "2025-02-01", standing="pending") == "embassy"
    opened = states(announced, mention("open_embassy", "2025-03-01"))
    assert value(opened, "mission", "2025-03-01") == "embassy"
    assert value(opened, "mission", "2025-03-01", standing="pending") == "unknown"


def test_force_that_is_told_as_going_on_has_lasted_to_the_report():
    struck = mention("air_strike", "2024-12", published="2025-05-05")
    assert value(states(struck), "conflict", "2025-07-15") == "unknown"
    found = states(mention("air_strike", "2024-12", published="2025-05-05", status="ongoing"))
    assert value(found, "conflict", "2024-12-31") == "use_of_force"
    assert value(found, "conflict", "2025-10-31") == "use_of_force"
    assert value(found, "conflict", "2025-11-01") == "unknown"


@pytest.mark.parametrize(
    ("act", "facet", "item"), [("sign_treaty", "treaties", "other"), ("sign_alliance", "alliance", "defence")]
)
def test_a_treaty_told_as_going_on_is_in_force_and_told_as_signed_no_less_than_that(act, facet, item):
    signed, in_force = mention(act, "2019-05-02"), mention(act, "2020-06-01", status="ongoing")
    found = states(signed, in_force)
    assert value(found, facet, "2020-05-31", item=item) == "signed"
    assert value(found, facet, "2020-06-01", item=item) == "in_force"
    again = states(signed, in_force, mention(act, "2021-01-01"))
    assert value(again, facet, "2021-02-01", item=item) == "in_force"


@pytest.mark.parametrize("planned", ["2026-03-01", "2026"])
def test_what_is_planned_is_pending_from_the_day_on_which_it_is_known(planned):
    told = mention("open_embassy", planned, status="announced", published="2025-08-01")
    found = states(told)
    assert value(found, "mission", "2025-07-31", standing="pending") == "unknown"
    assert value(found, "mission", "2025-08-01", standing="pending") == "embassy"
    [pending] = [i for i in found if i.standing == "pending"]
    assert (pending.valid_from, pending.dated_by) == (Period.parse("2025-08-01"), "publication")
    opened = states(told, mention("open_embassy", "2026-03-02"))
    assert value(opened, "mission", "2026-03-02") == "embassy"
    assert value(opened, "mission", "2026-03-02", standing="pending") == "unknown"


@pytest.mark.parametrize(("planned", "over"), [("2026-03-01", "2026-03-15"), ("2026-03", "2026-04-14")])
def test_a_plan_is_pending_no_more_two_weeks_after_the_last_day_for_which_it_was_made(planned, over):
    told = mention("open_embassy", planned, status="announced", published="2025-08-01")
    [pending] = states(told)
    assert (pending.valid_to, pending.ends) == (date.fromisoformat(over), "expiry")
    later = mention("open_embassy", "2027-01-01", status="announced", published="2026-03-10")
    assert value(states(told, later), "mission", over, standing="pending") == "embassy"


@pytest.mark.parametrize(
    ("act", "when", "status"), [("open_embassy", "9999", "announced"), ("strike", "9999-12-31", "effective")]
)
def test_what_would_run_out_beyond_the_calendar_does_not_run_out(act, when, status):
    found = states(mention(act, when, status=status, published="2025-08-01"))
    assert {(i.valid_to, i.ends) for i in found} == {(None, "")}


def test_a_plan_that_is_also_told_without_a_day_is_pending_until_something_settles_it():
    dated = mention("open_embassy", "2026-03-01", status="announced", published="2025-08-01")
    undated = mention("open_embassy", "2025-09-01", status="announced", published="2025-09-01")
    assert value(states(dated, undated), "mission", "2030-01-01", standing="pending") == "embassy"


def test_sanctions_are_kept_a_measure_each_and_lifting_without_a_name_lifts_all():
    imposed = [
        mention("impose_sanctions", "2022-03-01", context=("measure:travel_ban",)),
        mention("freeze_assets", "2022-04-01"),
    ]
    found = states(*imposed)
    assert value(found, "sanctions", "2022-05-01", item="travel_ban") == "in_force"
    assert value(found, "sanctions", "2022-05-01", item="asset_freeze") == "in_force"
    lifted = states(*imposed, mention("lift_sanctions", "2025-01-01"))
    assert value(lifted, "sanctions", "2025-01-01", item="travel_ban") == "lifted"
    assert value(lifted, "sanctions", "2025-01-01", item="asset_freeze") == "lifted"


def test_what_ends_a_treaty_without_a_subject_ends_the_only_one_and_of_several_none():
    def treaties(*mentions):
        return {(s.item, s.value) for s in holding(states(*mentions), date(2025, 1, 1)) if s.facet == "treaties"}

    border = mention("sign_treaty", "2020-01-01", context=("treaty:border",))
    water = mention("sign_treaty", "2021-01-01", context=("treaty:water",))
    border_over = mention("terminate_treaty", "2020-06-01", context=("treaty:border",))
    ended = mention("terminate_treaty", "2024-01-01")

    assert treaties(border, ended) == {("border", "terminated")}
    assert treaties(border, border_over, water, ended) == {("border", "terminated"), ("water", "terminated")}
    assert treaties(border, water, ended) == {("border", "signed"), ("water", "signed"), ("other", "terminated")}


def test_lifting_a_named_measure_leaves_the_others_in_force():
    imposed = [
        mention("impose_sanctions", "2022-03-01", context=("measure:travel_ban",)),
        mention("freeze_assets", "2022-04-01"),
    ]
    found = states(*imposed, mention("lift_sanctions", "2025-01-01", context=("measure:travel_ban",)))
    assert value(found, "sanctions", "2025-01-01", item="travel_ban") == "lifted"
    assert value(found, "sanctions", "2025-01-01", item="asset_freeze") == "in_force"


def test_a_threat_of_sanctions_is_no_sanction():
    found = states(mention("impose_sanctions", "2025-05-01", status="threatened"))
    assert value(found, "sanctions", "2025-06-01", item="other") == "unknown"
    assert value(found, "sanctions", "2025-06-01", item="other", standing="threatened") == "threatened"


@pytest.mark.parametrize("status", ["alleged", "denied", "requested", "refused", "hypothetical", "announced"])
def test_what_did_not_happen_moves_no_conflict(status):
    assert value(states(mention("strike", "2025-05-01", status=status)), "conflict", "2025-05-02") == "unknown"


def test_the_highest_hostility_holds_until_it_runs_out():
    found = states(mention("strike", "2025-01-01"), mention("deploy", "2025-05-01"))
    assert value(found, "conflict", "2025-05-02") == "use_of_force"
    assert value(found, "conflict", "2025-07-15") == "display_of_force"
    assert value(found, "conflict", "2025-12-01") == "unknown"


def test_peace_ends_a_war_on_its_day():
    found = states(mention("invade", "1979-12"), mention("sign_peace", "1981-04-14"))
    assert value(found, "conflict", "1981-04-13") == "war"
    assert value(found, "conflict", "1981-04-14") == "none"


def test_a_withdrawal_of_forces_ends_no_war_and_no_use_of_force_for_it_may_be_of_a_part():
    found = states(
        mention("invade", "2022-02-24"),
        mention("withdraw_forces", "2022-11-11"),
        mention("missile_strike", "2022-11-15"),
    )
    assert {value(found, "conflict", day) for day in ("2022-11-10", "2022-11-11", "2022-11-20")} == {"war"}
    raided = states(mention("incursion", "2022-03-01"), mention("withdraw_forces", "2022-03-02"))
    assert value(raided, "conflict", "2022-03-02") == "use_of_force"
    paraded = states(mention("deploy", "2022-03-01"), mention("withdraw_forces", "2022-03-20"))
    assert value(paraded, "conflict", "2022-03-20") == "none"


@pytest.mark.parametrize("lesser", ["threaten_force", "mobilise", "shell"])
def test_a_surrender_ends_the_war_that_holds_whatever_lesser_act_was_reported_last(lesser):
    found = states(mention("invade", "2022-02-24"), mention(lesser, "2022-06-01"), mention("surrender", "2022-07-01"))
    assert value(found, "conflict", "2022-06-30") == "war"
    assert value(found, "conflict", "2022-07-01") == "none"


def test_a_withdrawal_after_a_threat_ends_the_display_of_force_that_holds():
    found = states(
        mention("deploy", "2022-03-01"),
        mention("threaten_force", "2022-03-05"),
        mention("withdraw_forces", "2022-03-20"),
    )
    assert value(found, "conflict", "2022-03-20") == "none"


BOTH_WAYS = [("RUS", "AFG"), ("AFG", "RUS")]


@pytest.mark.parametrize(("source", "target"), BOTH_WAYS)
@pytest.mark.parametrize("act", sorted(a for a, status in CODEBOOK.movers["conflict"] if status == "effective"))
@pytest.mark.parametrize("peace", ["sign_peace", "sign_armistice"])
def test_peace_and_force_of_one_day_are_peace_however_act_and_country_are_spelt(act, source, target, peace):
    found = states(
        mention(act, "2020-11-10", source=source, target=target),
        mention(peace, "2020-11-10"),
        mention(peace, "2020-11-10", source="AFG", target="RUS"),
    )
    assert {value(found, "conflict", day) for day in ("2020-11-10", "2021-01-01")} == {"none"}


STAGES = [(f.name, one, other) for f in CODEBOOK.facets.values() for s in f.stages for one, other in pairwise(s)]
MEMBERS = {name: f.items[0] if f.items else "" for name, f in CODEBOOK.facets.items()}


@pytest.mark.parametrize(("facet", "less", "further"), STAGES)
@pytest.mark.parametrize("documents", [("a", "b"), ("b", "a")])
def test_of_one_day_the_value_further_in_its_stage_holds_whichever_is_spelt_first(facet, less, further, documents):
    first, second = documents
    told = [
        state_fact(v, "2020-11-10", facet=facet, item=MEMBERS[facet], source="AFG", target="RUS", origin=origin)
        for v, origin in ((less, first), (further, second))
    ]
    found = fold(reports_of(told), CODEBOOK)
    assert value(found, facet, "2020-11-11", "AFG", "RUS", MEMBERS[facet]) == further


@pytest.mark.parametrize(("source", "target"), BOTH_WAYS)
def test_what_is_annexed_and_occupied_on_one_day_is_annexed(source, target):
    found = states(*(mention(act, "2014-03-18", source=source, target=target) for act in ("annex", "occupy")))
    assert value(found, "territory", "2014-03-19", source, target, "territory") == "annexed"


def test_undated_background_is_known_by_its_article_and_unknown_before():
    [interval] = states(mention("freeze_assets", None, published="2025-07-04"))
    assert (interval.valid_from, interval.known_by) == (None, date(2025, 7, 4))
    assert not interval.holds_on(date(2025, 7, 3))
    assert interval.holds_on(date(2025, 7, 4))


def test_a_dated_past_act_in_a_newer_article_fills_history():
    found = states(mention("invade", "1979-12", published="2025-07-04"), mention("recognise", "2025-07-03"))
    assert value(found, "conflict", "1980-06-01") == "war"
    assert value(found, "conflict", "2025-07-04") == "unknown"


def test_what_armed_groups_and_companies_do_moves_no_state():
    assert states(mention("strike", "2025-01-01", sectors=("REB", "GOV"))) == []


def test_a_second_report_is_evidence_and_no_new_interval():
    found = states(mention("recognise", "2025-07-03"), mention("recognise", "2026-01-01"))
    assert [len(i.evidence) for i in found] == [2]


def test_a_new_value_is_a_change_with_the_value_before_it():
    before = states(mention("recall_ambassador", "2025-01-01"))
    after = states(mention("recall_ambassador", "2025-01-01"), mention("return_ambassador", "2025-02-01"))
    [change] = compare(before, after, date(2025, 2, 2))
    assert (change.facet, change.before, change.after, change.historic) == (
        "head_of_mission",
        "recalled",
        "ambassador",
        False,
    )


def test_a_late_fill_of_history_is_no_news():
    before = states(mention("recognise", "2025-07-03"))
    after = states(mention("recognise", "2025-07-03"), mention("invade", "1979-12"))
    assert all(change.historic for change in compare(before, after, date(2025, 7, 4)))
    assert {c.facet for c in compare(before, after, date(2025, 7, 4))} == {"conflict"}


ACTS = sorted({act.name for act in CODEBOOK.acts.values() if act.effects} | {"praise", "condemn"})
mentions = st.lists(
    st.builds(
        mention,
        act=st.sampled_from(ACTS),
        when=st.sampled_from([None, "1979", "2024-03", "2024-03-05", "2024-06-01", "2025-01-01", "2025-02-01"]),
        published=st.sampled_from(["2025-03-01", "2025-04-01"]),
        status=st.sampled_from(["effective", "ongoing", "announced", "threatened", "alleged"]),
        source=st.sampled_from(["RUS", "AFG"]),
        target=st.just("AFG"),
    ).filter(lambda m: m.event.source.entity != m.event.target.entity),
    max_size=14,
)


@given(mentions, st.randoms(use_true_random=False))
def test_states_do_not_depend_on_the_order_in_which_articles_came(some, rng: random.Random):
    shuffled = list(some)
    rng.shuffle(shuffled)
    assert states(*shuffled) == states(*some)


@given(mentions)
def test_no_track_has_two_values_on_one_day(some):
    last = {}
    for interval in states(*some):
        end = last.get(interval.track, date.min)
        assert end is not None
        assert end <= interval.starts_on
        last[interval.track] = interval.valid_to


@given(mentions)
def test_every_value_is_one_that_the_codebook_lists_and_has_evidence(some):
    for interval in states(*some):
        assert interval.value in CODEBOOK.facet(interval.facet).values
        assert interval.evidence


@given(mentions, mentions)
def test_changes_tell_exactly_where_two_folds_differ(some, more):
    before, after = states(*some), states(*some, *more)
    moved = {(c.source, c.target, c.facet, c.item, c.standing) for c in compare(before, after, date(2025, 4, 1))}
    starts = lambda fold: {(i.track, i.starts_on, i.value) for i in fold}  # noqa: E731  # used twice, on the next line
    assert moved <= {track for track, _, _ in starts(before) ^ starts(after)}
    assert compare(before, before, date(2025, 4, 1)) == []


@pytest.mark.parametrize(
    ("act", "facet", "when", "dated_by", "origin"),
    [
        ("recognise", "recognition", "2025-07-03", "text", "text"),
        ("recognise", "recognition", "2025-07-03", "publication", "publication"),
        ("recognise", "recognition", None, "none", "none"),
        ("strike", "conflict", "2025-07-03", "text", "text"),
        ("strike", "conflict", "2025-07-03", "publication", "publication"),
    ],
)
def test_a_value_tells_where_the_date_of_its_start_comes_from(act, facet, when, dated_by, origin):
    found = states(mention(act, when, dated_by=dated_by), mention(act, "2025-09-01"))
    (first, *_) = [interval for interval in found if interval.facet == facet]
    assert first.dated_by == origin
