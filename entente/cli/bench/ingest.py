"""`entente bench ingest`: from signed webhook to served state, against the coder alone."""

import json
import multiprocessing
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import click
import requests
from standardwebhooks.webhooks import Webhook

from entente.bootstrap.container import Container
from entente.bootstrap.seeds import seed_directory
from entente.bootstrap.settings import Settings
from entente.cli.bench.figures import Figure
from entente.cli.common import json_option, load_settings, progress
from entente.services.articles import Document

_SENDERS = 2
_DAY = date(2025, 7, 4)


@click.command("ingest")
@click.option("--articles", default=2000, show_default=True, help="How many are sent.")
@click.option("--processes", default=2, show_default=True, help="Worker processes, and processes of the coder alone.")
@json_option
def ingest_bench(articles: int, processes: int, as_json: bool) -> None:
    """Measure ingestion: own-made articles through the signed webhook until each is coded. Exit 1 below an aim."""
    figures = list(_figures(articles, processes))
    click.echo(
        json.dumps([figure.as_json() for figure in figures], ensure_ascii=False)
        if as_json
        else "\n".join(figure.line() for figure in figures)
    )
    if short := [figure.name for figure in figures if figure.met is False]:
        raise click.ClickException(f"short of the aim: {'; '.join(short)}")


def _figures(count: int, processes: int) -> Iterator[Figure]:
    texts = _texts(count)
    alone = _alone(texts, processes)
    yield Figure("ingest", "the coder alone, articles/s", alone, detail=f"{processes} processes, {count} articles")
    through, waits, acknowledged = _through(texts, processes, alone)
    yield Figure("ingest", "through the webhook, articles/s", through, detail="from the first POST to the last state")
    yield Figure("ingest", "through the webhook, of alone", through / alone, 0.7)
    waits.sort()
    p99 = 1000 * waits[int(0.99 * (len(waits) - 1))]
    yield Figure("ingest", "webhook p99 under that load", p99, 50, True, "ms", f"{acknowledged} acknowledged")
    yield Figure("ingest", "webhook median", 1000 * statistics.median(waits), unit="ms")


def _texts(count: int) -> list[str]:
    """Articles, each of some sentences of one text of our own (events between states, or none), in a new order."""
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


def _alone(texts: Sequence[str], processes: int) -> float:
    """Articles a second that so many processes code, each with a coder of its own, loaded beforehand."""
    container = Container(load_settings())
    container.coder.code(Document("Japan imposed sanctions on Belarus on Tuesday.", None, _DAY))
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
    begun = time.monotonic()
    go.set()
    for worker in workers:
        worker.join()
    return len(texts) / (time.monotonic() - begun)


def _through(texts: Sequence[str], processes: int, rate: float) -> tuple[float, list[float], int]:
    """(articles a second until every state is there, seconds that each delivery waited, how many were accepted)."""
    from entente.bootstrap.stack import Stack

    with tempfile.TemporaryDirectory(prefix="entente-bench") as directory:
        settings = replace(
            Settings.from_env({"ENTENTE_DATA_DIR": directory, "ENTENTE_LOG_LEVEL": "warning"}),
            worker_processes=processes,
            data_dir=Path(directory),
        )
        with Stack(settings) as stack:
            container = stack.container
            secret = container.sources.add("bench").secrets[0]
            url = f"{stack.api_url}/v1/webhooks/bench"
            ids: list[str] = []
            waits: list[float] = []
            begun = time.monotonic()
            senders = [
                threading.Thread(target=_send, args=(url, secret, texts, n, rate / _SENDERS, ids, waits), daemon=True)
                for n in range(_SENDERS)
            ]
            for sender in senders:
                sender.start()
            with progress("Coding") as move:
                while any(sender.is_alive() for sender in senders) or _left(container, ids):
                    stack.tick()
                    move(len(ids) - len(_left(container, ids)), len(texts))
            seconds = time.monotonic() - begun
            container.ledger.close()
    return len(texts) / seconds, waits, len(ids)


def _send(
    url: str, secret: str, texts: Sequence[str], first: int, rate: float, ids: list[str], waits: list[float]
) -> None:
    """Send every article of this sender, no faster than at this rate a second."""
    begun = time.monotonic()
    with requests.Session() as session:
        for done, number in enumerate(range(first, len(texts), _SENDERS)):
            time.sleep(max(0.0, begun + done / rate - time.monotonic()))
            body = json.dumps(
                {"text": texts[number], "published_at": _DAY.isoformat(), "source": f"Wire {number % 50}"}
            )
            now = datetime.now(UTC)
            headers = {
                "Content-Type": "application/json",
                "webhook-id": f"msg_{number}",
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": Webhook(secret).sign(f"msg_{number}", now, body),
            }
            sent = time.monotonic()
            answer = session.post(url, data=body.encode(), headers=headers, timeout=30)
            waits.append(time.monotonic() - sent)
            answer.raise_for_status()
            ids.append(answer.json()["id"])


def _left(container: Container, ids: Sequence[str]) -> list[str]:
    """The articles that are not coded yet, or whose states the cache is behind on."""
    with container.ledger.read() as unit:
        return [
            *unit.articles.unfinished(len(ids) + 1),
            *(f"{dyad.a}-{dyad.b}" for dyad, _ in unit.projection.dirty(1)),
        ]
