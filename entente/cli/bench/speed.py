"""How fast the coder reads, against the parser alone, and what memory and start it costs in a process of its own."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from entente.cli.bench.accuracy import Examination
from entente.cli.bench.figures import Figure
from entente.cli.bench.material import document
from entente.services.articles import Document
from entente.services.ports import Inspectable

_ROUNDS = 5
_COMMAND = (sys.executable, "-c", "from entente.cli.main import main; main()", "code", "--jsonl")


def speed(exam: Examination) -> Iterator[Figure]:
    """Sentences a second of one core's time, and how much less time ordinary news takes than parsing all of it."""
    rows = exam.material.dyads()
    singles = [Document(row["text"], None, date.fromisoformat(row["published_at"])) for row in rows]
    if not isinstance(exam.coder, Inspectable) or not singles:
        yield Figure("speed", "sentences a second and core", None, 250, detail="needs tests/golden and our own coder")
        return
    joined = [Document("\n".join(d.text for d in singles[i : i + 10])) for i in range(0, len(singles), 10)]
    code = exam.coder.code
    for name, documents in (("one a text", singles), ("ten a text", joined)):
        seconds = statistics.median(_seconds(code, documents) for _ in range(_ROUNDS))
        detail = f"{len(singles)} that name two countries, {name}"
        yield Figure("speed", "sentences/s a core", len(singles) / seconds, 250, detail=detail)
    news = [Document(text) for text in exam.material.news()]
    where = "UD English-PUD news"
    if not news:
        news, where = [document(text) for text in exam.material.quiet()], "the quiet texts"
    yield _ratio(exam.coder.parse_everything, code, news, where)


def memory(exam: Examination) -> Iterator[Figure]:
    """Start and peak memory of `entente code` in a process of its own, with every golden and the worst of inputs."""
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
    yield Figure("memory", "start and first answer", answers[0], 5, True, "s")
    yield Figure("memory", "slowest of the other answers", max(answers[1:], default=0.0), 10, True, "s")
    yield Figure("memory", "peak memory", usage.ru_maxrss / 1024, 600, True, "MB", f"{len(answers)} texts")


def _ratio(
    parse: Callable[[Document], object], code: Callable[[Document], object], news: Sequence[Document], where: str
) -> Figure:
    """Both ways in turn, so that what else the machine does falls on both alike; the median of the rounds' ratios."""
    ratios = [_seconds(parse, news) / _seconds(code, news) for _ in range(_ROUNDS)]
    spread = f"{min(ratios):.2f}–{max(ratios):.2f} over {_ROUNDS} rounds, {len(news)} texts of {where}"
    return Figure("speed", "times the parser's own pace", statistics.median(ratios), 2, detail=spread)


def _seconds(work: Callable[[Document], object], documents: Sequence[Document]) -> float:
    """Processor time of this process, in seconds: other work on the machine does not count."""
    begun = time.process_time()
    for text in documents:
        work(text)
    return time.process_time() - begun
