"""The table of publishers, and who owns what it lacks."""

import csv
from pathlib import Path

import pytest

import seeds
from entente.bootstrap.publishers import load_publishers
from entente.relations.publishers import KINDS, MEDIA, Publisher, Publishers
from tests.unit.seed_tables import KEYS

TABLE = load_publishers()


def table():
    with Path(next(iter(seeds.__path__)), "publishers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_has_a_known_kind_medium_and_country_and_an_owner():
    for row in table():
        assert row["kind"] in KINDS, row
        assert row["medium"] in MEDIA, row
        assert row["country"] in KEYS | {""}, row
        assert row["owner"] == row["owner"].strip() != "", row
        assert row["domain"] == row["domain"].lower(), row


def test_the_rows_are_in_order_of_domain():
    domains = [row["domain"] for row in table()]
    assert domains == sorted(set(domains))
    assert len(domains) > 150


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("RIA Novosti", "sputniknews.com"),
        ("Reuters", "https://www.reuters.com/world/"),
        ("Financial Times", "asia.nikkei.com"),
        ("The Guardian", "guardian.co.uk"),
        ("France 24", "RFI"),
        ("state.gov", "White House"),
        ("CCTV", "CGTN"),
        ("People's Daily", "Global Times"),
        ("fcdo.gov.uk", "www.gov.uk"),
        ("Example Herald", "  example   HERALD "),
        ("news.herald.example", "www.herald.example"),
    ],
)
def test_two_names_of_one_owner(one, other):
    assert TABLE.owner_of(one) == TABLE.owner_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reuters", "Associated Press"),
        ("The Guardian", "The Guardian (Nigeria)"),
        ("mea.gov.in", "ddnews.gov.in"),
        ("one.co.uk", "other.co.uk"),
        ("one.wordpress.com", "one.example"),
        ("reuters.com.evil.example", "reuters.com"),
        ("Reuters", "Reuters Fan Club"),
    ],
)
def test_two_owners(one, other):
    assert TABLE.owner_of(one) != TABLE.owner_of(other)


def test_an_unknown_host_is_owned_by_its_registrable_domain_and_an_unknown_name_by_itself():
    assert TABLE.owner_of("www.news.herald.co.uk") == "herald.co.uk"
    assert TABLE.owner_of("a.b.c.example") == "c.example"
    assert TABLE.owner_of("127.0.0.1") == "127.0.0.1"
    assert TABLE.owner_of("The Sample Wire") == "sample wire"


def test_a_publisher_is_one_of_those_allowed_under_any_of_its_names():
    assert TABLE.may_name(["Reuters"], "uk.reuters.com")
    assert TABLE.may_name(["herald.example"], "https://www.herald.example/a?b")
    assert TABLE.may_name(["*"], "whoever")
    assert not TABLE.may_name(["RIA Novosti"], "Sputnik"), "one owner, two publishers"
    assert not TABLE.may_name(["Reuters", "AP"], "AFP")


def test_two_rows_with_one_name_are_refused():
    row = Publisher("a.example", "A", "A", "wire", "agency", "", ("Herald",))
    with pytest.raises(ValueError, match=r"'herald' names both a\.example and b\.example"):
        Publishers([row, Publisher("b.example", "The Herald", "B", "wire", "agency", "")])
