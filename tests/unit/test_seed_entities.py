"""The hand-corrected tables of seeds/entities and seeds/actors: what a wrong row breaks must be said here first."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pycountry
import pytest

import seeds
from entente.relations.periods import Period

ROOT = Path(next(iter(seeds.__path__)))
ACTOR_FILES = ("groups.csv", "places.csv")


def rows(*path: str) -> list[dict[str, str]]:
    with ROOT.joinpath(*path).open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert all(None not in row and None not in row.values() for row in table), f"ragged row in {path}"
    return table


def listed(field: str) -> list[str]:
    return field.split("|") if field else []


COUNTRIES = rows("entities", "countries.csv")
BODIES = rows("entities", "organisations.csv")
KEYS = {row["key"]: row for row in (*COUNTRIES, *BODIES)}
ACTORS = [row for name in ACTOR_FILES for row in rows("actors", name)]
STATES = [row for row in COUNTRIES if row["kind"] == "state"]

#: States whose capital bears a name that is the state's own or an ordinary word: the bare name is no metonym.
NO_METONYM = {"DJI", "LUX", "MCO", "SMR", "SGP", "STP", "VAT", "SYC", "BEL"}


def names_of(row: dict[str, str]) -> Iterator[str]:
    yield row["name"]
    yield from listed(row.get("aliases", ""))
    yield from listed(row.get("demonyms", ""))


def span(row: dict[str, str]) -> tuple[date, date]:
    first = Period.parse(row["from"]).first if row["from"] else date.min
    return first, Period.parse(row["to"]).first if row["to"] else date.max


def overlap(one: dict[str, str], other: dict[str, str]) -> bool:
    (a, b), (c, d) = span(one), span(other)
    return a < d and c < b


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
    meant: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in (*COUNTRIES, *BODIES):
        for name in {n.casefold() for n in names_of(row)}:
            meant[name].append(row)
    clashes = {n: [r["key"] for r in found] for n, found in meant.items()
               if any(overlap(a, b) for i, a in enumerate(found) for b in found[i + 1 :])}  # fmt: skip
    assert clashes == {}


def test_no_name_in_the_actor_tables_has_two_readings_at_one_time() -> None:
    meant: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in ACTORS:
        for name in {row["name"], *listed(row["aliases"])}:
            meant[name].append(row)
    clashes = {n: [(r["entity"], r["from"]) for r in found] for n, found in meant.items()
               if any(overlap(a, b) for i, a in enumerate(found) for b in found[i + 1 :])}  # fmt: skip
    assert clashes == {}


@pytest.mark.parametrize(
    ("name", "day", "entity", "sector"),
    [
        ("Taliban", "1996-09-26", "TALIBAN", "REB"),
        ("Taliban", "1996-09-27", "AFG", "GOV"),
        ("Taliban", "2001-11-12", "AFG", "GOV"),
        ("Taliban", "2003-02-01", "TALIBAN", "REB"),
        ("Taliban", "2021-08-15", "AFG", "GOV"),
        ("Khmer Rouge", "1977-01-01", "KHM", "GOV"),
        ("Khmer Rouge", "1985-01-01", "KHMER-ROUGE", "REB"),
        ("Hayat Tahrir al-Sham", "2024-12-08", "SYR", "GOV"),
        ("Houthis", "2024-01-12", "HOUTHI", "REB"),
        ("Hamas", "2023-10-07", "HAMAS", "REB"),
        ("Palestinian Authority", "2012-11-29", "PSE", "GOV"),
        ("Rapid Support Forces", "2023-04-16", "RSF", "REB"),
        ("Kremlin", "2025-01-01", "RUS", "GOV"),
        ("Pentagon", "2025-01-01", "USA", "MIL"),
        ("Brussels", "2025-01-01", "EU", "GOV"),
        ("Bonn", "1985-05-05", "DEU", "GOV"),
        ("Saigon", "1970-01-01", "RVN", "GOV"),
        ("Kiev", "2025-01-01", "UKR", "GOV"),
        ("Geneva", "2025-01-01", "CHE", ""),
        ("Gaza", "2025-01-01", "PSE", ""),
        ("Washington Post", "2025-01-01", "", ""),
    ],
)
def test_a_name_means_what_it_meant_on_the_day(name: str, day: str, entity: str, sector: str) -> None:
    on = date.fromisoformat(day)
    found = [r for r in ACTORS if name in (r["name"], *listed(r["aliases"])) and span(r)[0] <= on < span(r)[1]]
    assert [(r["entity"], r["sector"]) for r in found] == [(entity, sector)]


def test_the_capital_of_every_state_is_among_the_places() -> None:
    known = {(r["entity"], n) for r in ACTORS for n in (r["name"], *listed(r["aliases"]))}
    missing = {r["key"] for r in STATES if (r["key"], r["capital"]) not in known}
    assert missing - NO_METONYM == set()


def test_roles_go_with_sectors_and_a_mere_place_has_none() -> None:
    assert {r["role"] for r in ACTORS} == {"group", "capital", "seat", "place"}
    assert [r["name"] for r in ACTORS if (r["role"] == "place") != (not r["sector"])] == []
    assert [r["name"] for r in ACTORS if not r["entity"] and r["role"] != "place"] == []


def test_a_name_that_stands_for_nobody_holds_the_name_of_somebody() -> None:
    somebody = {n for r in (*COUNTRIES, *BODIES) for n in names_of(r)}
    somebody |= {n for r in ACTORS if r["entity"] for n in (r["name"], *listed(r["aliases"]))}
    inside = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(somebody, key=len, reverse=True)))})(?!\w)")
    nobody = [r["name"] for r in ACTORS if not r["entity"]]
    assert nobody
    assert [name for name in nobody if name in somebody or not inside.search(name)] == []


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
