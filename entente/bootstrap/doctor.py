"""Checks of an installation: data, ledger, clock, SQLite, Redis, parts, seeds, what follows, senders, feeds, coder."""

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from entente.bootstrap import running
from entente.bootstrap.baseline import BASELINE
from entente.bootstrap.broker import DELIVERER, FETCHER, PARTS, WORKER
from entente.bootstrap.container import Container
from entente.bootstrap.embedded_redis import answers, redis_server
from entente.bootstrap.errors import EXPECTED

#: First and last SQLite version with the WAL-reset bug (sqlite.org/wal.html): a checkpoint that races with a writer can
#: corrupt the database, rarely.
WAL_RACE = ((3, 7, 0), (3, 51, 2))
MIN_FREE_BYTES = 500_000_000

#: Most failing feeds that are named.
_MOST_TOLD = 5

#: Seconds that the clocks of machines on one ledger may differ.
CLOCK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check. `verdict`: ok, warning (works with a limitation) or failure."""

    check: str
    verdict: str
    detail: str


def examine(container: Container) -> list[Finding]:
    """Run every check; a failing check doesn't stop the others."""
    answering = cache(container.queue.workers)
    checks: dict[str, Callable[[Container], tuple[str, str]]] = {
        "data directory": _data_dir,
        "permissions": _permissions,
        "ledger": _ledger,
        "clock": _clock,
        "sqlite": _sqlite,
        "redis": _redis,
        **{part: partial(_part, part, answering) for part in PARTS},
        "parts": _parts,
        "seeds": _seeds,
        "baseline": _baseline,
        "states": _states,
        "credits": _credits,
        "senders": _senders,
        "feeds": _feeds,
        "confidence": _confidence,
        "coder": _coder,
    }
    return [_finding(name, check, container) for name, check in checks.items()]


def _finding(name: str, check: Callable[[Container], tuple[str, str]], container: Container) -> Finding:
    try:
        return Finding(name, *check(container))
    except EXPECTED as error:
        return Finding(name, "failure", str(error))
    except Exception as error:
        # A ledger whose tables are not as they should be, say: the other checks may tell why.
        return Finding(name, "failure", f"{type(error).__name__}: {error}")


def _data_dir(container: Container) -> tuple[str, str]:
    place = container.settings.make_data_dir()
    free = shutil.disk_usage(place).free
    verdict = "ok" if free >= MIN_FREE_BYTES else "warning"
    return verdict, f"{place}, {free / 1e9:.1f} GB free"


def _permissions(container: Container) -> tuple[str, str]:
    place = container.settings.data_dir
    url = container.settings.database_url
    files = [Path(url.removeprefix("sqlite:///"))] if url.startswith("sqlite") else []
    held = [(place, 0o700), *((file, 0o600) for file in files)]
    open_ = [(path, mode) for path, mode in held if path.exists() and path.stat().st_mode & 0o077]
    if open_:
        remedy = "; ".join(f"chmod {mode:o} {path}" for path, mode in open_)
        return "warning", f"others on this machine may read the ledger and the secrets in it: {remedy}"
    return "ok", "only the owner reads the data"


def _ledger(container: Container) -> tuple[str, str]:
    container.migrate()
    container.ledger.ping()
    return "ok", f"{container.settings.database_url.partition(':')[0]} takes writes, tables up to date"


def _clock(container: Container) -> tuple[str, str]:
    now = container.clock.now()
    with container.ledger.read() as unit:
        behind = (unit.changes.recording_time(now) - now).total_seconds()
    if behind > CLOCK_SECONDS:
        told = f"{behind:.0f} s behind the ledger's last record, whose time new records take until then"
        return "warning", f"{told}; set this machine's clock"
    return "ok", "not behind the ledger's last record"


