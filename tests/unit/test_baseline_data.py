"""The baseline's data: dates, overlaps, contradictions between kinds of facts, and numbers that are published."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise, product

import pytest

from entente.bootstrap import baseline, seeds
from entente.bootstrap.baseline import baseline_files, read_baseline
from entente.bootstrap.seeds import SeedError, load_codebook, load_entities, seed_files
from entente.relations.dyads import Dyad
from entente.relations.folding.dyad import fold
from entente.relations.state_facts import StateFact, reports_of

CODEBOOK = load_codebook()
ENTITIES = load_entities()
FACTS = list(read_baseline(CODEBOOK, ENTITIES))
KINDS = tomllib.loads(seed_files().joinpath("baseline", "kinds.toml").read_text(encoding="utf-8"))

#: The facets of each file.
FACETS = {
    "alliances": {"alliance"},
    "conflicts": {"conflict"},
    "memberships": {"membership"},
    "missions": {"mission", "head_of_mission"},
    "mobility": {"mobility"},
    "peace": {"peace_process"},
    "recognition": {"recognition"},
    "relations": {"relations"},
    "sanctions": {"sanctions"},
    "territory": {"territory"},
    "trade": {"trade"},
    "treaties": {"treaties"},
}

#: Wars between allies that there were, and why both rows are right.
WARS_OF_ALLIES = {
    Dyad("HND", "SLV"): "both were parties to the Inter-American Treaty of Reciprocal Assistance in 1969",
    Dyad("IRQ", "KWT"): "both were parties to the Arab League's Joint Defence Treaty in 1990",
}

_NEVER = date.max


def told(*facets: str, values: Sequence[str] = ()) -> list[StateFact]:
    return [fact for fact in FACTS if fact.facet in facets and (not values or fact.value in values)]


def end(fact: StateFact) -> date:
    return fact.ends_on or _NEVER


def overlap(one: StateFact, other: StateFact) -> bool:
    """True if both hold on some day, however coarse their dates are read."""
    starts = (one.begins.last if one.begins else one.starts_on, other.begins.last if other.begins else other.starts_on)
    return max(starts) < min(end(one), end(other))


def both(ones: Sequence[StateFact], others: Sequence[StateFact]) -> Iterator[tuple[StateFact, StateFact]]:
    """Pairs of facts of one dyad that hold on some day together."""
    by_dyad: dict[Dyad, list[StateFact]] = {}
    for fact in others:
        by_dyad.setdefault(fact.dyad, []).append(fact)
    for one in ones:
        yield from ((one, other) for other in by_dyad.get(one.dyad, ()) if overlap(one, other))


def test_there_is_a_file_for_each_kind_that_is_named():
    assert baseline_files() == [f"{kind}.csv" for kind in sorted(KINDS)] == [f"{kind}.csv" for kind in sorted(FACETS)]


@pytest.mark.parametrize("kind", FACETS)
def test_a_file_has_facts_of_its_own_facets(kind):
    assert {fact.facet for fact in FACTS if fact.place == f"{kind}.csv"} <= FACETS[kind]


def test_nothing_is_of_a_day_to_come():
    today = datetime.now(UTC).date()
    late = [f.id for f in FACTS if f.starts_on > today or (f.document_date and f.document_date.first > today)]
    assert late == []
    assert [f.id for f in FACTS if f.ends and f.ends.first > today] == []


def test_nothing_is_known_before_it_began():
    assert [f.id for f in FACTS if f.known_by < f.starts_on] == []


def test_a_value_ends_before_the_next_of_its_track_begins():
    tracks: dict[tuple[str, ...], list[StateFact]] = {}
    for fact in FACTS:
        tracks.setdefault((fact.source, fact.target, fact.facet, fact.item), []).append(fact)
    found = []
    for facts in tracks.values():
        ordered = sorted(facts, key=lambda fact: (fact.starts_on, end(fact)))
        found += [f"{one.id} and {other.id}" for one, other in pairwise(ordered) if overlap(one, other)]
    assert found == []


def test_allies_are_not_at_war_with_each_other():
    wars = told("conflict", values=["war"])
    pacts = [fact for fact in told("alliance", values=["in_force"]) if fact.item in ("defence", "offence")]
    assert [f"{war.id} and {pact.id}" for war, pact in both(wars, pacts) if war.dyad not in WARS_OF_ALLIES] == []


def test_no_ambassador_and_no_embassy_is_where_relations_are_severed():
    posted = [*told("head_of_mission", values=["ambassador", "minister"]), *told("mission", values=["embassy"])]
    none = told("relations", values=["severed", "never"])
    assert [f"{one.id} and {other.id}" for one, other in both(posted, none)] == []


def test_who_has_relations_with_a_contested_entity_recognises_it():
    recognising = {
        (fact.source, fact.target): fact for fact in told("recognition", values=["recognised", "qualified", "de_facto"])
    }
    missing = []
    for fact in told("relations", values=["established"]):
        for one, other in ((fact.source, fact.target), (fact.target, fact.source)):
            entity = ENTITIES.get(other)
            found = recognising.get((one, other))
            if entity and entity.kind == "contested" and not (found and overlap(found, fact)):
                missing.append(fact.id)
    assert missing == []


def test_nobody_recognises_and_refuses_recognition_at_once():
    refused = told("recognition", values=["not_recognised", "withdrawn", "frozen"])
    granted = told("recognition", values=["recognised"])
    found = [(a.id, b.id) for a, b in both(refused, granted) if a.source == b.source]
    assert found == []


def test_members_are_of_organisations_and_no_organisation_is_recognised():
    kinds = {fact.id: ENTITIES.get(fact.target) for fact in told("membership")}
    assert [id for id, entity in kinds.items() if entity is None or entity.kind != "organisation"] == []
    assert [f.id for f in told("recognition") if not (e := ENTITIES.get(f.target)) or not e.is_country] == []


def test_the_whole_baseline_folds_without_a_dispute_and_to_what_the_rows_say():
    intervals = fold(reports_of(FACTS), CODEBOOK)
    assert [i.evidence for i in intervals if i.status != "effective"] == []
    lasting = {(i.source, i.target, i.facet, i.item, i.value) for i in intervals if i.valid_to is None}
    rows = {(f.source, f.target, f.facet, f.item, f.value) for f in FACTS if f.ends is None}
    assert rows <= lasting


def test_every_member_of_the_un_is_in_at_least_ten_facts():
    members = {f.source for f in told("membership", values=["member"]) if f.target == "UN" and f.ends is None}
    n = Counter(key for fact in FACTS for key in (fact.source, fact.target))
    assert len(members) == 193
    assert {key: n[key] for key in members if n[key] < 10} == {}


# Numbers that are published. docs/baseline.md names the documents.


def count(facet: str, value: str, target: str, day: date) -> int:
    facts = [f for f in told(facet, values=[value]) if f.target == target]
    return len({f.source for f in facts if f.starts_on <= day < end(f)})


#: Organisation → year → members at its end: a number, or the least and the most. Before 1993 some members of the UN
#: are no present states, so that rows of these are left out.
MEMBERS: dict[str, dict[int, int | tuple[int, int]]] = {
    "UN": {
        1945: (49, 51),
        1950: (58, 60),
        1960: (97, 99),
        1970: (124, 127),
        1980: (151, 154),
        1990: (157, 159),
        1993: (183, 184),
        2000: 189,
        2002: 191,
        2006: 192,
        2011: 193,
        2024: 193,
    },
    "EU": {1958: 6, 1973: 9, 1981: 10, 1986: 12, 1995: 15, 2004: 25, 2007: 27, 2013: 28, 2020: 27, 2024: 27},
    "NATO": {
        1949: 12,
        1952: 14,
        1955: 15,
        1982: 16,
        1999: 19,
        2004: 26,
        2009: 28,
        2017: 29,
        2020: 30,
        2023: 31,
        2024: 32,
    },
}

#: Contested entity → year → states that recognised it at the year's end: the least and the most that are published.
RECOGNISERS: dict[str, dict[int, tuple[int, int]]] = {
    "XKX": {1990: (0, 0), 2008: (50, 55), 2012: (94, 100), 2020: (84, 117), 2024: (84, 119)},
    "PSE": {1990: (78, 100), 2008: (92, 107), 2012: (125, 134), 2020: (134, 140), 2024: (143, 148)},
    "TWN": {1990: (24, 30), 2008: (22, 24), 2012: (22, 24), 2020: (14, 16), 2024: (11, 13)},
}


def _complete(kind: str, target: str) -> None:
    if target not in KINDS[kind]["complete"]:
        pytest.skip(f"seeds/baseline/kinds.toml does not call {target} complete in {kind}.csv")


@pytest.mark.parametrize(("body", "year"), [(body, year) for body, years in MEMBERS.items() for year in years])
def test_an_organisation_has_as_many_members_as_it_had(body, year):
    _complete("memberships", body)
    wanted = MEMBERS[body][year]
    least, most = wanted if isinstance(wanted, tuple) else (wanted, wanted)
    assert least <= count("membership", "member", body, date(year, 12, 31)) <= most


@pytest.mark.parametrize(("entity", "year"), [(e, year) for e, years in RECOGNISERS.items() for year in years])
def test_as_many_states_recognise_a_contested_entity_as_is_published(entity, year):
    _complete("recognition", entity)
    least, most = RECOGNISERS[entity][year]
    assert least <= count("recognition", "recognised", entity, date(year, 12, 31)) <= most


# What the loader refuses


HEADER = ",".join(baseline.FIELDS)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("USA,XXX,recognition,,recognised,2008,,G,doc,2008,c,", "target: 'XXX' is no key"),
        ("SUN,USA,recognition,,recognised,1933,,G,doc,1933,c,", "source: 'SUN' is no key"),
        ("USA,XKX,recognition,,recognized,2008,,G,doc,2008,c,", "value: 'recognized' is none"),
        ("USA,XKX,recognition,,recognised,2008-13,,G,doc,2008,c,", "month must be"),
        ("USA,XKX,recognition,,recognised,spring,,G,doc,2008,c,", "is no date"),
        ("USA,XKX,recognition,,recognised,2008,,G,,2008,c,", "document: blank"),
        ("USA,XKX,recognition,,recognised,,,G,doc,,c,", "document_date: blank, and so is from"),
        ("USA,CUB,relations,,severed,1961,,G,doc,1961,c,", "source: relations holds in both directions"),
        ("USA,XKX,recognition,,recognised,2008,,G,doc,2008", "not as many fields"),
    ],
)
def test_a_wrong_row_is_refused_with_file_and_row(tmp_path, monkeypatch, row, problem):
    with pytest.raises(SeedError, match=rf"baseline/recognition\.csv, row 2: .*{problem}"):
        _read(tmp_path, monkeypatch, f"{HEADER}\n{row}\n")


def test_a_wrong_header_and_a_row_twice_are_refused(tmp_path, monkeypatch):
    with pytest.raises(SeedError, match="the header is source,target"):
        _read(tmp_path, monkeypatch, "source,target\n")
    row = "USA,XKX,recognition,,recognised,2008,,G,doc,2008,c,"
    with pytest.raises(SeedError, match=r"row 3: says the same as baseline/recognition\.csv, row 2"):
        _read(tmp_path, monkeypatch, f"{HEADER}\n{row}\n{row}\n")


def _read(tmp_path, monkeypatch, content: str) -> list[StateFact]:
    (tmp_path / "baseline").mkdir(exist_ok=True)
    (tmp_path / "baseline" / "recognition.csv").write_text(content, encoding="utf-8")
    for module in (baseline, seeds):
        monkeypatch.setattr(module, "seed_files", lambda: tmp_path)
    return list(read_baseline(CODEBOOK, ENTITIES))


def test_the_digest_changes_with_the_content_of_a_file(tmp_path, monkeypatch):
    digests = set()
    for content, _ in product((f"{HEADER}\n", f"{HEADER}\n\n"), range(2)):
        _read(tmp_path, monkeypatch, content)
        digests.add(baseline.baseline_digest())
    assert len(digests) == 2
