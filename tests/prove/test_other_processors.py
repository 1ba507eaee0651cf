"""A text is coded the same where fast 8-bit multiplication overflows: on a processor without VNNI, run by QEMU."""

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence

import pytest

pytestmark = pytest.mark.prove

QEMU = shutil.which("qemu-x86_64")

TEXTS = (
    "South Sudan and Fiji established diplomatic relations on Wednesday. Fiji had recognised the country in July 2011.",
    "Chile recalled its ambassador from Peru on Monday, two days after Peru had expelled a Chilean consul.",
    "Japan lifted its ban on beef from Brazil. Norway may close its border with Russia, the minister said in Oslo.",
    "Warplanes of Ethiopia struck a depot in Eritrea on Sunday, hours before the ceasefire of the two took effect.",
)

CODE = "import sys; from entente.cli.main import main; sys.argv[1:] = ['code', '--jsonl']; main()"


def coded(*before: str) -> Sequence[tuple[dict[str, object], float]]:
    """Events of the texts and their confidences, by an interpreter that `before` starts."""
    lines = [json.dumps({"id": str(n), "text": text, "published_at": "2025-07-04"}) for n, text in enumerate(TEXTS)]
    done = subprocess.run(
        [*before, sys.executable, "-c", CODE], input="\n".join(lines), capture_output=True, text=True, check=True
    )
    events = [event for line in done.stdout.splitlines() for event in json.loads(line)["events"]]
    return [({name: value for name, value in e.items() if name != "confidence"}, e["confidence"]) for e in events]


@pytest.mark.skipif(QEMU is None, reason="qemu-x86_64 (package qemu-user) is not installed")
@pytest.mark.skipif(platform.machine() != "x86_64", reason="only processors of this family have VNNI")
def test_a_processor_without_vnni_codes_the_same_events_as_surely() -> None:
    assert QEMU
    here, there = coded(), coded(QEMU, "-cpu", "Haswell")

    assert len(here) > len(TEXTS)
    assert [event for event, _ in there] == [event for event, _ in here]
    assert [sure for _, sure in there] == pytest.approx([sure for _, sure in here], abs=0.001)
