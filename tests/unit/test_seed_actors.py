"""Groups, capitals, seats and places of seeds/actors: who a name stands for, and when."""

import re
from datetime import date

import pytest

from tests.unit.seed_tables import ACTORS, BODIES, COUNTRIES, STATES, clashes, listed, names_of, span

#: States whose capital bears a name that is the state's own or an ordinary word: the bare name is no metonym.
NO_METONYM = {"DJI", "LUX", "MCO", "SMR", "SGP", "STP", "VAT", "SYC", "BEL"}


def test_no_name_has_two_readings_at_one_time() -> None:
    assert clashes(ACTORS, str) == {}


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
    assert {r["sector"] for r in ACTORS} == {"GOV", "MIL", "LEG", "SPY", "PTY", "REB", "UAF", "CVL", ""}
    assert [r["name"] for r in ACTORS if (r["role"] == "place") != (not r["sector"])] == []
    assert [r["name"] for r in ACTORS if not r["entity"] and r["role"] != "place"] == []


def test_a_name_that_stands_for_nobody_holds_the_name_of_somebody() -> None:
    somebody = {n for r in (*COUNTRIES, *BODIES) for n in names_of(r)}
    somebody |= {n for r in ACTORS if r["entity"] for n in (r["name"], *listed(r["aliases"]))}
    inside = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(somebody, key=len, reverse=True)))})(?!\w)")
    nobody = [r["name"] for r in ACTORS if not r["entity"]]
    assert nobody
    assert [name for name in nobody if name in somebody or not inside.search(name)] == []
