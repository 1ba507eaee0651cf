"""The golden files themselves: valid names and dates, and no match both required and forbidden."""

import json
import re
from datetime import date

import pytest

from entente.bootstrap.seeds import load_codebook, load_entities
from entente.relations.codebook import HAPPENED, Codebook
from entente.relations.entities import Entities
from entente.relations.events import STATUSES
from tests.golden.records import HERE, SAMPLES, Golden, Match, articles, fits, quiet, read, values

FIELDS = frozenset(
    ("note", "source", "target", "source_sector", "target_sector", "act", "root", "status", "date", "precision")
) | {"effective"}
EVERY = [pytest.param(golden, id=golden["id"]) for golden in articles() + quiet()]
DYADS = [json.loads(line) for line in (HERE / "dyads.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return load_codebook()


@pytest.fixture(scope="module")
def entities() -> Entities:
    return load_entities()


def matches(golden: Golden) -> list[Match]:
    return [*golden["required"], *golden["forbidden"]]


@pytest.mark.parametrize("golden", EVERY)
def test_every_match_names_what_exists(golden: Golden, codebook: Codebook, entities: Entities) -> None:
    known = {
        "source": {entity.key for entity in entities},
        "target": {entity.key for entity in entities},
        "act": set(codebook.acts),
        "root": set(codebook.roots),
        "status": set(STATUSES),
        "precision": {"day", "month", "year", "unknown"},
        "effective": {True, False},
    }
    for match in matches(golden):
        assert set(match) <= FIELDS
        assert set(match) - {"note", "effective"}, "a match with no field fits every event"
        for key in known.keys() & match.keys():
            assert values(match, key) <= known[key]
        assert re.fullmatch(r"|\d{4}(-\d\d){0,2}", match.get("date", ""))


@pytest.mark.parametrize("golden", EVERY)
def test_no_golden_forbids_what_it_requires(golden: Golden, codebook: Codebook) -> None:
    clashes = [(r, f) for r in golden["required"] for f in golden["forbidden"] if always_fits(r, f, codebook)]
    assert not clashes


def always_fits(narrow: Match, wide: Match, codebook: Codebook) -> bool:
    """Whether every event that fits `narrow` fits `wide` too."""
    return all(_implies(narrow, key, wide, codebook) for key in wide if key != "note")


def _implies(narrow: Match, key: str, wide: Match, codebook: Codebook) -> bool:
    if key == "date":
        return bool(narrow.get("date", "").startswith(wide["date"]))
    if key == "effective" and "status" in narrow:
        return all((status in HAPPENED) is wide["effective"] for status in values(narrow, "status"))
    if key == "root" and "act" in narrow and narrow.get("effective"):
        roots = {codebook.codes(act, "effective").root for act in values(narrow, "act")}
        return roots <= values(wide, "root")
    return key in narrow and values(narrow, key) <= values(wide, key)


@pytest.mark.parametrize("directory", [HERE / "articles", HERE / "quiet", SAMPLES], ids=lambda path: path.name)
def test_a_golden_is_found_under_its_id_and_dated(directory) -> None:
    goldens = read(directory)
    assert [golden["id"] for golden in goldens] == sorted(path.stem for path in directory.glob("*.json"))
    for golden in goldens:
        assert date.fromisoformat(golden["published_at"])
        assert 80 <= len(golden["text"].split()) <= 500


def test_there_are_fifty_articles_and_each_both_asks_and_forbids() -> None:
    goldens = read(HERE / "articles")
    assert len(goldens) >= 50
    for golden in goldens:
        assert len(golden["required"]) >= 3, golden["id"]
        assert len(golden["forbidden"]) >= 3, golden["id"]


def test_there_are_twenty_quiet_texts_and_each_names_eight_countries(entities: Entities) -> None:
    goldens = quiet()
    assert len(goldens) >= 20
    for golden in goldens:
        assert golden["no_event"] is True
        assert golden["required"] == []
        assert len(countries_named(golden["text"], entities)) >= 8, golden["id"]


def countries_named(text: str, entities: Entities) -> set[str]:
    words = {
        name: entity.key
        for entity in entities
        if entity.is_country
        for name in (entity.name, *entity.aliases, *entity.demonyms)
    }
    return {key for name, key in words.items() if re.search(rf"\b{re.escape(name)}\b", text)}


def test_the_sentences_name_known_countries_and_roots_once_each(codebook: Codebook, entities: Entities) -> None:
    assert len({row["id"] for row in DYADS}) == len({row["text"] for row in DYADS}) == len(DYADS) >= 300
    for row in DYADS:
        assert date.fromisoformat(row["published_at"])
        triples = [tuple(triple) for triple in row["gold"]]
        assert len(set(triples)) == len(triples)
        for source, root, target in triples:
            assert source != target
            assert root in codebook.roots
            assert all(entities.get(key) is not None and len(key) == 3 for key in (source, target))


def test_every_root_occurs_in_the_sentences_and_a_fifth_of_them_have_no_event(codebook: Codebook) -> None:
    roots = [root for row in DYADS for _, root, _ in row["gold"]]
    assert all(roots.count(root) >= 12 for root in codebook.roots)
    silent = sum(not row["gold"] for row in DYADS)
    assert 0.15 <= silent / len(DYADS) <= 0.3


EVENT = {
    "source": {"entity": "RUS", "sector": "GOV"},
    "target": {"entity": "AFG", "sector": None},
    "act": "recognise",
    "root": "SUPPORT",
    "status": "effective",
    "event_date": "2025-07-03",
    "precision": "day",
}


@pytest.mark.parametrize(
    "match",
    [
        {"source": "RUS", "act": "recognise", "effective": True, "date": "2025-07"},
        {"source": ["CHN", "RUS"], "target": "AFG", "source_sector": ["GOV", None]},
        {"root": ["SUPPORT", "AGREE"], "status": "effective", "precision": "day", "note": "anything"},
    ],
)
def test_a_match_fits_an_event_whose_every_field_holds(match: Match) -> None:
    assert fits(EVENT, match)


@pytest.mark.parametrize(
    "match",
    [
        {"source": "AFG"},
        {"act": ["sever_relations", "recall_ambassador"]},
        {"source": "RUS", "effective": False},
        {"source": "RUS", "date": "2025-08"},
        {"source": "RUS", "target_sector": "REB"},
    ],
)
def test_a_match_fits_no_event_that_differs_in_one_field(match: Match) -> None:
    assert not fits(EVENT, match)
