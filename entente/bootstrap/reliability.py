"""Read and write the measured error rates, seeds/coder/reliability.json."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from entente.bootstrap.seeds import SeedError, seed_directory
from entente.relations.reliability import CodingRates, ConfidenceRate, Rate, Reliability, ValueRates


def reliability_file() -> Path:
    """Where the error rates are kept."""
    return seed_directory() / "coder" / "reliability.json"


def load_reliability() -> Reliability:
    """The measured error rates. Raises SeedError."""
    try:
        return _reliability(json.loads(reliability_file().read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise SeedError(f"coder/reliability.json: {error!r}") from error


def write_reliability(measured: Reliability) -> None:
    """Replace the measured error rates."""
    text = json.dumps(asdict(measured), indent=1, ensure_ascii=False)
    reliability_file().write_text(text + "\n", encoding="utf-8")


def _reliability(row: Mapping[str, Any]) -> Reliability:
    return Reliability(
        coder=row["coder"],
        codebook=row["codebook"],
        n_texts=row["n_texts"],
        n_stories=row["n_stories"],
        roots={name: _coding(rates) for name, rates in row["roots"].items()},
        facets={name: _coding(rates) for name, rates in row["facets"].items()},
        values={name: ValueRates(_rate(r["right"]), _rate(r["shown"])) for name, r in row["values"].items()},
        confidence=tuple(
            ConfidenceRate(r["low"], r["high"], r["claimed"], _rate(r["right"])) for r in row["confidence"]
        ),
    )


def _coding(row: Mapping[str, Any]) -> CodingRates:
    return CodingRates(_rate(row["precision"]), _rate(row["recall"]))


def _rate(row: Mapping[str, Any]) -> Rate:
    interval = row["interval"]
    return Rate(row["share"], row["n"], (interval[0], interval[1]) if interval else None)
