"""Help texts and usage errors of every subcommand."""

import re

import pytest
from click.testing import CliRunner

from entente.cli.main import VERBS, main


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb):
    result = CliRunner().invoke(main, [verb, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {verb}")


def test_the_help_lists_every_verb():
    listed = re.findall(r"^  ([a-z]+)  ", CliRunner().invoke(main, ["--help"]).output, re.MULTILINE)
    assert listed == list(VERBS)


@pytest.mark.parametrize("arguments", [["nonsense"], ["relation", "RUS"], ["ingest"], ["ingest", "/no/such/file"]])
def test_wrong_usage_exits_2(arguments):
    assert CliRunner().invoke(main, arguments).exit_code == 2
