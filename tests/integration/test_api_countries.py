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
    ("code", "key", "status"),
    [
        ("fr", "FRA", "state"),
        ("Taiwan", "TWN", "contested"),
        ("Palestine", "PSE", "contested"),
        ("Kosovo", "XKX", "contested"),
        ("Somaliland", "XSL", "contested"),
        ("USSR", "RUS", "state"),
        ("EU", "EU", "organisation"),
        ("cow:2", "USA", "state"),
        ("Q142", "FRA", "state"),
    ],
)
def test_a_code_or_name_finds_its_entity(empty_client: FlaskClient, code: str, key: str, status: str) -> None:
    answer = empty_client.get(f"/v1/countries/{code}")

    assert (answer.get_json()["key"], answer.get_json()["status"]) == (key, status)
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
