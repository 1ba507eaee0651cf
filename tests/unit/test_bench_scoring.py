"""The measures of `entente bench`: textbook values, and no credit for absent events."""

import json
from pathlib import Path

import pytest

from entente.cli.bench.figures import Figure
from entente.cli.bench.material import Material
from entente.cli.bench.scoring import bootstrap, f1, fits, macro_f1, micro, missed, violated

EVENT = {
    "source": {"entity": "RUS", "sector": "GOV"},
    "target": {"entity": "AFG", "sector": ""},
    "act": "recognise",
    "root": "SUPPORT",
    "status": "effective",
    "event_date": "2025-07-03",
    "precision": "day",
    "quote": {"text": "Russia recognised …"},
}


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    assert f1(2, 4, 2) == pytest.approx(2 * 1.0 * 0.5 / 1.5)
    assert f1(0, 4, 2) == 0


def test_macro_f1_weighs_a_rare_class_like_a_common_one() -> None:
    gold = ["A"] * 9 + ["B"]
    assert macro_f1([(label, "A") for label in gold]) == pytest.approx((2 * 9 / 19) / 2)


def test_a_class_that_is_only_answered_is_no_class_of_the_mean() -> None:
    assert macro_f1([("A", "A"), ("A", "NONE")]) == pytest.approx(2 / 3)


def test_micro_averages_count_every_member_once() -> None:
    precision, recall, score = micro([{1, 2}, {3}], [{1}, {3, 4}])
    assert (precision, recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert score == pytest.approx(2 / 3)


def test_the_interval_holds_the_measure_and_is_the_same_every_time() -> None:
    rows = [("A", "A"), ("B", "B"), ("A", "A"), ("B", "A")] * 20
    low, high = bootstrap(rows, macro_f1, rounds=200)
    assert low < macro_f1(rows) < high
    assert (low, high) == bootstrap(rows, macro_f1, rounds=200)


@pytest.mark.parametrize(
    ("match", "holds"),
    [
        ({"source": "RUS", "effective": True, "date": "2025-07"}, True),
        ({"source": ["CHN", "RUS"], "source_sector": "GOV"}, True),
        ({"source": "RUS", "effective": False}, False),
        ({"date": "2025-08"}, False),
        ({"target_sector": "REB"}, False),
    ],
)
def test_a_match_needs_every_field(match: dict[str, object], holds: bool) -> None:
    assert fits(EVENT, match) is holds
    assert bool(list(missed([EVENT], [match]))) is not holds
    assert bool(list(violated([EVENT], [match]))) is holds


def test_an_aim_is_met_from_its_own_side() -> None:
    assert Figure("a", "b", 0.8, 0.8).met
    assert Figure("a", "b", 0.79, 0.8).met is False
    assert Figure("a", "b", 5, 6, at_most=True).met
    assert Figure("a", "b", 5).met is None
    assert Figure("a", "b", None, 5).met is None


def test_a_repeated_sentence_stays_in_the_half_where_it_came_first(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    rows = [("plv-1", "one"), ("plv-2", "two"), ("plv-3", "two"), ("plv-4", "one"), ("plv-6", "two"), ("plv-7", "new")]
    lines = [
        json.dumps({"id": i, "sentence": s, "marked": f"<s>{s}</s> met <t>x</t>", "root": "CONSULT", "quad": 1})
        for i, s in rows
    ]
    (tmp_path / "data" / "plv_dev.jsonl").write_text("\n".join(lines), encoding="utf-8")
    material = Material(tmp_path, tmp_path, tmp_path)
    assert [row.id for row in material.marked("odd")] == ["plv-1", "plv-7"]
    assert [row.id for row in material.marked("even")] == ["plv-2", "plv-6"]
    [first, _] = material.marked("odd")
    assert first.document.text == "one met x"
    assert [(a.start, a.end, a.entity) for a in first.document.actors or ()] == [(0, 3, "S"), (8, 9, "T")]


def test_what_is_absent_is_empty(tmp_path: Path) -> None:
    material = Material(tmp_path, tmp_path, tmp_path)
    assert material.articles() == material.dyads() == material.marked("odd") == material.other_news() == []