def _sqlite(container: Container) -> tuple[str, str]:
    version = sqlite3.sqlite_version_info
    if not container.settings.database_url.startswith("sqlite"):
        return "ok", "not in use"
    if WAL_RACE[0] <= version <= WAL_RACE[1]:
        return "warning", f"{sqlite3.sqlite_version} has the WAL-reset race (rare corruption); 3.51.3 and later don't"
    return "ok", sqlite3.sqlite_version


def _redis(container: Container) -> tuple[str, str]:
    url = container.settings.redis_url
    if url is None:
        return "ok", f"`entente up` starts {redis_server()}"
    return ("ok", "answers") if answers(url) else ("failure", "the configured Redis doesn't answer")


#: Part → what is left undone where none runs.
_WITHOUT = {
    WORKER: "`entente ingest` codes in its own process",
    FETCHER: "pages and feeds wait",
    DELIVERER: "subscribers wait",
}


def _part(part: str, answering: Callable[[], Mapping[str, int]], _container: Container) -> tuple[str, str]:
    count = answering().get(part, 0)
    return ("ok", f"{count} answer") if count else ("warning", f"none runs; {_WITHOUT[part]}")


def _parts(container: Container) -> tuple[str, str]:
    stack = running.find(container.settings.data_dir)
    if stack is None:
        return "ok", "no embedded stack runs here"
    if stack.failing:
        logs = container.settings.data_dir / "log"
        return "failure", f"{', '.join(stack.failing)} dies again and again; see {logs}"
    return "ok", f"the embedded stack runs (pid {stack.pid})"


def _seeds(container: Container) -> tuple[str, str]:
    book = container.codebook
    counts = {
        "entities": len(container.entities),
        "acts": len(book.acts),
        "facets": len(book.facets),
        "publishers": len(container.publishers),
    }
    return "ok", ", ".join(f"{count} {name}" for name, count in counts.items())


def _baseline(container: Container) -> tuple[str, str]:
    container.load_baseline()
    if not container.settings.baseline:
        return "ok", "switched off by ENTENTE_BASELINE"
    return "ok", f"{container.state_fact_sets.count(BASELINE):,} facts, as in seeds/baseline"


def _states(container: Container) -> tuple[str, str]:
    behind = container.projector.left_behind()
    return ("warning", behind) if behind else ("ok", f"derived under codebook {container.codebook.version}")


def _credits(container: Container) -> tuple[str, str]:
    behind = container.projector.credits.left_behind()
    return ("warning", behind) if behind else ("ok", "mentions count for the owners of their first prints")


def _senders(container: Container) -> tuple[str, str]:
    unbound = container.sources.unbound()
    if unbound:
        names = ", ".join(unbound)
        remedy = "right for an aggregator alone; `entente sources bind NAME PUBLISHER…` binds one"
        return "warning", f"may deliver articles of any publisher: {names} ({remedy})"
    return "ok", "each may deliver articles of its own publishers only"


def _feeds(container: Container) -> tuple[str, str]:
    polled = [feed for feed in container.feeds.list() if feed.active]
    failing = [feed for feed in polled if feed.failures]
    if failing:
        told = "; ".join(f"{feed.url}: {feed.last_error} ({feed.failures} times)" for feed in failing[:_MOST_TOLD])
        more = f"; {len(failing) - _MOST_TOLD} more" if len(failing) > _MOST_TOLD else ""
        return "warning", f"not read: {told}{more} (`entente feeds list` shows all, `entente feeds stop ID` stops one)"
    return "ok", f"{len(polled)} polled"


def _confidence(container: Container) -> tuple[str, str]:
    found = container.projector.uncalibrated()
    if not found:
        return "ok", "the floor applies to every mention that a coder made"
    told = ", ".join(f"{n:,} by coder {version}" for version, n in found.items())
    remedy = "`entente recode --all` codes the articles again"
    if container.coder.version not in container.codebook.calibrated:
        remedy = f"nor is that of the coder in use, {container.coder.version}"
    return "warning", f"mentions move facets without a floor, their confidence being no probability: {told}; {remedy}"


def _coder(container: Container) -> tuple[str, str]:
    return "ok", f"version {container.coder.version}"
