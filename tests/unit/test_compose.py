"""docker-compose.yml: limits of memory that fit what runs inside, variables that reach the containers."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from entente.web.parser.lanes import QUICK, SLOW
from entente.web.parser.limits import Limits

ROOT = Path(__file__).parents[2]
GIGABYTE = 1024**3

#: What a part of Entente holds beside its parsers, generously.
ITSELF = GIGABYTE // 2


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"])


def test_the_fetchers_memory_holds_all_its_parsers_at_their_limit(services: dict[str, Any]) -> None:
    [gigabytes] = re.findall(r":-(\d+)g\}$", services["fetcher"]["mem_limit"])

    assert int(gigabytes) * GIGABYTE >= (QUICK + SLOW) * Limits().memory_bytes + ITSELF


@pytest.mark.parametrize("name", ["api", "worker", "fetcher", "deliverer", "beat"])
def test_what_the_documents_say_of_traces_can_be_set_in_containers(services: dict[str, Any], name: str) -> None:
    documented = set(re.findall(r"OTEL_[A-Z_]+[A-Z]", (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")))
    environment = services[name]["environment"]

    assert documented
    # Blank would be a value: the program's own defaults hold for what is not set.
    assert {variable: environment.get(variable, "missing") for variable in documented} == dict.fromkeys(documented)
