"""A real Prometheus scrapes the running stack; every query of the dashboard and every rule is evaluated by it."""

import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from tests.processes import until
from tests.running_stack import up

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "alerts.yml"

pytestmark = pytest.mark.skipif(
    not (shutil.which("prometheus") and shutil.which("promtool")), reason="no Prometheus: apt install prometheus"
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def queries() -> list[str]:
    dashboard = json.loads((DEPLOY / "grafana" / "entente.json").read_text(encoding="utf-8"))
    found = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
    return [query.replace("$__rate_interval", "1m") for query in found]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A stack that serves all its metrics, has coded an article and served its relation: where its parts serve them."""
    data_dir = tmp_path_factory.mktemp("stack")
    ports = {part: free_port() for part in ("worker", "fetcher", "deliverer", "beat")}
    with up(data_dir, **{f"ENTENTE_{part.upper()}_METRICS_PORT": str(port) for part, port in ports.items()}) as (
        _,
        places,
    ):
        api = places["api"].removesuffix("/v1").removeprefix("http://")
        token = Container(Settings.from_env({"ENTENTE_DATA_DIR": str(data_dir)})).keys.add("t", ["ingest"]).token
        sent = requests.post(
            f"http://{api}/v1/articles",
            json={"source": "Wire", "text": "Japan imposed sanctions on Belarus on Tuesday."},
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )
        until(lambda: requests.get(f"http://{api}{sent.headers['Location']}", timeout=60).json()["status"] == "coded")
        for _ in range(2):
            requests.get(f"http://{api}/v1/relations/JPN/BLR", timeout=60).raise_for_status()
        yield {"entente-api": api} | {f"entente-{part}": f"127.0.0.1:{port}" for part, port in ports.items()}


@pytest.fixture(scope="module")
def prometheus(stack: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a Prometheus that has scraped every part a few times."""
    place, port = tmp_path_factory.mktemp("prometheus"), free_port()
    jobs = [{"job_name": job, "static_configs": [{"targets": [target]}]} for job, target in stack.items()]
    # JSON is YAML.
    every = {"scrape_interval": "2s", "evaluation_interval": "2s"}
    config = {"global": every, "rule_files": [str(RULES)], "scrape_configs": jobs}
    (place / "prometheus.yml").write_text(json.dumps(config), encoding="utf-8")
    process = subprocess.Popen(
        [
            "prometheus",
            *("--config.file", str(place / "prometheus.yml"), "--storage.tsdb.path", str(place / "data")),
            *("--web.listen-address", f"127.0.0.1:{port}", "--log.level", "error"),
        ],
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: len(asked(url, 'count_over_time(up{job=~"entente-.*"}[1m]) >= 3')) == 5, 60)
        yield url
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(30)


def asked(url: str, query: str) -> list[Any]:
    """The series that answer a query; none while the server starts."""
    try:
        answer = requests.get(f"{url}/api/v1/query", params={"query": query}, timeout=60)
    except requests.ConnectionError:
        return []
    if answer.status_code == 503:
        return []
    told = answer.json()
    assert told["status"] == "success", f"{query}: {told}"
    found: list[Any] = told["data"]["result"]
    return found


@pytest.mark.parametrize(
    "checked",
    [("check", "rules", "alerts.yml"), ("check", "config", "prometheus.yml"), ("test", "rules", "alerts_test.yml")],
)
def test_the_rules_and_the_configuration_are_valid(checked: tuple[str, str, str]) -> None:
    verb, kind, name = checked
    done = subprocess.run(
        ["promtool", verb, kind, str(RULES.with_name(name))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_each_part_serves_is_well_formed(stack: dict[str, str]) -> None:
    for target in stack.values():
        text = requests.get(f"http://{target}/metrics", timeout=60).content
        done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
        assert done.returncode in (0, 3), done.stderr  # 3: remarks on style
        assert b"error" not in done.stderr


def test_every_part_is_scraped(prometheus: str) -> None:
    assert {(series["metric"]["job"], series["value"][1]) for series in asked(prometheus, "up")} == {
        ("entente-api", "1"),
        ("entente-worker", "1"),
        ("entente-fetcher", "1"),
        ("entente-deliverer", "1"),
        ("entente-beat", "1"),
    }


def test_every_query_of_the_dashboard_is_answered(prometheus: str) -> None:
    empty = [query for query in queries() if not asked(prometheus, query)]
    # What has not happened in this stack: no feed, no subscription, no page, nothing queued again or to be retracted.
    happened_not = ("feed", "subscription", "delivery", "page", "articles_requeued", "retraction_proposals")
    absent = [f"entente_{name}" for name in happened_not]
    assert [query for query in empty if not any(name in query for name in absent)] == []


def test_the_article_is_seen_by_every_part(prometheus: str) -> None:
    for query in (
        'sum(entente_articles_received_total{job="entente-api"}) == 1',
        'sum(entente_article_outcomes_total{job="entente-worker",outcome="coded"}) == 1',
        'sum(entente_events_coded_total{root="SANCTION"}) == 1',
        'sum(entente_coding_seconds_count{job="entente-worker"}) == 1',
        'sum(entente_tasks_sent_total{job="entente-beat"}) > 3',
        'sum(entente_tasks_total{job="entente-worker",state="SUCCESS"}) > 3',
        "sum(entente_part_up) == 3",
    ):
        assert asked(prometheus, query), query


def test_no_rule_fires_on_a_stack_that_is_well(prometheus: str) -> None:
    groups = requests.get(f"{prometheus}/api/v1/rules", timeout=60).json()["data"]["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len(rules) >= 20
    assert {rule["name"]: rule["lastError"] for rule in rules if rule["health"] == "err"} == {}
    assert [rule["name"] for rule in rules if rule["state"] != "inactive"] == []
