"""Every read that is worth keeping can be asked for again by its tag, and every GET has a HEAD."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from entente.services.ports.subscriptions import Wants
from tests.integration.conftest import RECOGNITION

#: What is computed anew for each request, or is no resource of the API.
UNTAGGED = {"/healthz", "/readyz", "/metrics", "/", "/docs", "/v1/changes/stream", "/problems", "/problems/<name>"}

#: Tables that are streamed, and pages of links in e-mails: the same holds of them, and they need parameters.
UNTAGGED_TABLES = {"/v1/states", "/v1/panels", "/v1/unsubscribe/<subscription_id>/<signature>"}


@pytest.fixture
def paths(app: Flask, container: Container, recognition: str) -> list[str]:
    """Every path that is read, with ids of what is there."""
    container.sources.add("demo")
    ids = {
        "article_id": recognition,
        "event_id": "RUS.AFG.recognise.effective.2025-07-03",
        "feed_id": container.feeds.add("https://news.example/feed").id,
        "subscription_id": container.subscriptions.add("https://hooks.example/entente", Wants()).id,
        "source": "RUS", "target": "AFG", "a": "RUS", "b": "AFG", "code": "AFG", "name": "denied",
        "filename": "docs.js", "facet": "recognition", "signature": "none",
    }  # fmt: skip
    asked = {"/v1/relations/<source>/<target>/diff": "?from=2025-01-01"}
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return [
        re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids[found[1]], rule.rule) + asked.get(rule.rule, "")
        for rule in rules
        if rule.rule not in UNTAGGED | UNTAGGED_TABLES and not rule.endpoint.startswith("dashboard")
    ]


def test_every_read_has_a_tag_that_is_good_for_a_304(client: FlaskClient, paths: list[str]) -> None:
    assert len(paths) > 20
    for path in paths:
        with client.get(path) as first:
            assert first.status_code == 200, path
            tag = first.headers.get("ETag")
        assert tag, path
        with client.get(path, headers={"If-None-Match": tag}) as again:
            assert (again.status_code, again.headers["ETag"]) == (304, tag), path


def test_every_get_has_a_head_with_the_same_headers_and_no_body(client: FlaskClient, paths: list[str]) -> None:
    untagged = [path.replace("<name>", "denied") for path in UNTAGGED - {"/", "/v1/changes/stream", "/metrics"}]
    for path in [*paths, *untagged]:
        with client.get(path) as get, client.head(path) as head:
            assert (head.status_code, head.data) == (get.status_code, b""), path
            for name in ("Content-Type", "Content-Length", "ETag", "Link", "Last-Modified", "Vary"):
                assert head.headers.get(name) == get.headers.get(name), (path, name)


def test_a_head_of_the_stream_ends_and_takes_no_place(client: FlaskClient) -> None:
    for _ in range(20):
        answer = client.head("/v1/changes/stream")
        assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/event-stream", b"")


def test_a_list_has_another_tag_once_it_has_another_row(client: FlaskClient, told: Callable[..., Any]) -> None:
    before = client.get("/v1/changes")
    told(RECOGNITION)
    after = client.get("/v1/changes", headers={"If-None-Match": before.headers["ETag"]})

    assert (before.get_json()["changes"], after.status_code) == ([], 200)
    assert after.get_json()["changes"]


def test_lists_that_are_only_added_to_tell_when_their_last_row_was_recorded(
    client: FlaskClient, recognition: str
) -> None:
    withdrawal = {"author": "A. Nalyst", "reason": "A misprint."}
    client.post("/v1/events/RUS.AFG.recognise.effective.2025-07-03/withdraw", json=withdrawal)

    for path, rows in (("/v1/changes", "changes"), ("/v1/assertions", "assertions")):
        answer = client.get(path)
        last = datetime.fromisoformat(answer.get_json()[rows][-1]["recorded_at"])
        assert parsedate_to_datetime(answer.headers["Last-Modified"]) == last.astimezone(UTC).replace(microsecond=0)
    assert "Last-Modified" not in client.get("/v1/changes?after=1000").headers


def test_a_full_page_of_changes_links_the_next_also_where_it_is_known(client: FlaskClient, recognition: str) -> None:
    page = client.get("/v1/changes?limit=1")
    known = client.get("/v1/changes?limit=1", headers={"If-None-Match": page.headers["ETag"]})

    assert page.headers["Link"] == known.headers["Link"] == '</v1/changes?after=1&limit=1>; rel="next"'
    assert known.status_code == 304
