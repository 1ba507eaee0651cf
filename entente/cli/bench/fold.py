"""`entente bench fold`: what deriving states costs, each figure beside its aim."""

import json
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import click

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.cli.bench.figures import Figure
from entente.cli.common import json_option
from entente.relations.events import Actor, CodedEvent, Event, Span
from entente.relations.fold import fold
from entente.relations.periods import Period
from entente.services.articles import ArticleDraft
from entente.services.ports import Dyad, UnitOfWork

_DYAD = Dyad("AFG", "RUS")
_WORDS = Span("text", 0, 5, "words")
_APPENDED = 40


@click.command("fold")
@click.option("--events", default=100_000, show_default=True, help="Events of the long history.")
@json_option
def fold_bench(events: int, as_json: bool) -> None:
    """Measure the fold: from memory, appending to a short and a long history, and a rebuild. Exit 1 below an aim."""
    measured = []
    for figure in _figures(events):
        measured.append(figure)
        if not as_json:
            click.echo(figure.line())
    if as_json:
        click.echo(json.dumps([figure.as_json() for figure in measured], ensure_ascii=False))
    if short := [figure.name for figure in measured if figure.met is False]:
        raise click.ClickException(f"short of the aim: {'; '.join(short)}")


def _figures(n: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="entente-bench") as directory:
        short = _filled(Path(directory) / "short", 10)
        few = _append(short)
        long = _filled(Path(directory) / "long", n)
        with long.ledger.read() as unit:
            begun = time.process_time()
            held = list(unit.events.of_dyad(_DYAD))
            iterating = time.process_time() - begun
        spent = statistics.median(_seconds_of_fold(held, long) for _ in range(5))
        yield Figure("fold", "events/s a core, from memory", len(held) / spent, 60_000, detail=f"{len(held):,} events")
        del held
        begun = time.process_time()
        long.projector.rebuild()
        ratio = (time.process_time() - begun) / iterating
        yield Figure("fold", "rebuild, times iterating", ratio, 3, True, detail=f"iterating took {iterating:.1f} s")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Figure("fold", "peak memory", peak, 500, True, "MB", "with all events in memory for the first figure")
        many = _append(long)
        detail = f"{1000 * few:.1f} ms after 10 events, {1000 * many:.1f} ms after {n:,}"
        yield Figure("fold", "append, long over short history", many / few, 2, True, detail=detail)
        for container in (short, long):
            container.ledger.close()


def _seconds_of_fold(held: Sequence[Event], container: Container) -> float:
    begun = time.process_time()
    fold(held, container.codebook)
    return time.process_time() - begun


def _filled(directory: Path, n: int) -> Container:
    """A ledger whose one dyad has n events over fifty years, projected."""
    container = Container(Settings.from_env({"ENTENTE_DATA_DIR": str(directory)}))
    container.migrate()
    rng = random.Random(n)
    days = [date(2024, 12, 31) - timedelta(days=back) for back in range(50 * 365)]
    acts = sorted(name for name in container.codebook.acts)
    ids: set[tuple[str, str, date]] = set()
    while len(ids) < n:
        ids.add((rng.choice(("AFG", "RUS")), rng.choice(acts), rng.choice(days)))
    coded = [_event(*id) for id in sorted(ids)]
    with container.ledger.write() as unit:
        for number, start in enumerate(range(0, n, 1000)):
            _report(container, unit, f"filling-{number}", coded[start : start + 1000])
        unit.commit()
    container.projector.rebuild()
    return container


def _append(container: Container) -> float:
    """Median seconds from an article's mentions to the record in the cache, of events that come last."""
    rng = random.Random(1)
    acts = sorted(name for name in container.codebook.acts)
    taken = []
    for i in range(_APPENDED):
        event = _event("RUS", rng.choice(acts), date(2025, 1, 1) + timedelta(days=i))
        at = container.clock.now()
        begun = time.perf_counter()
        with container.ledger.write() as unit:
            with container.projector.session(unit, [_DYAD]) as session:
                _report(container, unit, f"appended-{i}", [event])
                session.fold(f"appended-{i}", at)
            unit.commit()
        container.projector.refresh(session.versions)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken[5:])


def _report(container: Container, unit: UnitOfWork, id: str, events: list[CodedEvent]) -> None:
    at = container.clock.now()
    unit.articles.add(ArticleDraft("bench", text=id, published_at=at), id, id, at)
    article = unit.articles.get(id)
    assert article
    unit.mentions.record(article, events, "bench", at)


def _event(source: str, act: str, day: date) -> CodedEvent:
    target = "AFG" if source == "RUS" else "RUS"
    parties = (Actor(source, "GOV", source), Actor(target, "GOV", target))
    return CodedEvent(*parties, act, "effective", Period.day(day), "text", 0.9, _WORDS, _WORDS)
