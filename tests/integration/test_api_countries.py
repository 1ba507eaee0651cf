"""Countries and other entities over HTTP."""

import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container


def test_every_entity_is_listed_countries_first(empty_client: FlaskClient, container: Container) -> None:
    listed = empty_client.get("/v1/countries").get_json()["countries"]

    assert len(listed) == len(container.entities)
    kinds = [entity["status"] in ("state", "contested", "territory") for entity in listed]
    assert kinds == sorted(kinds, reverse=True)


@pytest.mark.parametrize(
    ("code", "key", "status", "claimed_by"),
    [
        ("fr", "FRA", "state", None),
        ("Taiwan", "TWN", "contested", "CHN"),
        ("Palestine", "PSE", "contested", "ISR"),
        ("Kosovo", "XKX", "contested", "SRB"),
        ("Somaliland", "XSL", "contested", "SOM"),
        ("USSR", "RUS", "state", None),
        ("EU", "EU", "organisation", None),
        ("cow:2", "USA", "state", None),
        ("Q142", "FRA", "state", None),
    ],
)
def test_a_code_or_name_finds_its_entity(
    empty_client: FlaskClient, code: str, key: str, status: str, claimed_by: str | None
) -> None:
    answer = empty_client.get(f"/v1/countries/{code}")

    shown = answer.get_json()
    assert (shown["key"], shown["status"], shown["claimed_by"]) == (key, status, claimed_by)
    assert answer.headers["Content-Location"] == f"/v1/countries/{key}"


def test_a_country_shows_its_code_in_every_scheme(empty_client: FlaskClient) -> None:
    france = empty_client.get("/v1/countries/FRA").get_json()

    assert france["codes"] == {
        "iso3": "FRA",
        "iso2": "FR",
        "numeric": "250",
        "cow": "FRN",
        "cow_number": "220",
        "gw": "FRN",
        "gw_number": "220",
        "fips": "FR",
        "cameo": "FRA",
        "wikidata": "Q142",
    }
    assert france["capital"] == "Paris"


@pytest.mark.parametrize("path", ["/v1/countries", "/v1/countries/FRA", "/v1/codebook"])
def test_who_has_the_list_already_gets_304(empty_client: FlaskClient, path: str) -> None:
    tag = empty_client.get(path).headers["ETag"]

    again = empty_client.get(path, headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("code", ["%00", "%ff", "..", "iso3:", ":", "x" * 3000, "\U0001f600"])
def test_what_names_no_country_is_not_found(empty_client: FlaskClient, code: str) -> None:
    assert empty_client.get(f"/v1/countries/{code}").status_code == 404


@pytest.mark.parametrize(
    ("wanted", "language", "name"),
    [
        ("fr", "fr", "Allemagne"),
        ("de-AT,en;q=0.5", "de-AT", "Deutschland"),
        ("xx, es;q=0.8, fr;q=0.9", "fr", "Allemagne"),
        ("zh-TW", "zh-Hant-TW", "德國"),
        ("en-GB", "en-GB", "Germany"),
        ("klingon", "en", "Germany"),
        ("fr;q=0", "en", "Germany"),
        ("", "en", "Germany"),
    ],
)
def test_countries_are_named_in_the_readers_language(
    client: FlaskClient, wanted: str, language: str, name: str
) -> None:
    answer = client.get("/v1/countries/DEU", headers={"Accept-Language": wanted})

    assert (answer.headers["Content-Language"], answer.get_json()["name"]) == (language, name)
    assert answer.get_json()["english_name"] == "Germany"
    assert "Accept-Language" in answer.headers["Vary"]
    every = client.get("/v1/countries", headers={"Accept-Language": wanted}).get_json()["countries"]
    assert name in {country["name"] for country in every}


def test_what_no_dictionary_names_keeps_its_name(client: FlaskClient) -> None:
    for code in ("XSL", "NATO"):
        country = client.get(f"/v1/countries/{code}", headers={"Accept-Language": "fr"}).get_json()
        assert country["name"] == country["english_name"]
