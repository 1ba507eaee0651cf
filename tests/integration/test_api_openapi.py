"""The OpenAPI document matches the routes, schemas and responses of the API."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.app import create_app
from entente.bootstrap.container import Container
from entente.services.ports.wants import Wants
from tests.conftest import ChosenClock
from tests.prove.figures import record, size

#: Examples an operation of the long run; 1,500 make more than ALL_REQUESTS.
EXAMPLES, ALL_REQUESTS = size("ENTENTE_PROVE_EXAMPLES", 4, 1500), 50_000

#: Paths that are for people and machines that read the document itself.
#: So are the pages of the dashboard, which docs/dashboard.md describes.
#: /metrics speaks the format of Prometheus; docs/monitoring.md documents it.
UNDOCUMENTED = {
    "/openapi.json",
    "/docs",
    "/metrics",
    "/problems",
    "/problems/<name>",
    "/static/<path:filename>",
}


@pytest.fixture
def document(client: FlaskClient) -> Any:
    answer = client.get("/openapi.json")
    assert answer.content_type == "application/json"
    return answer.get_json()


def test_every_route_is_documented_with_its_methods_and_a_sentence(app: Flask, document: Any) -> None:
    served: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        if rule.rule not in UNDOCUMENTED and not rule.endpoint.startswith("dashboard."):
            methods = {method.lower() for method in rule.methods or ()} - {"head", "options"}
            served.setdefault(re.sub(r"<(\w+)>", r"{\1}", rule.rule), set()).update(methods)

    documented = {path: {m for m in operations if m != "parameters"} for path, operations in document["paths"].items()}

    assert document["openapi"] == "3.1.0"
    assert documented == served
    names: list[str] = []
    for path, methods in documented.items():
        for method in methods:
            operation = document["paths"][path][method]
            assert operation["summary"].endswith("."), path
            names.append(operation["operationId"])
            assert operation["responses"]["default"] == {"$ref": "#/components/responses/DEFAULT_ERROR"}
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere(document: Any) -> None:
    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if "$ref" in node else set()
            return own.union(*(references(member) for member in node.values()))
        return set().union(*(references(member) for member in node)) if isinstance(node, list) else set()

    for reference in references(document):
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def test_the_facets_and_acts_of_the_codebook_are_listed(document: Any, container: Container) -> None:
    facets = document["components"]["schemas"]["Facets"]
    assert facets["required"] == list(container.codebook.facets)
    (known,) = (p for p in document["paths"]["/v1/events"]["get"]["parameters"] if p["name"] == "act")
    assert known["schema"]["items"]["enum"] == sorted(container.codebook.acts)


def test_an_error_is_documented_as_a_problem(document: Any) -> None:
    for name, response in document["components"]["responses"].items():
        if name != "NOT_MODIFIED":
            assert list(response["content"]) == ["application/problem+json"], name


def test_the_document_is_valid_openapi(document: Any) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_the_document_is_the_same_on_every_day(container: Container) -> None:
    def served(day: datetime) -> bytes:
        return create_app(Container(container.settings, ChosenClock(day))).test_client().get("/openapi.json").data

    assert served(datetime(2025, 7, 4, tzinfo=UTC)) == served(datetime(2031, 2, 28, tzinfo=UTC))


def test_every_parameter_is_plain_and_every_list_names_its_items(document: Any) -> None:
    def schemas(node: Any) -> Iterator[Any]:
        if isinstance(node, dict):
            yield node
            for member in node.values():
                yield from schemas(member)
        elif isinstance(node, list):
            for member in node:
                yield from schemas(member)

    for path, operations in document["paths"].items():
        for operation in (one for one in operations.values() if isinstance(one, dict)):
            named = [parameter["schema"].get("type") for parameter in operation.get("parameters", ())]
            assert "object" not in named, path
    for schema in schemas(document):
        if schema.get("type") == "array":
            assert schema.get("items"), schema


def test_a_list_of_relations_documents_source_target_and_known_at_apart(document: Any) -> None:
    given = {p["name"]: p for p in document["paths"]["/v1/relations"]["get"]["parameters"]}

    assert {"source", "target", "known_at", "as_of"} <= set(given)
    assert not any(given[name]["required"] for name in given)
    assert "Needs `source` or `target`" in given["known_at"]["description"]


def test_the_server_and_who_needs_a_key_are_declared(document: Any) -> None:
    assert document["servers"] == [{"url": "/", "description": "The server that this document came from"}]
    assert document["security"] == [{"key": []}, {}]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            declared = operation.get("security", document["security"])
            if path.startswith(("/v1/webhooks/", "/v1/unsubscribe/")) or not path.startswith("/v1/"):
                assert declared == [], path
            elif method == "get" and path.split("/")[2] not in ("keys", "sources", "feeds", "subscriptions"):
                assert declared == [{"key": []}, {}], path
            elif path != "/v1/code":
                assert declared == [{"key": []}], path


def test_the_stream_documents_its_events_and_where_it_starts(document: Any) -> None:
    stream = document["paths"]["/v1/changes/stream"]
    events = stream["get"]["responses"]["200"]["content"]["text/event-stream"]["x-itemSchema"]

    assert [p["name"] for p in (*stream["parameters"], *stream["get"]["parameters"])] == [
        "Last-Event-ID",
        "after",
        "unconfirmed",
    ]
    assert events["properties"]["data"]["contentSchema"] == {"$ref": "#/components/schemas/Change"}
    assert events["properties"]["event"]["enum"] == ["facet", "retraction", "correction"]


@pytest.mark.parametrize("path", ["/v1/events", "/v1/relations"])
def test_the_columns_of_a_table_are_documented(document: Any, client: FlaskClient, path: str) -> None:
    told = document["paths"][path]["get"]["responses"]["200"]["content"]["application/x-ndjson"]["x-itemSchema"]
    header = client.get(f"{path}?format=csv").get_data(as_text=True).splitlines()[0]

    assert header.split(",") == told["required"]
    assert set(told["required"]) == set(told["properties"])


def schemathesis(server: str, directory: Path, *options: str) -> int:
    """Run every check of schemathesis in every phase; how many requests it made. Fails with its report."""
    # The document is made at the first request for it, which on a busy machine takes longer than schemathesis waits.
    requests.get(f"{server}/openapi.json", timeout=120).raise_for_status()
    command = [Path(sys.executable).with_name("st"), "run", f"{server}/openapi.json", "--checks", "all", *options]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.integration.schemathesis_hooks", "PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run(
        [*command, "--output-truncate", "true"],
        cwd=directory,
        env=os.environ | hooks,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    made = re.search(r"(\d+) generated, \1 passed", run.stdout)
    assert made, run.stdout[-2000:]
    return int(made[1])


def test_no_request_that_the_document_allows_or_forbids_is_answered_otherwise(
    server: str, container: Container, key: str, tmp_path: Path
) -> None:
    container.sources.add("demo")
    # Not by `--header`, which would also be sent where it tries what happens without a key.
    (tmp_path / "schemathesis.toml").write_text(f'[auth.openapi.key]\nbearer = "{key}"\n')

    # The phase that is left out takes minutes, and more examples an operation do: the long proof below has them.
    phases = ("--phases", "examples,fuzzing,stateful")
    assert schemathesis(server, tmp_path, *phases, "--max-examples", "4", "--seed", "1") > 300


#: The paths of what has an id, of which there are few whose id can be guessed.
BY_ID = "/v1/(articles|events|feeds|subscriptions|webhooks)/\\{.*"


@pytest.fixture
def known_ids(container: Container, recognition: str, tmp_path: Path) -> None:
    """What has an id, and in the directory that schemathesis runs in the settings that tell it those ids."""
    container.sources.add("demo")
    ids = {
        "article_id": recognition,
        "event_id": "RUS.AFG.recognise.effective.2025-07-03",
        "feed_id": container.feeds.add("https://news.example/feed").id,
        "subscription_id": container.subscriptions.add("https://hooks.example/entente", Wants()).id,
        "source": "demo",
    }
    settings = "".join(f'"path.{name}" = "{id}"\n' for name, id in ids.items())
    (tmp_path / "schemathesis.toml").write_text(f"[parameters]\n{settings}")


def test_no_request_for_what_is_there_is_answered_otherwise(
    server: str, known_ids: None, key: str, tmp_path: Path
) -> None:
    options = ("--header", f"Authorization: Bearer {key}", "--include-path-regex", BY_ID)

    assert schemathesis(server, tmp_path, *options, "--max-examples", "3", "--seed", "1") > 100


def test_summaries_are_plain_text(empty_client: FlaskClient) -> None:
    paths = empty_client.get("/openapi.json").get_json()["paths"]
    told = [o["summary"] for operations in paths.values() for o in operations.values() if isinstance(o, dict)]

    assert told
    assert not [summary for summary in told if "`" in summary]


@pytest.mark.prove
def test_generated_requests_cause_no_server_error_and_no_surprise(
    server: str, container: Container, key: str, tmp_path: Path
) -> None:
    container.sources.add("demo")
    # Not by `--header`: see above.
    (tmp_path / "schemathesis.toml").write_text(f'[auth.openapi.key]\nbearer = "{key}"\n')

    # One worker: hypothesis's cache of lambdas is not safe for the threads of several.
    made = schemathesis(server, tmp_path, "--max-examples", str(EXAMPLES))

    record(
        "10",
        "no request that the OpenAPI document allows or forbids causes a server error",
        figure=f"schemathesis, all checks and phases: {made:,} requests, 0 failures",
        aim=f"0 in {ALL_REQUESTS:,}",
        held=True,
        full=made >= ALL_REQUESTS,
    )
    assert made > EXAMPLES
