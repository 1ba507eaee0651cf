"""Speed of the coder, and start time and peak memory of `entente code`."""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from entente.cli.bench.accuracy import Examination
from entente.cli.bench.figures import Figure
from entente.services.articles import Document

_ROUNDS = 3
_COMMAND = (sys.executable, "-c", "from entente.cli.main import main; main()", "code", "--jsonl")


def speed(exam: Examination) -> Iterator[Figure]:
    """Sentences a second of processor time, all stages: sentences that each name two countries, and ordinary news."""
    rows = exam.material.dyads()
    dense = [Document("\n".join(r["text"] for r in rows[i : i + 10])) for i in range(0, len(rows), 10)]
    for name, documents, aim in (("dense", dense, 60), ("ordinary news", exam.material.ordinary(), 150)):
        if not documents:
            yield Figure("speed", f"{name}: sentences/s a core", None, aim, detail="no texts (--golden)")
            continue
        read = sum(len(list(_sentences(text))) for text in documents)
        seconds = statistics.median(_seconds(exam.coder.code, documents) for _ in range(_ROUNDS))
        yield Figure(
            "speed", f"{name}: sentences/s a core", read / seconds, aim, detail=f"{read} in {len(documents)} texts"
        )


def memory(exam: Examination) -> Iterator[Figure]:
    """Start, slowest answer and peak memory of an `entente code` process, on all goldens and on very long inputs."""
    texts = [d["text"] for d in [*exam.material.goldens(), *exam.material.quiet()]]
    texts += ["Russia and Ukraine agreed to talks, " * 28_000, "Brazil, Peru and Chile " * 3_500]
    texts.append(" ".join(["Japan imposed sanctions on Belarus on Tuesday."] * 1500))
    started = time.monotonic()
    with subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        answers = []
        for number, text in enumerate(["Japan imposed sanctions on Belarus on Tuesday.", *texts]):
            line = {"id": str(number), "text": text, "published_at": "2024-05-01"}
            sent = time.monotonic()
            child.stdin.write(json.dumps(line).encode() + b"\n")
            child.stdin.flush()
            child.stdout.readline()
            answers.append(time.monotonic() - (sent if number else started))
        child.stdin.close()
        _, _, usage = os.wait4(child.pid, 0)
        child.returncode = 0
    yield Figure("memory", "start and first answer", answers[0], 3, True, "s")
    yield Figure("memory", "slowest of the other answers", max(answers[1:], default=0.0), 10, True, "s")
    yield Figure("memory", "peak memory", usage.ru_maxrss / 1024, 400, True, "MB", f"{len(answers)} texts")


def _sentences(text: Document) -> Iterator[str]:
    yield from (part for part in re.split(r"(?<=[.!?])\s+|\n", text.text) if part.strip())


def _seconds(work: Callable[[Document], object], documents: Sequence[Document]) -> float:
    """Seconds of processor time of this process, which other load on the machine doesn't change."""
    begun = time.process_time()
    for text in documents:
        work(text)
    return time.process_time() - begun
