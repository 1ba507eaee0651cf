"""Bad values of the codebook's rules, floors and facets are refused with one error that names the field."""

import shutil
from pathlib import Path

import pytest

from entente.bootstrap import seeds

SEEDS = Path(__file__).parents[2] / "seeds"
DIPLOMATIC = f"diplomatic = {seeds.read_codebook().floors['diplomatic']}"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("rules.toml", DIPLOMATIC, "diplomatic = 1.2", "rules.toml: floor.diplomatic.value: 1.2 is no probability"),
        ("rules.toml", DIPLOMATIC, "diplomatic = -0.1", "floor.diplomatic.value: -0.1 is no probability"),
        ("rules.toml", DIPLOMATIC, "diplomatic = nan", "floor.diplomatic.value: Special numeric values"),
        ("rules.toml", DIPLOMATIC, 'diplomatic = "half"', "floor.diplomatic.value: Not a valid number."),
        ("rules.toml", DIPLOMATIC, "diplomatic = true", "floor.diplomatic.value: Not a valid number."),
        ("rules.toml", "ending_confidence = 0.5", "ending_confidence = 2", "status.ending_confidence: 2.0 is no"),
        ("rules.toml", "ending_confidence = 0.5", "", "status.ending_confidence: Missing data"),
        ("rules.toml", "overdue_days = 14", "", "status.overdue_days: Missing data"),
        ("rules.toml", "overdue_days = 14", "overdue_days = -1", "status.overdue_days: -1 is no number of days"),
        ("rules.toml", "overdue_days = 14", "overdue_days = 1.5", "status.overdue_days: Not a valid integer."),
        ("rules.toml", 'version = "2026', 'edition = "2026', "rules.toml: version: Missing data"),
        ("rules.toml", "calibrated_coders = [", "coders = [", "status.calibrated_coders: Missing data"),
        (
            "rules.toml",
            "calibrated_coders = [",
            'calibrated_coders = "2026.24" # [',
            "coders: Not a valid list.",
        ),
        ("rules.toml", "[status]", "[state]", "rules.toml: status: Missing data"),
        ("rules.toml", "[cameo_by_status]", "[cameo]", "cameo_by_status: Missing data"),
        (
            "rules.toml",
            'refused = ["120", "124"]',
            'refused = ["120"]',
            "refused.value: Length must be 2.",
        ),
        ("rules.toml", "[scale]", "[ladder]", "rules.toml: scale: Missing data"),
        ("rules.toml", 'version = "2015.1"', "version = 2015.1", "scale.version: Not a valid string."),
        ("rules.toml", "[score]", "[sum]", "rules.toml: score: Missing data"),
        ("rules.toml", "half_life_days = 180.0", "", "score.half_life_days: Missing data"),
        ("rules.toml", "half_life_days = 180.0", "half_life_days = 0", "score.half_life_days: Must be greater than 0."),
        (
            "rules.toml",
            "half_life_days = 180.0",
            "half_life_days = nan",
            "half_life_days: Special numeric",
        ),
        ("rules.toml", "window_days = 1825", "window_days = 1825.5", "score.window_days: Not a valid integer."),
        ("rules.toml", 'label = "at war"', 'name = "at war"', "label.0.name: Unknown field."),
        ("rules.toml", 'label = "at war"', "", "label.0.label: Missing data"),
        ("rules.toml", 'facet = "conflict"', 'facet = "combat"', "label.0.facet: no facet 'combat' in facets.toml"),
        ("rules.toml", 'value = "war"', 'value = "wars"', "label.0.value: conflict has no 'wars'; known: none, "),
        ("rules.toml", "min_events = 1", "min_events = true", "label.5.min_events: Not a valid integer."),
        ("rules.toml", DIPLOMATIC, "", "facets.toml: recognition.family: no family 'diplomatic'"),
        ("facets.toml", 'family = "diplomatic"', 'family = "protocol"', "recognition.family: no family 'protocol'"),
        ("facets.toml", 'family = "diplomatic"', "", "recognition.family: no family ''"),
        (
            "facets.toml",
            '[territory]\nfamily = "force_and_peace"',
            '[territory]\nfamily = "mobility"',
            "of two families",
        ),
        (
            "facets.toml",
            "of_anyone = true",
            'of_anyone = "no"',
            "sanctions.of_anyone: true or false is wanted, not 'no'",
        ),
    ],
)
def test_a_bad_rule_floor_or_family_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str, told: str
) -> None:
    shutil.copytree(SEEDS / "codebook", tmp_path / "codebook")
    place = tmp_path / "codebook" / file
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(seeds, "seed_files", lambda: tmp_path)
    with pytest.raises(seeds.SeedError) as refused:
        seeds.read_codebook()
    assert told in str(refused.value)
