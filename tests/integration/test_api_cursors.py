"""Forged cursors with a valid checksum, which holds no secret, are refused or harmless."""

import base64
import hashlib
import json

import pytest
from flask.testing import FlaskClient


def made(path: str, *parts: str) -> str:
    """A cursor of the unfiltered list at `path`, of these parts."""
    checksum = hashlib.sha256(json.dumps([path, parts, []]).encode()).hexdigest()[:16]
    return base64.urlsafe_b64encode(json.dumps([checksum, *parts]).encode()).decode().rstrip("=")


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize(
    ("path", "position"),
    [
        ("/v1/events", ("today", "x")),
        ("/v1/events", ("2025-01-01",)),
        ("/v1/events", ("9999-99-99", "x")),
        ("/v1/events", ("2025-01-01", "x", "y")),
        ("/v1/events", ("2025-01-01", "\ud800")),
        ("/v1/events", ("2025-01-01", "a\0b")),
        ("/v1/relations", ("AFG",)),
        ("/v1/relations", ("AFG", "RUS", "x")),
        ("/v1/relations", ("\ud800", "RUS")),
    ],
)
@pytest.mark.parametrize("way", ["next", "prev"])
def test_a_position_that_no_page_gave_is_no_page(
    reader: FlaskClient, path: str, position: tuple[str, ...], form: str, way: str
) -> None:
    answer = reader.get(path, query_string={"cursor": made(path, way, *position), "format": form})

    assert (answer.status_code, answer.get_json()["type"]) == (404, "/problems/unknown-page")


def test_a_way_that_is_neither_on_nor_back_is_no_page(reader: FlaskClient) -> None:
    sideways = made("/v1/relations", "\ud800", "AFG", "RUS")

    assert reader.get("/v1/relations", query_string={"cursor": sideways}).status_code == 404


def test_a_position_that_a_page_might_have_given_is_one(reader: FlaskClient) -> None:
    cursor = made("/v1/events", "next", "2025-07-03", "RUS.AFG.recognise.effective.2025-07-03")

    assert reader.get("/v1/events", query_string={"cursor": cursor}).status_code == 200
