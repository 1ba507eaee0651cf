"""Imported data over HTTP: series and scores beside ours."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from entente.bootstrap.formats import load_formats

FILES = Path(__file__).parent.parent / "imported"


@pytest.fixture
def imported(container: Container) -> None:
    for name, file in (("gdelt", "gdelt-2.tab"), ("icews", "icews.tab"), ("unga", "unga.csv")):
        with (FILES / file).open(newline="") as text:
            container.imports.run(load_formats()[name], file, file, text)


def test_a_data_set_has_its_own_series_and_scale(client: FlaskClient, imported: None) -> None:
    found = client.get("/v1/relations/USA/IRN/imported?as_of=2013-04-15").get_json()
    (gdelt,) = found["data_sets"]
    assert (gdelt["origin"], gdelt["scale"]) == ("gdelt", "Goldstein (GDELT)")
    march, april = gdelt["series"]
    assert (march["from"], march["to"], march["n"], march["n_reports"]) == ("2013-03-01", "2013-03-31", 1, 5)
    assert march["mean_intensity"] == -8.0
    assert march["score"]["net"] < april["score"]["net"] < 0
    assert client.get("/v1/relations/USA/IRN").get_json()["score"]["n_events"] == 0


def test_scores_of_a_pair_are_shown_in_both_directions_up_to_the_year(client: FlaskClient, imported: None) -> None:
    there, back = (client.get(f"/v1/relations/{pair}/imported").get_json() for pair in ("USA/RUS", "RUS/USA"))
    assert there["scores"] == back["scores"]
    assert {"origin": "unga", "name": "agree", "year": 2020, "value": 0.21} in there["scores"]
    assert client.get("/v1/relations/USA/RUS/imported?as_of=2019-12-31").get_json()["scores"] == []


def test_nothing_imported_is_an_empty_answer(client: FlaskClient) -> None:
    found = client.get("/v1/relations/USA/IRN/imported").get_json()
    assert (found["data_sets"], found["scores"]) == ([], [])


@pytest.mark.parametrize("query", ["from=2030-01-01", "interval=day&from=1990-01-01"])
def test_a_series_without_end_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/v1/relations/USA/IRN/imported?{query}")
    assert answer.status_code == 409
