"""`entente relation` with `--as-of` and `--known-at`, on a real ledger."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from entente.bootstrap.container import Container
from entente.cli.main import main
from tests.conftest import ChosenClock
from tests.integration.conftest import coded


@pytest.mark.parametrize(
    ("moment", "value"),
    [("2025-07-03", "unknown"), ("2025-07-04T13:00:00Z", "recognised"), ("2025-07-04", "withdrawn")],
)
def test_a_relation_is_shown_as_it_was_known(
    container: Container,
    told: Callable[..., str],
    clock: ChosenClock,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    value: str,
) -> None:
    told([coded("recognise", "2025-07-03")])
    clock.advance(hours=2)
    told([coded("withdraw_recognition", "2025-07-04")], text="Another text.")
    monkeypatch.setenv("ENTENTE_DATABASE_URL", container.settings.database_url)
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(container.settings.data_dir))

    plain = CliRunner().invoke(main, ["relation", "RUS", "AFG", "--known-at", moment])
    forth, _ = json.loads(CliRunner().invoke(main, ["relation", "RUS", "AFG", "--known-at", moment, "--json"]).stdout)

    assert forth["facets"]["recognition"]["value"] == value
    assert (f"recognition                        {value}" in plain.stdout) == (value != "unknown")


@pytest.mark.parametrize(
    "moment",
    [
        *("2025-07", "yesterday", "2025-07-04T13:00:00", "2025-13-01", "2025-W27-4"),
        *("9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_what_is_no_moment_is_wrong_usage(moment: str) -> None:
    assert CliRunner().invoke(main, ["relation", "RUS", "AFG", "--known-at", moment]).exit_code == 2
