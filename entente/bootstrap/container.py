"""The composition root: what a process asks for its services, and how it begins (migrations, warming up, forking)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from entente.bootstrap.absent import AbsentCache
from entente.bootstrap.adapters import bundled_coder
from entente.bootstrap.services import Services
from entente.services.articles import Document
from entente.services.ports.system import Clock
from entente.services.projecting.state_facts import Loaded

if TYPE_CHECKING:
    from celery import Celery

#: Coded by `warm_coder`; it has actors, an act and a date, so that every part of the coder runs.
_FIRST_TEXT = Document("Japan imposed sanctions on Belarus on Tuesday.", None, date(2025, 7, 4))


class Container(Services):
    """Adapters and services of one process. After a fork, use `forked()`: connections must not be shared."""

    def close(self) -> None:
        """Close the connections that were opened, and end the thread that listens to Redis; they open again on use."""
        for name in ("near_cache", "cache", "ledger"):
            made = self.__dict__.get(name)
            if made is not None and not isinstance(made, AbsentCache):
                made.close()

    def forked(self) -> Container:
        """A container for a forked process: shares coder and reference data, opens its own connections."""
        child = Container(self.settings, self.clock, self._waiting, self._statement_seconds)
        return self._lend(child, "coder", "codebook", "entities", "publishers", "metrics")

    def on_ledger_in(self, directory: Path, clock: Clock) -> Container:
        """A container on a SQLite ledger in that directory, without Redis; it shares coder and reference data."""
        database = f"sqlite:///{directory / 'entente.db'}"
        settings = replace(self.settings, data_dir=directory, database_url=database, redis_url=None)
        _ = self.coder, self.codebook, self.entities, self.publishers, self.metrics
        return self._lend(Container(settings, clock), "coder", "codebook", "entities", "publishers", "metrics")

    def _lend(self, other: Container, *names: str) -> Container:
        """Give another container what this one has already made of these."""
        for name in names:
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    def warm_coder(self) -> None:
        """Load the coder and, if it is the bundled one, code a sentence.

        Processes forked afterwards share the memory that the first text allocates. A remote coder is not called.
        """
        coder = self.coder
        if not self.settings.coder_url:
            coder.code(_FIRST_TEXT)

    def check_weights(self) -> None:
        """Load the weights of ENTENTE_READER_WEIGHTS, if set, once, so that nothing starts with some that are unusable.

        Raises SettingsError.
        """
        if self.settings.reader_weights and not self.settings.coder_url:
            bundled_coder(self.settings.reader_weights)
            bundled_coder.cache_clear()

    def migrate(self, revision: str | None = None) -> None:
        """Migrate the ledger to the current schema or to `revision`; for SQLite, create the data directory first.

        Raises Invalid for an unknown revision, Conflict if a newer version of Entente migrated the ledger.
        """
        from entente.storage import migrate

        if self.settings.database_url.startswith("sqlite"):
            self.settings.make_data_dir()
        if revision is None:
            migrate.upgrade(self.settings.database_url)
        else:
            migrate.migrate_to(self.settings.database_url, revision)

    def prepare(self) -> None:
        """Migrate the ledger to the current schema, and bring its baseline up to date. Raises as `migrate` does."""
        self.migrate()
        self.load_baseline()

    def load_baseline(self) -> Loaded | None:
        """Load the baseline, or remove it where it is switched off; None if nothing was to be done."""
        from entente.bootstrap.baseline import load_baseline

        return load_baseline(self.state_fact_sets, self.codebook, self.entities, wanted=self.settings.baseline)

    def revision(self) -> tuple[str | None, tuple[str, ...]]:
        """The revision of the ledger's tables, and every one that this version knows, in order."""
        from entente.storage import migrate

        return migrate.current(self.settings.database_url), migrate.revisions()

    def warm_working(self) -> None:
        """Load the coder, and make what a worker's tasks use, so that processes forked afterwards share its modules.

        Nothing connects: a forked process makes its own of what does.
        """
        self.warm_coder()
        _ = self.code_articles, self.sweeper, self.projector, self.feeds, self.dispatcher

    def warm_fetching(self) -> None:
        """Make what fetches, before several threads ask for it at once, and start a parser."""
        _ = self.fetch_articles, self.feeds
        self.parsers.start()

    def warm_delivering(self) -> None:
        """Make what delivers, before several threads ask for it at once."""
        _ = self.dispatcher

    def celery_app(self) -> Celery:
        """The Celery application of beat and of the parts that take tasks. Raises SettingsError without Redis."""
        from entente.doorbell.broker import celery_app

        return celery_app(self.settings.require_redis())
