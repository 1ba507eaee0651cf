"""docs/monitoring.md names every metric and every log line of ours, and nothing else; rules and dashboard follow it."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import ProcessCollector
from prometheus_client.core import Metric

from entente.bootstrap.container import Container
from entente.bootstrap.logging import request_renderer
from entente.bootstrap.settings import Settings
from entente.telemetry.metrics import Metrics
from entente.telemetry.system_collector import SystemCollector

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
LEVELS = ("debug", "info", "warning", "error", "critical")
#: Levels of records made by `log.exception`.
METHODS = {level: level for level in LEVELS} | {"exception": "error"}


def rows(columns: int) -> list[list[str]]:
    """The rows of the page's tables of so many columns, without back quotes."""
    cells = [[c.strip() for c in line.strip("|").split(" | ")] for line in PAGE.splitlines() if line.startswith("| `")]
    return [[cell.replace("`", "") for cell in row] for row in cells if len(row) == columns]


def documented_metrics() -> dict[str, tuple[str, list[str]]]:
    told = re.findall(r"^\| `(entente_\w+)` \| (\w+) \| ([^|]*)\|", PAGE, re.MULTILINE)
    return {name: (kind, re.findall(r"`(\w+)`", labels)) for name, kind, labels in told}


def test_every_metric_is_documented_with_its_type_and_labels(tmp_path: Path) -> None:
    container = Container(Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/ledger.db"))
    container.migrate()
    parts = (container.ledger, container.cache, container.queue, container.heartbeats, container.clock)
    system = SystemCollector(*parts, lambda: ()).collect()
    metrics = Metrics()
    served: dict[str, tuple[str, list[str]]] = {}
    for family in [*metrics.own.collect(), *system, *ProcessCollector(namespace="entente", registry=None).collect()]:
        served[_name(family)] = (family.type, _labels(family, metrics))
    container.close()
    assert documented_metrics() == served


def _name(family: Metric) -> str:
    return f"{family.name}_total" if family.type == "counter" else family.name


def _labels(family: Metric, metrics: Metrics) -> list[str]:
    for instrument in vars(metrics).values():
        if getattr(instrument, "_name", None) == family.name:
            return list(instrument._labelnames)
    return list(getattr(family, "_labelnames", ()))


def logged() -> Iterator[tuple[str, str, set[str]]]:
    """(event, level, fields) of every log call in the code."""
    for top in ("entente", "api", "worker"):
        for path in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                    continue
                if node.func.attr in METHODS and ast.unparse(node.func.value) in ("log", "self._log"):
                    assert isinstance(node.args[0], ast.Constant), f"{path}: an event's name is a constant"
                    names = {keyword.arg for keyword in node.keywords if keyword.arg}
                    yield str(node.args[0].value), METHODS[node.func.attr], names


def request_line() -> tuple[str, str, set[str]]:
    """The line of a request, which is rendered without the log's calls."""
    render = request_renderer(Settings(data_dir=ROOT, database_url="", log_format="json"))
    assert render
    line = json.loads(render("r", "GET", "/healthz", 200, 0.1, None, ""))
    return line["event"], line["level"], set(line) - {"event", "level", "logger", "timestamp"}


def test_every_log_line_is_documented_with_its_level_and_fields() -> None:
    documented = {
        (event, level): set(re.findall(r"\w+", fields)) for event, level, fields, _ in rows(4) if level in LEVELS
    }
    found: dict[tuple[str, str], set[str]] = {}
    for event, level, fields in [*logged(), request_line()]:
        found.setdefault((event, level), set()).update(fields - {"exc_info"})
    assert set(documented) == set(found)
    assert {key: fields - documented[key] for key, fields in found.items() if fields - documented[key]} == {}


def queries() -> list[str]:
    """The queries of the alert rules and of the dashboard."""
    dashboard = json.loads((ROOT / "deploy" / "grafana" / "entente.json").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
    return [*shown, (ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8")]


def test_dashboard_and_rules_ask_for_metrics_that_there_are_and_the_dashboard_for_most() -> None:
    asked = {re.sub(r"_bucket$", "", name) for query in queries() for name in re.findall(r"\bentente_\w+", query)}
    assert asked <= set(documented_metrics())
    left_out = set(documented_metrics()) - asked
    assert left_out == {
        "entente_process_virtual_memory_bytes",
        "entente_process_open_fds",
        "entente_process_max_fds",
    }


def test_every_panel_of_the_dashboard_has_a_title_and_a_place_of_its_own() -> None:
    dashboard = json.loads((ROOT / "deploy" / "grafana" / "entente.json").read_text(encoding="utf-8"))
    panels = dashboard["panels"]
    assert all(panel["title"] for panel in panels)
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)
