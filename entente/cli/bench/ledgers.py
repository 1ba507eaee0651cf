"""Ledgers filled with any number of invented events for the benches, in constant memory."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.relations.dyads import Dyad
from entente.relations.entities import Entities
from entente.relations.events import Actor, CodedEvent, Span
from entente.relations.periods import Period
from entente.services.articles import ArticleDraft
from entente.services.ports.ledger import UnitOfWork

#: The pair of states that the benches read; a ledger of one dyad has only this pair.
PAIR = ("RUS", "AFG")

LAST_DAY = date(2024, 12, 31)
_DAYS = 50 * 365
_WORDS = Span("text", 0, 5, "words")

#: Coprime to any number of days and acts below it, so that its multiples visit each combination once.
_STRIDE = 2_147_483_647

#: Between the first events of one dyad and the next, so that dyads differ in acts and days.
_APART = 7919

_EVENTS_OF_AN_ARTICLE = 1000

#: Events that `multiplied` copies.
TO_COPY = 20_000

#: Table → expressions for the columns of a copy that differ; under "" the condition of the rows to copy, under "order"
#: order of time, of what is stored in it.
_COPIED = {
    "mentions": {
        "id": "id || '~{copy}'",
        "number": "number + 10000 * {copy}",
        "": "id NOT LIKE '%~%'",
        "order": "period_first",
    },
    "events": {"id": "id || '~{copy}'", "": "id NOT LIKE '%~%'", "order": "starts_on"},
    "event_mentions": {
        "event_id": "event_id || '~{copy}'",
        "mention_id": "mention_id || '~{copy}'",
        "": "event_id NOT LIKE '%~%'",
        "order": "(SELECT starts_on FROM events WHERE id = event_id)",
    },
    # Copies have ended, so that a record holds what it holds in a small ledger.
    "states": {"id": "NULL", "valid_to": "coalesce(valid_to, date(starts_on, '+1 day'))", "": "id <= {rows}"},
    "changes": {"seq": "seq + {rows} * {copy}", "": "seq <= {rows}"},
}


def opened(directory: Path, redis_url: str | None = None) -> Container:
    """A container on the ledger in this directory."""
    given = {"ENTENTE_DATA_DIR": str(directory), **({"ENTENTE_REDIS_URL": redis_url} if redis_url else {})}
    return Container(Settings.from_env(given))


def filled(directory: Path, n: int, dyads: int = 1, redis_url: str | None = None) -> Container:
    """Create a ledger of `n` events over fifty years and `dyads` dyads, and derive it, into Redis too if given."""
    container = opened(directory, redis_url)
    container.migrate()
    acts = sorted(container.codebook.acts)
    for dyad, (one, other) in enumerate(pairs(container.entities, dyads)):
        share = n // dyads + (dyad < n % dyads)
        events = _events(one, other, acts, share, dyad * _APART)
        number = 0
        while some := list(islice(events, _EVENTS_OF_AN_ARTICLE)):
            with container.ledger.write() as unit:
                report(container, unit, f"filling-{dyad}-{number}", some)
                unit.commit()
            number += 1
    container.projector.rebuild()
    return container


def multiplied(directory: Path, n: int, dyads: int = 1, *, in_order: bool = True) -> Container:
    """The same ledger with many events, made faster: its rows are copies of those of a ledger of up to 20,000 events.

    Events, mentions, intervals and changes have `n` / 20,000 copies, under other ids; sums and checkpoints have none.
    Events and mentions are stored copy by copy: each in order of time, as news comes, or else dyad by dyad, as the
    ledger of which they are copies.
    For reading only: what is derived anew does not have the copies.
    """
    container = filled(directory, min(n, TO_COPY), dyads)
    container.ledger.close()
    with sqlite3.connect(directory / "entente.db") as connection:
        connection.execute("PRAGMA synchronous=OFF")
        for table, changed in _COPIED.items():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            wanted = ", ".join(changed.get(name, name) for name in columns)
            (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            for copy in range(1, n // TO_COPY):
                statement = f"INSERT INTO {table} SELECT {wanted} FROM {table} WHERE {changed['']}"
                if in_order and "order" in changed:
                    statement += f" ORDER BY {changed['order']}"
                connection.execute(statement.format(copy=copy, rows=rows))
    return opened(directory)


def pairs(entities: Entities, dyads: int) -> list[tuple[str, str]]:
    """The first `dyads` pairs of states, PAIR first."""
    keys = sorted(entity.key for entity in entities if entity.kind == "state")
    others = ((a, b) for a in keys for b in keys if a < b and {a, b} != set(PAIR))
    return [PAIR, *islice(others, dyads - 1)]


def report(container: Container, unit: UnitOfWork, id: str, events: Sequence[CodedEvent]) -> None:
    """Record an article with this id that reports these events."""
    at = container.clock.now()
    unit.articles.add(ArticleDraft("bench", text=id, published_at=at), id, id, at)
    article = unit.articles.get(id)
    assert article
    unit.mentions.record(article, events, "bench", at)


def invented(source: str, target: str, act: str, day: date) -> CodedEvent:
    """An effective event between the governments of two states."""
    parties = (Actor(source, "GOV", source), Actor(target, "GOV", target))
    return CodedEvent(*parties, act, "effective", Period.day(day), "text", 0.9, _WORDS, _WORDS)


def dyad() -> Dyad:
    """The dyad of PAIR."""
    return Dyad.of(*PAIR)


def _events(one: str, other: str, acts: Sequence[str], n: int, begin: int) -> Iterator[CodedEvent]:
    """`n` different events, not in order of time; `begin` is the place of the first one among all that there are."""
    there_are = 2 * len(acts) * _DAYS
    assert n <= there_are, f"no more than {there_are:,} events of one dyad differ"
    for i in range(n):
        day, which = divmod((begin + i * _STRIDE) % there_are, 2 * len(acts))
        act, backwards = divmod(which, 2)
        source, target = (other, one) if backwards else (one, other)
        yield invented(source, target, acts[act], LAST_DAY - timedelta(days=day))
