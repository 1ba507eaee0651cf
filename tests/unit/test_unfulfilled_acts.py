"""Acts that are denied, alleged, requested, threatened or agreed on: kept as events, and not counted as done."""

from datetime import date

import pytest

from entente.bootstrap.seeds import load_codebook
from entente.relations.codebook import HAPPENED
from entente.relations.dyad_months import dyad_months
from entente.relations.event_counts import UNFULFILLED
from entente.relations.events import STATUSES
from entente.relations.folding.dyad import fold
from entente.relations.grouping.group import group_mentions
from entente.relations.record import relation
from entente.relations.series import series
from tests.unit.builders import mention

CODEBOOK = load_codebook()
DAY = date(2025, 7, 10)
COUNTED_AS_UNDONE = [status for status in STATUSES if status not in HAPPENED | {"negated"}]


@pytest.mark.parametrize("status", COUNTED_AS_UNDONE)
def test_what_is_not_done_is_an_event_and_in_no_sum(status: str) -> None:
    events = group_mentions([mention("invade", "2025-07-03", status=status, target="GEO")])

    (month,) = dyad_months(events, CODEBOOK)
    (bucket,) = series(events, CODEBOOK, "month", date(2025, 7, 1), DAY).buckets
    record = relation("RUS", "GEO", events, fold(events, CODEBOOK), CODEBOOK, DAY, 1)

    counts = month.counts
    assert (counts.n_events, counts.total_intensity, counts.mean_intensity, counts.by_quad.total()) == (0, 0, None, 0)
    assert counts.by_status == {status: 1}
    assert (bucket.n_events, bucket.n_mentions, bucket.n_unfulfilled, bucket.mean_intensity) == (0, 0, 1, None)
    assert sum(bucket.n_by_quad.values()) == 0
    assert (record.n_events, record.n_mentions, record.n_unfulfilled) == (0, 0, 1)
    assert sum(record.n_by_quad.values()) == 0
    assert (record.score.net, record.score.n_events, record.score.interval) == (0, 0, None)


def test_what_is_not_done_is_counted_where_that_is_asked_for() -> None:
    events = group_mentions([mention("invade", "2025-07-03", status="threatened")])

    (month,) = dyad_months(events, CODEBOOK, HAPPENED | {"threatened"})

    assert (month.counts.n_events, dict(month.counts.by_root)) == (1, {"THREATEN": 1})


def test_an_invasion_that_is_denied_has_the_code_of_a_denial() -> None:
    codes = CODEBOOK.codes("invade", "denied")

    assert (codes.cameo, codes.intensity, codes.root) == ("016", 0, "REJECT")


@pytest.mark.parametrize("status", ["agreed", "announced"])
def test_to_agree_on_sanctions_is_no_cooperation_with_their_target(status: str) -> None:
    codes = CODEBOOK.codes("impose_sanctions", status)

    assert (codes.root, codes.quad) == ("THREATEN", 3)
    assert codes.cameo.startswith("13")
    assert codes.intensity < 0


def test_every_status_is_either_done_or_has_a_count_of_its_own() -> None:
    assert {*UNFULFILLED} | HAPPENED | {"negated"} == {*STATUSES}


def test_a_relation_with_sanctions_in_force_is_tense_whatever_the_score() -> None:
    events = group_mentions(
        [
            mention("impose_sanctions", "2025-07-01", context=("measure:arms",)),
            *[mention("visit", f"2025-06-{day}") for day in range(10, 29)],
        ]
    )

    record = relation("RUS", "AFG", events, fold(events, CODEBOOK), CODEBOOK, DAY, 1)

    assert record.score.net > 1.5
    assert record.label == "tense"
