"""Promises 8 and 19 (docs/promises.md), which tests of `make test` show: run them again and count them."""

import re
import subprocess
import sys

import pytest

from tests.prove.figures import ROOT, record

pytestmark = pytest.mark.prove


@pytest.mark.parametrize(
    ("promise", "claim", "file", "aim"),
    [
        (
            "8",
            "no request goes to an internal address, whatever a URL, a redirect or a host name resolves to",
            "tests/integration/test_fetching.py",
            "0 connections",
        ),
        (
            "19",
            "a message to a subscriber is delivered on schedule or reported as failed",
            "tests/integration/test_subscriptions.py",
            "schedule kept; disabled after 5 days without a success",
        ),
    ],
    ids=["addresses", "deliveries"],
)
def test_the_short_tests_of_a_promise_pass(promise: str, claim: str, file: str, aim: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    passed, failed = (int((re.findall(rf"(\d+) {word}", done.stdout) or [0])[-1]) for word in ("passed", "failed"))
    assert record(
        promise,
        claim,
        figure=f"`{file}`: {passed} of {passed + failed} cases passed",
        aim=aim,
        held=done.returncode == 0 and passed > 0,
        full=True,
    ), done.stdout[-3000:]
