"""Weights with decisions of another version, or with bad ones, are refused with one error that names the field."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from entente.bootstrap.adapters import bundled_coder
from entente.bootstrap.settings import SettingsError
from entente.cli.main import main
from entente.coding.reader.model import BUNDLED

FURTHER = "[further]\nleft = 0.15\npair = 0.8\nmover = 0.6\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (FURTHER, "", "further.left is missing"),
        ("[calibration.further]", "[calibration.others_further]", "calibration.further is missing"),
        ("share = 0.35", "", "reread.share is missing"),
        ("share = 0.35", "share = ", "decisions.toml: Invalid value"),
        ("mover = 0.3 ", "mover = 3 ", "mover must be from 0 to 1, not 3"),
        ("left = 0.15\n", 'left = "some"\n', "left must be from 0 to 1, not 'some'"),
        ("[0.35, 0.42,", "[0.35, 0.2,", "calibration: claimed and right must be equally long and rise"),
    ],
)
def test_weights_with_other_decisions_are_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    for file in BUNDLED.iterdir():
        (tmp_path / file.name).symlink_to(file)
    place, text = tmp_path / "decisions.toml", (BUNDLED / "decisions.toml").read_text(encoding="utf-8")
    assert old in text
    place.unlink()
    place.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(SettingsError, match="ENTENTE_READER_WEIGHTS") as refused:
        bundled_coder(tmp_path)

    assert told in str(refused.value)


@pytest.mark.parametrize("command", ["up", "work"])
@pytest.mark.parametrize("file", ["encoder.onnx", "labels.json", "vocabulary.txt", "decisions.toml"])
def test_nothing_starts_with_weights_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, file: str
) -> None:
    weights, data = tmp_path / "weights", tmp_path / "data"
    weights.mkdir()
    for bundled in BUNDLED.iterdir():
        (weights / bundled.name).symlink_to(bundled)
    (weights / file).unlink()
    monkeypatch.setenv("ENTENTE_READER_WEIGHTS", str(weights))
    monkeypatch.setenv("ENTENTE_DATA_DIR", str(data))
    monkeypatch.setenv("ENTENTE_REDIS_URL", "redis://127.0.0.1:1/0")

    refused = CliRunner().invoke(main, [command])

    assert refused.exit_code == 1
    assert f"ENTENTE_READER_WEIGHTS: {weights} cannot be read" in refused.output
    assert "make reader" in refused.output
    assert not data.exists()
