"""`entente bench ingest`: measure ingestion from signed webhook to derived state, against the coder alone."""

import json
import multiprocessing
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import click

from entente.bootstrap.container import Container
from entente.bootstrap.seeds import seed_directory
from entente.bootstrap.settings import Settings
from entente.cli.bench.figures import Figure, show
from entente.cli.bench.processor import below, seconds_of
from entente.cli.bench.sending import sending
from entente.cli.common import json_option, load_settings, progress
from entente.relations.publishers import ANY
from entente.services.articles import Document

if TYPE_CHECKING:
    from entente.bootstrap.stack import Stack

_DAY = date(2025, 7, 4)


@click.command("ingest")
@click.option("--articles", type=click.IntRange(min=1), default=2000, show_default=True, help="Articles to send.")
@click.option(
    "--processes",
    default=max(1, (os.cpu_count() or 2) // 2),
    show_default="half of the processors",
    help="Worker processes, and processes of the coder alone. Leave a core for the API, Redis and the senders.",
)
@click.option("--database", metavar="URL", help="An empty PostgreSQL database to write to, instead of SQLite.")
@json_option
def ingest_bench(articles: int, processes: int, database: str | None, as_json: bool) -> None:
    """Measure ingestion from signed webhook to derived state.

    Sends generated articles and waits until each is coded and its states are derived. Exit 1 if an aim is missed.
    """
    show(_figures(articles, processes, database), as_json)


def _figures(count: int, processes: int, database_url: str | None) -> Iterator[Figure]:
    texts = _texts(count)
    # Half before and half after, so that changing load on the machine affects both measurements.
    half = len(texts) // 2
    before = _alone(texts[:half], processes)
    through = _through(texts, processes, half / before.seconds, database_url)
    after = _alone(texts[half:], processes)
    alone, rate = count / (before.seconds + after.seconds), count / through.seconds
    yield Figure("ingest", "the coder alone, articles/s", alone, detail=f"{processes} processes, {count} articles")
    yield Figure("ingest", "through the webhook, articles/s", rate, detail="from the first POST to the last state")
    yield Figure("ingest", "through the webhook, of alone", rate / alone, 0.7)
    # More reliable on a shared machine: other load changes elapsed time, but not processor time.
    cost, whole = (1000 * (before.processor + after.processor) / count, 1000 * through.processor / count)
    spent = f"{cost:.1f} of {whole:.1f} ms an article in the workers, {1000 * through.whole / count:.1f} in all"
    yield Figure("ingest", "the coder's share of processor time", cost / whole if whole else None, detail=spent)
    waits = sorted(through.waits)
    p99 = 1000 * waits[int(0.99 * (len(waits) - 1))]
    yield Figure("ingest", "webhook p99 under that load", p99, 50, True, "ms", f"{len(waits)} acknowledged")
    yield Figure("ingest", "webhook median", 1000 * statistics.median(waits), unit="ms")


def _texts(count: int) -> list[str]:
    """`count` articles, each a random selection of sentences from one golden, quiet or sample text."""
    texts = [[s for s in text.replace("\n", " ").split(". ") if s] for text in _own_texts()]
    rng = random.Random(1)
    made = []
    for number in range(count):
        sentences = rng.choice(texts)
        chosen = rng.sample(sentences, max(1, round(len(sentences) * rng.uniform(0.4, 0.8))))
        made.append(f"Report {number}. " + ". ".join(chosen) + ".")
    return made


def _own_texts() -> Iterator[str]:
    top = seed_directory()
    golden = top.parent / "tests" / "golden"
    for directory in (golden / "articles", golden / "quiet", top / "articles"):
        for path in sorted(directory.glob("*.json")):
            yield json.loads(path.read_text(encoding="utf-8"))["text"]


@dataclass(frozen=True, slots=True)
class _Run:
    """A run. `seconds` elapsed; processor seconds of the coding processes and of the `whole` stack.

    `waits`: seconds until each delivery was acknowledged.
    """

    seconds: float
    processor: float
    whole: float = 0.0
    waits: Sequence[float] = ()


def _alone(texts: Sequence[str], processes: int) -> _Run:
    """Code the texts in `processes` forked processes that share a coder loaded beforehand."""
    container = Container(load_settings())
    container.warm_coder()
    fork = multiprocessing.get_context("fork")
    ready, go = fork.Barrier(processes + 1), fork.Event()

    def work(own: Sequence[str]) -> None:
        ready.wait()
        go.wait()
        for text in own:
            container.coder.code(Document(text, None, _DAY))

    workers = [fork.Process(target=work, args=(texts[n::processes],)) for n in range(processes)]
    for worker in workers:
        worker.start()
    ready.wait()
    begun, idle = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    go.set()
    for worker in workers:
        worker.join()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = spent.ru_utime - idle.ru_utime + spent.ru_stime - idle.ru_stime
    return _Run(time.monotonic() - begun, processor)


def _through(texts: Sequence[str], processes: int, rate: float, database_url: str | None) -> _Run:
    """Send the texts through the signed webhook; ends when every article is coded and the cache is up to date.

    `rate`: most deliveries a second.
    """
    from entente.bootstrap.stack import Stack

    bodies = [
        json.dumps({"text": text, "published_at": _DAY.isoformat(), "source": f"Wire {number % 50}"})
        for number, text in enumerate(texts)
    ]
    with tempfile.TemporaryDirectory(prefix="entente-bench") as directory:
        given = {"ENTENTE_DATA_DIR": directory, "ENTENTE_LOG_LEVEL": "warning"}
        if database_url:
            given["ENTENTE_DATABASE_URL"] = database_url
        with Stack(replace(Settings.from_env(given), worker_processes=processes)) as stack:
            container = stack.container
            secret = container.sources.add("bench", [ANY]).secrets[0]
            worker = stack.child("worker").pid or 0
            everything = [process for name in ("redis", "api", "worker") for process in _family(stack, name)]
            # The records of the baseline, which a new ledger begins with, are no part of the articles' work.
            while _left(container):
                stack.tick()
            begun, idle, idle_workers = time.monotonic(), _spent(everything), _spent(below(worker))
            with sending(f"{stack.api_url}/v1/webhooks/bench", secret, bodies, rate) as sent, progress("Sent") as move:
                while sent.running or _left(container):
                    stack.tick()
                    move(len(sent.waits), len(texts))
            seconds = time.monotonic() - begun
            spent, spent_by_workers = _spent(everything) - idle, _spent(below(worker)) - idle_workers
            container.close()
    return _Run(seconds, spent_by_workers, spent, sent.waits)


def _family(stack: "Stack", name: str) -> list[int]:
    pid = stack.child(name).pid
    return [pid, *below(pid)] if pid else []


def _spent(processes: Iterable[int]) -> float:
    return sum(seconds_of(pid) for pid in processes)


def _left(container: Container) -> bool:
    """Whether an article is not yet coded, or the cache is stale for a dyad."""
    with container.ledger.read() as unit:
        return bool(unit.articles.unfinished(1) or unit.dyads.dirty(1))
