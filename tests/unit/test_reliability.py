"""Measured error rates: which one stands beside a value, and how they are read."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from entente.bootstrap import reliability as files
from entente.bootstrap.seeds import SeedError, load_codebook
from entente.relations.folding.dyad import fold
from entente.relations.grouping.group import group_mentions
from entente.relations.reliability import ALL, LEAST, Rate, Reliability, ValueRates
from entente.relations.state_facts import reports_of
from entente.relations.states import Interval
from schemas.reliability import value_reliability
from tests.unit.builders import mention, state_fact

FEW = Rate(None, LEAST - 1)


def rates(**values: Rate) -> Reliability:
    return Reliability("2026.8", "2026.3", 160, 28, values={name: ValueRates(r, FEW) for name, r in values.items()})


def rate(share: float) -> Rate:
    return Rate(share, 70, (share - 0.1, share + 0.1))


@pytest.mark.parametrize(
    ("measured", "scope"),
    [
        (rates(recognition=rate(0.8), diplomatic=rate(0.7), all=rate(0.6)), "recognition"),
        (rates(recognition=FEW, diplomatic=rate(0.7), all=rate(0.6)), "diplomatic"),
        (rates(recognition=FEW, diplomatic=FEW, all=rate(0.6)), ALL),
        (rates(economic=rate(0.9), all=rate(0.6)), ALL),
        (rates(recognition=FEW, diplomatic=FEW, all=FEW), None),
        (rates(), None),
    ],
)
def test_the_narrowest_rate_with_enough_values_is_told(measured: Reliability, scope: str | None) -> None:
    found = measured.of_value("recognition", "diplomatic")
    assert (found[0] if found else None) == scope


def intervals(confidence: float = 0.9) -> list[Interval]:
    codebook = load_codebook()
    [calibrated, *_] = codebook.calibrated
    return list(fold(group_mentions([mention("recognise", confidence=confidence, coder=calibrated)]), codebook))


def test_a_shown_value_has_the_rate_and_the_version_that_it_was_measured_for() -> None:
    codebook = replace(load_codebook(), reliability=rates(all=rate(0.8)))
    [interval] = intervals()

    told = value_reliability(interval, codebook)["reliability"]
    assert told == {"scope": ALL, "right": 0.8, "n": 70, "interval": [0.8 - 0.1, 0.8 + 0.1], "coder": "2026.8"}


def test_neither_an_unconfirmed_value_nor_that_of_a_document_has_one() -> None:
    codebook = replace(load_codebook(), reliability=rates(all=rate(0.8)))
    for interval in (*intervals(confidence=0.2), *fold(reports_of([state_fact()]), codebook)):
        assert value_reliability(interval, codebook) == {}


@pytest.mark.parametrize("measured", [None, rates(all=FEW)])
def test_without_a_measured_rate_there_is_no_member(measured: Reliability | None) -> None:
    [interval] = intervals()
    assert value_reliability(interval, replace(load_codebook(), reliability=measured)) == {}


def test_what_is_written_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "reliability_file", lambda: tmp_path / "reliability.json")
    measured = rates(all=rate(0.8), trade=FEW)
    files.write_reliability(measured)
    assert files.load_reliability() == measured


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"coder": "2026.8"})])
def test_a_file_without_rates_is_named(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "reliability_file", lambda: tmp_path / "reliability.json")
    (tmp_path / "reliability.json").write_text(text)
    with pytest.raises(SeedError, match=r"reliability\.json"):
        files.load_reliability()


def test_the_published_rates_are_of_a_calibrated_coder_and_only_of_enough() -> None:
    measured = files.load_reliability()
    every = [rate for r in measured.values.values() for rate in (r.right, r.shown)]
    coding = [*measured.roots.values(), *measured.facets.values()]
    every += [rate for r in coding for rate in (r.precision, r.recall)]

    assert measured.coder in load_codebook().calibrated
    assert [rate for rate in every if (rate.share is None) != (rate.n < LEAST)] == []
