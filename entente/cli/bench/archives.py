"""Run a story through the pipeline on a ledger of its own, with the days of publication as the clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

from entente.bootstrap.container import Container
from entente.cli.bench.stories import Reading, Story, StoryArticle, Track
from entente.relations.reasons import Reason
from entente.services.articles import ArticleDraft
from entente.services.reading.results import Grounds

_NOON = time(12, tzinfo=UTC)
_EVENING = time(23, 59, tzinfo=UTC)


class StoryClock:
    """The `Clock` port, at the time to which the story has come."""

    def __init__(self) -> None:
        self.at = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that a record shows. `doubted`: it is marked `change_unconfirmed`. `quotes`: lines about its evidence."""

    value: str
    doubted: bool
    quotes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Read:
    """What the records show as of a reading's day. `unconfirmed`: values below the floor, which are not shown."""

    reading: Reading
    shown: Mapping[Track, Shown]
    unconfirmed: Mapping[Track, Shown]


def run(story: Story, bench: Container) -> list[Read]:
    """Code the story's articles in the order of their days, and read every record on each of its reading days.

    The ledger has no baseline: the reader records only what the articles tell. `bench` lends its coder and seeds.
    """
    with TemporaryDirectory(prefix="entente-bench") as directory:
        container = bench.on_ledger_in(Path(directory), StoryClock())
        try:
            return list(_read_as_told(story, container))
        finally:
            container.close()


def _read_as_told(story: Story, container: Container) -> Iterator[Read]:
    container.migrate()
    clock = container.clock
    assert isinstance(clock, StoryClock)
    waiting = list(story.articles)
    for reading in story.readings:
        while waiting and waiting[0].published_on <= reading.as_of:
            article = waiting.pop(0)
            clock.at = datetime.combine(article.published_on, _NOON)
            code(article, container)
        clock.at = datetime.combine(reading.as_of, _EVENING)
        yield _read(reading, container)


def code(article: StoryArticle, container: Container) -> None:
    """Submit an article and code it, as a worker does."""
    at = datetime.combine(article.published_on, _NOON)
    draft = ArticleDraft(article.publisher, article.text, title=article.title, published_at=at)
    container.code_articles.run(container.ingest.submit(draft, ring=False).article_id)


def _read(reading: Reading, container: Container) -> Read:
    shown: dict[Track, Shown] = {}
    unconfirmed: dict[Track, Shown] = {}
    with container.ledger.read() as unit:
        dyads = list(unit.dyads.every())
    for dyad in dyads:
        for source, target in ((dyad.a, dyad.b), (dyad.b, dyad.a)):
            grounds = container.relations.why(source, target, as_of=reading.as_of)
            for found, reasons in ((shown, grounds.holding), (unconfirmed, grounds.unconfirmed)):
                for reason in reasons:
                    track = reason.interval.track
                    if source == dyad.a or not container.codebook.facet(track[2]).shared:
                        found[track] = _shown(reason, grounds)
    return Read(reading, shown, unconfirmed)


def _shown(reason: Reason, grounds: Grounds) -> Shown:
    interval = reason.interval
    doubted = any(
        other.interval.track[:4] == interval.track[:4] and other.interval.value != interval.value
        for other in grounds.unconfirmed
    )
    quotes = [
        f"{cause.event.act} {cause.event.status} {mention.event.confidence:.2f} {mention.published_on} "
        f"{mention.publisher}: “{mention.event.quote.text[:200]}”"
        for cause in reason.causes[:2]
        for mention in cause.event.mentions[:2]
    ]
    return Shown(interval.value, doubted and interval.standing == "held", quotes)
