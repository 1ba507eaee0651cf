"""Parts that compute leave the processor to the API."""

import os
import subprocess
import sys
from pathlib import Path

from entente.bootstrap.part import CODING, PARSING

TOLD = """
import os
from entente.bootstrap.part import give_way
from tests.integration.test_giving_way import niceness_of_session
give_way(10)
print(os.getpriority(os.PRIO_PROCESS, 0), niceness_of_session())
"""


def niceness_of_session() -> str:
    """Niceness of this process's session; `none`: the kernel shares the processor without regard to sessions."""
    group = Path("/proc/self/autogroup")
    # Empty for a session without a group of its own: the first one, or sharing was off when it began.
    return (group.read_text().split() or ["none"])[-1] if group.exists() else "none"


def told(leads: bool) -> list[str]:
    """Niceness of a process that gave way, and of its session; `leads`: it has one of its own."""
    command = [sys.executable, "-c", TOLD]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, start_new_session=leads)
    return done.stdout.split()


def test_a_part_and_its_session_have_the_niceness_given() -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    niceness, of_session = told(leads=True)
    assert int(niceness) == min(19, own + 10)
    assert of_session in ("10", "none")


def test_a_part_in_a_session_of_others_leaves_theirs_alone() -> None:
    before = niceness_of_session()
    assert told(leads=False)[1] == before


def test_coding_comes_before_parsing() -> None:
    assert 0 < CODING < PARSING
