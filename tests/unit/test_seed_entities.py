"""seeds/entities: checks of the hand-corrected tables."""

import re
from collections import Counter

import pycountry
import pytest

from tests.unit.seed_tables import ACTORS, BODIES, COUNTRIES, KEYS, STATES, clashes, listed, names_of, span


def test_every_iso_3166_entry_is_there_with_its_three_codes() -> None:
    theirs = {(c.alpha_3, c.alpha_2, c.numeric) for c in pycountry.countries}
    # XK and XKX are user-assigned: in wide use for Kosovo, but no entry of the standard.
    ours = {(r["iso3"], r["iso2"], r["numeric"]) for r in COUNTRIES if r["iso3"] and r["key"] != "XKX"}
    assert ours == theirs


def test_the_key_of_an_iso_entry_is_its_alpha_3_code_and_no_other_key_looks_like_one() -> None:
    taken = {c.alpha_3 for c in pycountry.countries}
    assert [r["key"] for r in COUNTRIES if r["iso3"] and r["iso3"] != r["key"]] == []
    assert [r["key"] for r in (*COUNTRIES, *BODIES) if not r.get("iso3") and r["key"] in taken] == []


def test_no_two_entities_share_a_key() -> None:
    assert [key for key, n in Counter(r["key"] for r in (*COUNTRIES, *BODIES)).items() if n > 1] == []


@pytest.mark.parametrize("scheme", ["iso2", "iso3", "numeric", "cow", "gw", "fips", "cameo", "wikidata"])
def test_a_code_stands_for_one_country(scheme: str) -> None:
    parts = [part for r in COUNTRIES if r[scheme] for part in r[scheme].split("|")]
    assert [code for code, n in Counter(parts).items() if n > 1] == []


@pytest.mark.parametrize(
    ("scheme", "form"),
    [
        ("iso2", "[A-Z]{2}"),
        ("numeric", r"\d{3}"),
        ("cow", r"[A-Z]{3}\|\d{1,3}"),
        ("gw", r"[A-Z]{3}\|\d{1,3}"),
        ("fips", "[A-Z]{2}"),
        ("cameo", "[A-Z]{3}"),
        ("wikidata", r"Q\d+"),
    ],
)
def test_codes_have_the_form_of_their_scheme(scheme: str, form: str) -> None:
    assert [(r["key"], r[scheme]) for r in COUNTRIES if r[scheme] and not re.fullmatch(form, r[scheme])] == []


def test_all_193_members_of_the_un_and_the_holy_see_are_states_with_every_code() -> None:
    assert len(STATES) == 194
    schemes = ("fips", "cameo", "wikidata", "cow", "gw")
    missing = [(r["key"], s) for r in STATES for s in schemes if not r[s]]
    # The Holy See is in neither list of the state system.
    assert missing == [("VAT", "cow"), ("VAT", "gw")]


def test_every_state_has_an_official_name_a_capital_and_a_demonym() -> None:
    wanted = ("official_name", "capital", "demonyms")
    assert [(r["key"], field) for r in STATES for field in wanted if not r[field]] == []


def test_no_organisation_or_group_has_a_key_that_is_a_three_letter_country_code() -> None:
    taken = {r[s].split("|")[0] for r in COUNTRIES for s in ("key", "iso3", "cow", "gw", "cameo") if r[s]}
    assert [r["key"] for r in BODIES if r["key"] in taken] == []


def test_kinds_are_those_of_the_codebook() -> None:
    assert {r["kind"] for r in COUNTRIES} == {"state", "contested", "territory", "historic"}
    assert {r["kind"] for r in BODIES} == {"organisation", "group"}


def test_a_contested_entity_says_by_whom_and_a_historic_one_what_came_after_it() -> None:
    assert [r["key"] for r in COUNTRIES if r["kind"] == "contested" and not r["claimed_by"]] == []
    historic = [r for r in COUNTRIES if r["kind"] == "historic"]
    assert [r["key"] for r in historic if not (r["successor"] and r["from"] and r["to"])] == []
    assert [r["key"] for r in COUNTRIES if r["successor"] and r["kind"] != "historic"] == []


def test_every_key_that_is_referred_to_exists() -> None:
    links = [(r["key"], r.get(f, "")) for r in (*COUNTRIES, *BODIES) for f in ("claimed_by", "successor", "home")]
    links += [(r["name"], r["entity"]) for r in ACTORS]
    assert [(who, key) for who, key in links if key and key not in KEYS] == []


def test_dates_are_dates_and_run_forwards() -> None:
    assert [r for r in (*COUNTRIES, *BODIES, *ACTORS) if span(r)[0] >= span(r)[1]] == []


def test_names_are_clean() -> None:
    dirty = re.compile(r"^\s|\s$|\s\s|^$|^\W+$")
    found = [(r["name"], n) for r in (*COUNTRIES, *BODIES, *ACTORS) for n in names_of(r) if dirty.search(n)]
    assert found == []
    lists = [(r["name"], f) for r in (*COUNTRIES, *BODIES, *ACTORS) for f in ("aliases", "demonyms")
             if len(set(listed(r.get(f, "")))) < len(listed(r.get(f, "")))]  # fmt: skip
    assert lists == []


def test_no_name_means_two_countries_or_bodies_at_one_time() -> None:
    assert clashes((*COUNTRIES, *BODIES), str.casefold) == {}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Congo-Brazzaville", "COG"),
        ("DR Congo", "COD"),
        ("Congolese", "COD"),
        ("Guinean", "GIN"),
        ("Bissau-Guinean", "GNB"),
        ("Equatorial Guinean", "GNQ"),
        ("Papua New Guinean", "PNG"),
        ("Nigerien", "NER"),
        ("Nigerian", "NGA"),
        ("Dominican", "DOM"),
        ("Dominica", "DMA"),
        ("North Korean", "PRK"),
        ("South Korean", "KOR"),
        ("Chinese", "CHN"),
        ("Taiwanese", "TWN"),
        ("South Sudanese", "SSD"),
        ("Sudanese", "SDN"),
        ("American Samoan", "ASM"),
        ("Samoan", "WSM"),
        ("Turkish Cypriot", "XNC"),
        ("Burma", "MMR"),
        ("West German", "DEU"),
        ("East German", "DDR"),
        ("Soviet", "SUN"),
        ("Rhodesia", "ZWE"),
        ("U.S.", "USA"),
    ],
)
def test_names_that_are_easily_confused_are_told_apart(name: str, key: str) -> None:
    assert [r["key"] for r in COUNTRIES if name in set(names_of(r))] == [key]


def test_no_country_name_is_a_lower_case_word() -> None:
    assert [n for r in COUNTRIES for n in names_of(r) if n == n.lower()] == []
