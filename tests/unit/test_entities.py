"""Look-up of entities by key, code or name, and suggestions for misspellings."""

import pytest

from entente.bootstrap.seeds import load_entities
from entente.relations.errors import UnknownEntity

ENTITIES = load_entities()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("RUS", "RUS"),
        ("ru", "RUS"),
        ("643", "RUS"),
        ("UKG", "GBR"),
        ("gw:365", "RUS"),
        ("cow:2", "USA"),
        ("fips:AU", "AUT"),
        ("iso2:AU", "AUS"),
        ("AU", "AU"),
        ("Q889", "AFG"),
        ("afghanistan", "AFG"),
        ("USSR", "RUS"),
        ("Taiwan", "TWN"),
        ("Palestine", "PSE"),
        ("Kosovo", "XKX"),
        ("Somaliland", "XSL"),
        ("European Union", "EU"),
    ],
)
def test_a_country_is_found_by_any_code_or_name(text, key):
    assert ENTITIES.resolve(text).key == key


def test_a_typing_error_is_answered_with_the_nearest_names():
    with pytest.raises(UnknownEntity) as caught:
        ENTITIES.resolve("Afghanistn")
    assert ("AFG", "Afghanistan") in caught.value.nearest


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Russai", "RUS"),
        ("Frnce", "FRA"),
        ("Guineaa", "GIN"),
        ("North Corea", "PRK"),
        ("Eropean Union", "EU"),
        ("Hizbulah", "HEZBOLLAH"),
        ("Timor", "TLS"),
    ],
)
def test_the_most_likely_comes_first(text, first):
    with pytest.raises(UnknownEntity) as caught:
        ENTITIES.resolve(text)
    assert caught.value.nearest[0][0] == first
    assert not caught.value.is_ambiguous


@pytest.mark.parametrize("text", ["Atlantis", "Mordor", "XX", "Zzyzx"])
def test_what_looks_like_nothing_is_answered_with_no_name(text):
    with pytest.raises(UnknownEntity, match="nothing is called nearly so") as caught:
        ENTITIES.resolve(text)
    assert caught.value.nearest == ()


@pytest.mark.parametrize(
    ("text", "keys"), [("Korea", {"KOR", "PRK"}), ("virgin islands", {"VGB", "VIR"}), ("Saint", {"KNA", "LCA", "VCT"})]
)
def test_a_name_that_several_countries_share_is_answered_with_all_of_them(text, keys):
    with pytest.raises(UnknownEntity, match="say which") as caught:
        ENTITIES.resolve(text)
    assert caught.value.is_ambiguous
    assert keys <= {key for key, _ in caught.value.nearest}


@pytest.mark.parametrize("text", ["", "   ", "cow:", "nosuch:RUS", "\x00", "x" * 100_000])
def test_nonsense_is_unknown_and_nothing_worse(text):
    with pytest.raises(UnknownEntity):
        ENTITIES.resolve(text)


def test_contested_entities_say_who_claims_them():
    for key in ("TWN", "XKX", "ESH"):
        entity = ENTITIES.get(key)
        assert entity is not None
        assert (entity.kind, bool(entity.claimed_by), entity.is_country) == ("contested", True, True)
