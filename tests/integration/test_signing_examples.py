"""The signing examples of docs/ingestion.md make deliveries that are accepted."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from entente.bootstrap.container import Container

DOCUMENT = (Path(__file__).parents[2] / "docs" / "ingestion.md").read_text(encoding="utf-8")
WAYS = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": ["python3", "-c"], "js": ["node", "-e"]}


def example(language: str) -> str:
    """The block of that language that makes a signature."""
    blocks = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return next(block for block in blocks if "webhook-signature" in block)


@pytest.mark.parametrize("language", WAYS)
def test_an_example_signs_a_delivery_that_is_taken(language: str, server: str, container: Container) -> None:
    needed = ["curl", "openssl", "bash"] if language == "sh" else [WAYS[language][0]]
    missing = [program for program in needed if not shutil.which(program)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed")
    secret = container.sources.add("wire").secrets[0]
    environment = os.environ | {"SECRET": secret, "URL": f"{server}/v1/webhooks/wire"}

    done = subprocess.run(
        [*WAYS[language], example(language)], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr + done.stdout
    taken = json.loads(done.stdout.strip().splitlines()[-1])
    assert container.lookups.article(taken["id"]).article.publisher == "wire"
