"""Labels of well-known pairs by the baseline alone: what a careful reader would accept."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from entente.bootstrap.baseline import read_baseline
from entente.bootstrap.seeds import load_codebook, load_entities
from entente.relations.dyads import Dyad
from entente.relations.events import Event, Mention
from entente.relations.folding.dyad import fold
from entente.relations.grouping.group import group_mentions
from entente.relations.record import Relation, relation
from entente.relations.state_facts import StateReport, reports_of
from tests.unit.builders import mention

CODEBOOK = load_codebook()
FACTS = list(read_baseline(CODEBOOK, load_entities()))
DAY = date(2025, 7, 10)

#: Pair → its label, and the label of the other direction where it is another.
LABELS: Mapping[str, tuple[str, ...]] = {
    "USA IRN": ("relations severed",),
    "USA CUB": ("tense", "diplomatic relations"),
    "RUS UKR": ("at war",),
    "GRC TUR": ("tense",),
    "CHN TWN": ("unrecognised", "no diplomatic relations"),
    "SRB XKX": ("unrecognised", "no diplomatic relations"),
    "ISR PSE": ("at war",),
    "IND PAK": ("tense",),
    "PRK KOR": ("no diplomatic relations", "tense"),
    "EU RUS": ("tense",),
    "ARM AZE": ("no diplomatic relations",),
    "ETH ERI": ("diplomatic relations",),
    "SAU IRN": ("diplomatic relations",),
    "MAR DZA": ("relations severed",),
    "COL VEN": ("diplomatic relations",),
    "JPN KOR": ("diplomatic relations",),
}


def record(source: str, target: str, *mentions: Mention) -> Relation:
    dyad = Dyad.of(source, target)
    facts = [fact for fact in FACTS if {fact.source, fact.target} == {dyad.a, dyad.b}]
    events = group_mentions(mentions)
    told: list[Event | StateReport] = [*events, *reports_of(facts)]
    return relation(source, target, events, fold(told, CODEBOOK), CODEBOOK, DAY, 1)


@pytest.mark.parametrize("pair", LABELS)
def test_a_well_known_pair_has_the_label_that_a_careful_reader_accepts(pair: str) -> None:
    one, other = pair.split()

    assert (record(one, other).label, record(other, one).label) == (LABELS[pair][0], LABELS[pair][-1])


@pytest.mark.parametrize("pair", [pair for pair, labels in LABELS.items() if set(labels) & {"at war", "tense"}])
def test_no_friendly_news_makes_a_war_or_sanctions_in_force_friendly_or_neutral(pair: str) -> None:
    one, other = pair.split()
    source, target = (one, other) if LABELS[pair][0] in ("at war", "tense") else (other, one)
    days = [(DAY - timedelta(days=n)).isoformat() for n in range(1, 40)]
    praise = [mention("praise", day, source=source, target=target) for day in days]

    made = record(source, target, *praise)

    assert made.score.net > 1.5
    assert made.label in ("at war", "tense")


def test_news_of_a_quiet_pair_give_it_the_label_of_its_score() -> None:
    days = [(DAY - timedelta(days=n)).isoformat() for n in (1, 2, 3)]
    praise = [mention("praise", day, source="COL", target="VEN") for day in days]

    assert record("COL", "VEN", *praise).label == "cordial"
    assert record("COL", "VEN", mention("meet", days[0], source="COL", target="VEN")).label == "neutral"
