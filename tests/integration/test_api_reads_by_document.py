"""Every GET of the OpenAPI document, on the API as it is run: HEAD, entity tags, and what the document says of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from entente.bootstrap.container import Container
from entente.services.ports.subscriptions import Wants
from entente.services.unsubscribing import unsubscribe_path

#: What is computed anew for each request, streamed, or a page of a link in an e-mail: these have no tag.
UNTAGGED = {
    *("/healthz", "/readyz", "/metrics", "/v1/changes/stream", "/v1/states", "/v1/panels"),
    "/v1/unsubscribe/{subscription_id}/{signature}",
}

#: Headers that differ between two answers to the same request, or tell of the connection and not of the answer.
OF_ONE_ANSWER = {"date", "x-request-id", "ratelimit", "ratelimit-policy", "connection", "transfer-encoding"}

#: Queries that a path needs.
NEEDED = {"/v1/relations/{source}/{target}/diff": "?from=2025-01-01", "/v1/panels": "?from=2025-06-01&source=RUS"}


@dataclass(frozen=True)
class Read:
    """A GET of the document: its path there, an address of it, and what the document says."""

    path: str
    address: str
    said: dict[str, Any]

    @property
    def headers(self) -> set[str]:
        return {name.lower() for name in self.said["responses"]["200"].get("headers", {})}


@pytest.fixture
def http(server: str, key: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, headers={"Authorization": f"Bearer {key}"}, timeout=30) as client:
        yield client


@pytest.fixture
def reads(http: httpx.Client, container: Container, recognition: str) -> list[Read]:
    """Every GET of the running server's document but the stream that has no end."""
    container.sources.add("demo")
    subscription = container.subscriptions.add("https://hooks.example/entente", Wants())
    ids = {
        "source": "RUS", "target": "AFG", "a": "RUS", "b": "AFG", "code": "AFG", "facet": "recognition",
        "article_id": recognition, "event_id": "RUS.AFG.recognise.effective.2025-07-03",
        "feed_id": container.feeds.add("https://news.example/feed").id, "subscription_id": subscription.id,
        "signature": unsubscribe_path(subscription).rpartition("/")[2],
    }  # fmt: skip
    document = http.get("/openapi.json").json()
    gets = {path: of["get"] for path, of in document["paths"].items() if "get" in of}
    assert len(gets) > 30
    return [
        Read(path, re.sub(r"\{(\w+)\}", lambda name: ids[name[1]], path) + NEEDED.get(path, ""), said)
        for path, said in gets.items()
        if path != "/v1/changes/stream"
    ]


def told(answer: httpx.Response) -> dict[str, str]:
    """The headers that tell of the answer."""
    return {name: value for name, value in answer.headers.items() if name not in OF_ONE_ANSWER}


def test_a_head_has_the_headers_of_the_get_and_no_body(http: httpx.Client, reads: list[Read]) -> None:
    for read in reads:
        get, head = http.get(read.address), http.head(read.address)
        assert (get.status_code, head.status_code, head.content) == (200, 200, b""), read.path
        if read.path == "/metrics":
            # What it counts has gone on.
            get.headers["content-length"] = head.headers["content-length"] = "0"
        assert told(head) == told(get), read.path


def test_every_read_that_is_kept_has_a_tag_and_the_document_says_so(http: httpx.Client, reads: list[Read]) -> None:
    for read in reads:
        tagged = "ETag" in http.get(read.address).headers
        assert tagged == (read.path not in UNTAGGED), read.path
        assert tagged == ("304" in read.said["responses"]) == ("etag" in read.headers), read.path


def test_who_has_it_gets_no_body_whatever_the_way_of_saying_so(http: httpx.Client, reads: list[Read]) -> None:
    for read in reads:
        if read.path in UNTAGGED:
            continue
        tag = http.get(read.address).headers["ETag"]
        for known in (tag, f"W/{tag}", f'"another", {tag}', "*"):
            for method in ("GET", "HEAD"):
                again = http.request(method, read.address, headers={"If-None-Match": known})
                assert (again.status_code, again.content) == (304, b""), (method, known, read.path)
                # `*` names no encoding: the tag of either is that of what the client has.
                assert again.headers["ETag"] in {tag, tag.replace(":gzip", "")}, (method, known, read.path)
        assert http.get(read.address, headers={"If-None-Match": '"another"'}).status_code == 200, read.path


def test_lists_that_are_only_added_to_tell_when_and_the_document_says_so(http: httpx.Client, reads: list[Read]) -> None:
    for read in reads:
        modified = http.get(read.address).headers.get("Last-Modified")
        if modified:
            assert parsedate_to_datetime(modified).year == 2025, read.path
            assert "last-modified" in read.headers, read.path
    dated = {read.path for read in reads if "last-modified" in read.headers}
    assert dated == {"/v1/changes", "/v1/changes.atom", "/v1/assertions"}


def test_links_to_other_pages_are_in_the_document_of_every_paged_list(http: httpx.Client, reads: list[Read]) -> None:
    for read in reads:
        if "Link" in http.get(f"{read.address}{'&' if '?' in read.address else '?'}limit=1").headers:
            assert "link" in read.headers, read.path


def test_the_document_tells_of_the_stream_of_events_and_of_where_it_begins(http: httpx.Client) -> None:
    path = http.get("/openapi.json").json()["paths"]["/v1/changes/stream"]
    stream = path["get"]
    asked = {parameter["name"]: parameter for parameter in [*path.get("parameters", []), *stream["parameters"]]}

    assert {"after", "Last-Event-ID"} <= set(asked)
    assert asked["after"]["schema"]["type"] == "integer"
    assert asked["after"]["description"]
    event = stream["responses"]["200"]["content"]["text/event-stream"]["x-itemSchema"]
    assert set(event["properties"]) == {"id", "event", "data"}
    with http.stream("GET", "/v1/changes/stream?after=0") as found:
        lines = (line for line in found.iter_lines() if line and not line.startswith((":", "retry:")))
        fields = dict(next(lines).partition(": ")[::2] for _ in range(3))
    assert set(fields) == set(event["properties"])
    assert re.fullmatch(event["properties"]["id"]["pattern"], fields["id"])
    assert fields["event"] in event["properties"]["event"]["enum"]
