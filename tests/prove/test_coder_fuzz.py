"""Fuzzing of the coder, at the full size for an hour: every malformed text is coded within limits of time and memory.

ENTENTE_FUZZ_SECONDS sets the duration, ENTENTE_FUZZ_SEED the random seed. The log is build/coder-fuzz.json.
"""

import json
import multiprocessing
import os
import random
import time
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.cli.bench.processor import peak_megabytes
from entente.services.articles import Document, GivenActor
from tests.prove.figures import record, size
from tests.strange_texts import EXTREMES, mutilated

SECONDS = size("ENTENTE_FUZZ_SECONDS", 300, 3600)
SEED = int(os.environ.get("ENTENTE_FUZZ_SEED", "1"))
LOG = Path("build/coder-fuzz.json")

pytestmark = pytest.mark.prove


def document(chance: random.Random) -> Document:
    text = mutilated(chance)
    if chance.random() < 0.01:
        text = chance.choice(list(EXTREMES.values()))
    title = mutilated(chance)[:200] if chance.random() < 0.5 else None
    day = date(1945, 1, 1) + timedelta(days=chance.randrange(36_000)) if chance.random() < 0.8 else None
    return Document(text, title, day, given(text, chance) if text and chance.random() < 0.3 else None)


def given(text: str, chance: random.Random) -> tuple[GivenActor, ...]:
    starts = [chance.randrange(len(text)) for _ in range(chance.randint(0, 8))]
    return tuple(GivenActor(s, min(len(text), s + chance.randint(1, 40)), f"E{n % 4}") for n, s in enumerate(starts))


def faults(coder: object, text: Document) -> tuple[str, int, float]:
    """What is wrong with the answer ("" if nothing), how many events it holds, and how many seconds it took."""
    started = time.monotonic()
    try:
        coding = coder.code(text)  # type: ignore[attr-defined]  # any coder
    except Exception:
        return traceback.format_exc(limit=-3), 0, time.monotonic() - started
    seconds = time.monotonic() - started
    for event in coding.events:
        for span in (event.quote, event.trigger):
            field = text.text if span.field == "text" else text.title or ""
            if field[span.start : span.end] != span.text or not span.text:
                return f"{span} is not what the text says", len(coding.events), seconds
    if bool(coding.events) is (coding.reason is not None):
        return f"{len(coding.events)} events and reason {coding.reason}", len(coding.events), seconds
    return "too slow" if seconds > 10 else "", len(coding.events), seconds


def fuzzed(seconds: float, seed: int) -> dict[str, Any]:
    """What came of malformed texts, and the memory held; for a process of its own."""
    coder = Container(Settings(data_dir=Path("unused"), database_url="sqlite://")).coder
    chance, until = random.Random(seed), time.monotonic() + seconds
    count: Counter[str] = Counter(texts=0, faults=0)
    slowest, broken = 0.0, []
    while time.monotonic() < until:
        text = document(chance)
        fault, events, took = faults(coder, text)
        count.update(texts=1, events=events, characters=len(text.text), faults=bool(fault))
        slowest = max(slowest, took)
        if fault and len(broken) < 20:
            broken.append({"fault": fault, "text": text.text[:2000]})
    found = {"slowest_seconds": round(slowest, 2), "peak_megabytes": round(peak_megabytes()), "broken": broken}
    return {"seed": seed, "seconds": seconds, **count, **found}


def test_no_mutilated_text_breaks_the_coder() -> None:
    # Another test's memory is not the coder's.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        told = pool.submit(fuzzed, SECONDS, SEED).result()
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text(json.dumps(told, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
    assert record(
        "",
        "no text breaks the coder or takes it too long",
        figure=f"{told['texts']:,} malformed texts in {SECONDS} s: {told['faults']} faults, slowest "
        f"{told['slowest_seconds']:.1f} s, {told['peak_megabytes']} MB at most",
        aim="0 faults, < 600 MB",
        held=bool(told["texts"]) and not told["broken"] and told["peak_megabytes"] < 600,
        full=SECONDS >= 3600,
    ), "\n".join(entry["fault"] for entry in told["broken"])
