"""The composition root: wires adapters to services. Edges ask it for a service and never build an adapter.

Everything is created on first use: a process that only reads never loads the coder, and one that only codes text opens
neither database nor broker. Slow imports are deferred likewise.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from entente.bootstrap.absent import AbsentCache, AbsentDoorbell, AbsentHeartbeats
from entente.bootstrap.logging import request_renderer, request_writer
from entente.bootstrap.publishers import load_publishers
from entente.bootstrap.reliability import load_reliability
from entente.bootstrap.running import failing_parts
from entente.bootstrap.seeds import load_codebook, load_entities, seed_directory
from entente.bootstrap.settings import Settings
from entente.bootstrap.system import SystemClock, new_id, process_name
from entente.services.api_keys import Keys
from entente.services.articles import Document
from entente.services.circuit_breaker import CircuitBreaker, Waiting
from entente.services.curating.assertions import Assertions
from entente.services.curating.corrections import Corrections, Previews
from entente.services.curating.desk import Desk
from entente.services.curating.proposals import Proposals
from entente.services.importing.importer import Imports
from entente.services.importing.state_sets import StateImports
from entente.services.ingesting.code import CodeArticles
from entente.services.ingesting.feeds import Feeds
from entente.services.ingesting.fetch import FetchArticles
from entente.services.ingesting.ingest import Ingest
from entente.services.ingesting.pages import Pages
from entente.services.ingesting.sources import Sources
from entente.services.ingesting.sweep import Sweeper
from entente.services.ingesting.versions import Versions
from entente.services.places import Places
from entente.services.ports.cache import StateCache
from entente.services.ports.coder import Coder
from entente.services.ports.heartbeats import Heartbeats
from entente.services.ports.queue import TaskQueue
from entente.services.ports.rendering import Renderer
from entente.services.ports.subscriptions import EMAIL, WEBHOOK, Sender
from entente.services.ports.system import Clock
from entente.services.ports.webhooks import WebhookVerifier
from entente.services.projecting.projector import Projector
from entente.services.projecting.state_facts import Loaded, StateFactSets
from entente.services.reading.alerts import AlertReads
from entente.services.reading.articles import ArticleReads
from entente.services.reading.digests import Digests
from entente.services.reading.events import EventReads
from entente.services.reading.imports import ImportReads
from entente.services.reading.lookups import Lookups
from entente.services.reading.maps import Maps
from entente.services.reading.panels import Panels
from entente.services.reading.relation_lists import RelationLists
from entente.services.reading.relations import RelationReads
from entente.services.reading.state_facts import StateFactReads
from entente.services.reading.state_tables import StateReads
from entente.services.subscriptions import Dispatcher, Subscriptions

if TYPE_CHECKING:
    from celery import Celery

    from entente.relations.codebook import Codebook
    from entente.relations.entities import Entities
    from entente.relations.publishers import Publishers
    from entente.services.ports.fetching import Fetcher
    from entente.services.ports.files import FileReader
    from entente.services.ports.telemetry import Telemetry
    from entente.storage.ledger import SqlLedger
    from entente.telemetry.exposition import Exposition
    from entente.telemetry.metrics import Metrics
    from entente.telemetry.requests import RequestRecorder
    from entente.web.parser.lanes import Parsers


#: Most requests of one process to one host at once: fetches of pages and feeds, and deliveries.
FETCHES_A_HOST = 2
DELIVERIES_A_HOST = 4

#: Coded by `warm_coder`; it has actors, an act and a date, so that every part of the coder runs.
_FIRST_TEXT = Document("Japan imposed sanctions on Belarus on Tuesday.", None, date(2025, 7, 4))


class Container:
    """Adapters and services of one process. After a fork, use `forked()`: connections must not be shared."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        waiting: Waiting = nullcontext,
        statement_seconds: float | None = None,
    ) -> None:
        """`waiting` is entered while a call waits for Redis or PostgreSQL.

        `statement_seconds`: what a statement may take on PostgreSQL; None for no limit.
        """
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self._waiting = waiting
        self._statement_seconds = statement_seconds

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

    def warm_fetching(self) -> None:
        """Make what fetches, before several threads ask for it at once, and start its parsers."""
        _ = self.fetch_articles, self.feeds
        self.parsers.start()

    def warm_delivering(self) -> None:
        """Make what delivers, before several threads ask for it at once."""
        _ = self.dispatcher

    def celery_app(self) -> Celery:
        """The Celery application of beat and of the parts that take tasks. Raises SettingsError without Redis."""
        from entente.doorbell.broker import celery_app

        return celery_app(self.settings.require_redis())

    # Adapters

    @cached_property
    def ledger(self) -> SqlLedger:
        from entente.storage.ledger import SqlLedger

        breaker = self._circuit_breaker("the ledger's database")
        return SqlLedger(self.settings.database_url, self._waiting, self._statement_seconds, breaker)

    @cached_property
    def redis_breaker(self) -> CircuitBreaker:
        """The one circuit breaker of all that this process asks of Redis."""
        return self._circuit_breaker("Redis")

    def _circuit_breaker(self, name: str) -> CircuitBreaker:
        # Telemetry is made when there is something to tell.
        return CircuitBreaker(name, waiting=self._waiting, tell=lambda *told: self.telemetry.third_party_changed(*told))

    @cached_property
    def cache(self) -> StateCache:
        if self.settings.redis_url is None:
            return AbsentCache()
        from entente.storage.cache.redis_cache import RedisStateCache

        return RedisStateCache(self.settings.redis_url, breaker=self.redis_breaker)

    @cached_property
    def heartbeats(self) -> Heartbeats:
        if self.settings.redis_url is None:
            return AbsentHeartbeats()
        from entente.storage.cache.heartbeats import RedisHeartbeats

        return RedisHeartbeats(self.settings.redis_url, breaker=self.redis_breaker)

    @cached_property
    def near_cache(self) -> StateCache:
        """The cache for readers: Redis with a copy in this process, which Redis invalidates."""
        if self.settings.redis_url is None:
            return self.cache
        from entente.storage.cache.near_cache import NearStateCache

        return NearStateCache(self.settings.redis_url, breaker=self.redis_breaker)

    @cached_property
    def queue(self) -> TaskQueue:
        if self.settings.redis_url is None:
            return AbsentDoorbell()
        from entente.doorbell.bell import CeleryDoorbell

        return CeleryDoorbell(self.settings.redis_url, self.redis_breaker)

    @cached_property
    def coder(self) -> Coder:
        if self.settings.coder_url:
            from entente.web.remote_coder import RemoteCoder

            asked = (self.settings.coder_url, self.settings.coder_model, self.settings.coder_key)
            return RemoteCoder(*asked, self.codebook, self.entities)
        from entente.coding.coder import EnglishCoder

        acts = self.codebook.acts
        mutual = [name for name, act in acts.items() if act.mutual]
        effects = {
            name: frozenset((effect.facet, effect.item, effect.value, effect.moves) for effect in moved)
            for name in acts
            if (moved := self.codebook.effects(name, "effective"))
        }
        return EnglishCoder(seed_directory(), effects, mutual, self.settings.reader_weights)

    @cached_property
    def renderer(self) -> Renderer:
        from schemas.renderer import JsonRenderer

        return JsonRenderer(self.codebook, self.entities)

    @cached_property
    def verifier(self) -> WebhookVerifier:
        from entente.web.signatures import StandardWebhookVerifier

        return StandardWebhookVerifier()

    @cached_property
    def fetcher(self) -> Fetcher:
        from entente.web.fetcher import GuardedFetcher

        return GuardedFetcher(self.settings.user_agent, loopback=self.settings.fetch_loopback)

    @cached_property
    def parsers(self) -> Parsers:
        from entente.web.parser.lanes import Parsers

        return Parsers()

    @cached_property
    def pages(self) -> Pages:
        from entente.web.parser.readers import BoundedPages

        return Pages(self.fetcher, BoundedPages(self.parsers))

    @cached_property
    def codebook(self) -> Codebook:
        # The error rates are those of the bundled coder, and say nothing of another.
        measured = None if self.settings.coder_url else load_reliability()
        return replace(load_codebook(), reliability=measured)

    @cached_property
    def publishers(self) -> Publishers:
        return load_publishers()

    @cached_property
    def entities(self) -> Entities:
        return load_entities()

    # Telemetry. prometheus_client chooses how it counts when it is imported: after `begin_part`.

    @cached_property
    def metrics(self) -> Metrics:
        from entente.telemetry.metrics import Metrics

        return Metrics()

    @cached_property
    def telemetry(self) -> Telemetry:
        from entente.telemetry.recorder import Recorder

        cache_read = self.request_recorder.cache_read
        return Recorder(self.metrics, lambda act, status: self.codebook.codes(act, status).root, cache_read)

    @cached_property
    def request_recorder(self) -> RequestRecorder:
        from entente.telemetry.requests import RequestRecorder

        return RequestRecorder(self.metrics, request_renderer(self.settings), request_writer())

    @cached_property
    def exposition(self) -> Exposition:
        """What worker, fetcher, deliverer or beat counted."""
        from entente.telemetry.exposition import Exposition

        return Exposition(self.metrics)

    @cached_property
    def api_exposition(self) -> Exposition:
        """What the API counted, with the ledger's figures. The main process is the parent of those that answer."""
        from entente.telemetry.exposition import Exposition
        from entente.telemetry.system_collector import SystemCollector

        failing = partial(failing_parts, self.settings.data_dir)
        system = SystemCollector(self.ledger, self.cache, self.queue, self.heartbeats, self.clock, failing)
        return Exposition(self.metrics, [system], os.getppid)

    # Services

    @cached_property
    def ingest(self) -> Ingest:
        adapters = (self.ledger, self.queue, self.verifier, self.clock, new_id)
        loopback = self.settings.fetch_loopback
        return Ingest(
            *adapters,
            publishers=self.publishers,
            versions=self.versions,
            loopback=loopback,
            telemetry=self.telemetry,
        )

    @cached_property
    def versions(self) -> Versions:
        from entente.coding.wording import ArticleWording

        return Versions(ArticleWording(seed_directory()), self.publishers, new_id)

    @cached_property
    def projector(self) -> Projector:
        parts = (self.ledger, self.cache, self.renderer, self.codebook, self.clock)
        return Projector(*parts, self.publishers)

    @cached_property
    def state_fact_sets(self) -> StateFactSets:
        return StateFactSets(self.ledger, self.projector, self.codebook, self.clock, self.telemetry)

    @cached_property
    def imports(self) -> Imports:
        from entente.bootstrap.formats import load_dated_codes, load_formats

        return Imports(self.ledger, self.entities, load_dated_codes(), load_formats(), self.clock)

    @cached_property
    def import_reads(self) -> ImportReads:
        from entente.bootstrap.formats import load_formats

        return ImportReads(self.ledger, self.codebook, self.entities, load_formats(), self.clock)

    @cached_property
    def state_imports(self) -> StateImports:
        return StateImports(self.imports, self.state_fact_sets, self.codebook, self.entities, self.clock)

    @cached_property
    def code_articles(self) -> CodeArticles:
        parts = (self.ledger, self.coder, self.projector, self.queue, self.clock, process_name())
        return CodeArticles(*parts, self.telemetry)

    @cached_property
    def fetch_articles(self) -> FetchArticles:
        parts = self.ledger, self.pages, self.fetch_places, self.queue, self.clock, process_name()
        return FetchArticles(*parts, self.versions, self.telemetry)

    @cached_property
    def fetch_places(self) -> Places:
        return Places(self.settings.fetch_threads, FETCHES_A_HOST)

    @cached_property
    def assertions(self) -> Assertions:
        return Assertions(self.ledger, self.projector, self.codebook, self.entities, self.clock, new_id)

    @cached_property
    def corrections(self) -> Corrections:
        return Corrections(self.ledger, self.projector, self.queue, self.telemetry)

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.ledger, self.clock)

    @cached_property
    def proposals(self) -> Proposals:
        return Proposals(self.ledger, self.corrections, self.clock, self.telemetry)

    @cached_property
    def previews(self) -> Previews:
        return Previews(self.ledger, self.coder, self.projector, self.clock, new_id)

    @cached_property
    def sweeper(self) -> Sweeper:
        return Sweeper(self.ledger, self.queue, self.clock, self.telemetry)

    @cached_property
    def lookups(self) -> Lookups:
        return Lookups(self.ledger, self.entities)

    @cached_property
    def relations(self) -> RelationReads:
        parts = (self.ledger, self.near_cache, self.renderer, self.codebook, self.entities, self.clock)
        return RelationReads(*parts, self.telemetry)

    @cached_property
    def relation_lists(self) -> RelationLists:
        return RelationLists(self.ledger, self.codebook, self.entities, self.clock)

    @cached_property
    def states(self) -> StateReads:
        return StateReads(self.ledger, self.codebook, self.entities, self.clock)

    @cached_property
    def panels(self) -> Panels:
        return Panels(self.ledger, self.codebook, self.entities, self.clock)

    @cached_property
    def digests(self) -> Digests:
        return Digests(self.ledger)

    @cached_property
    def maps(self) -> Maps:
        return Maps(self.ledger, self.codebook, self.entities, self.clock)

    @cached_property
    def state_facts(self) -> StateFactReads:
        return StateFactReads(self.ledger, self.codebook, self.entities)

    @cached_property
    def events(self) -> EventReads:
        return EventReads(self.ledger)

    @cached_property
    def files(self) -> FileReader:
        from entente.web.parser.readers import BoundedFiles

        return BoundedFiles(self.parsers)

    @cached_property
    def articles(self) -> ArticleReads:
        return ArticleReads(self.ledger, self.publishers)

    @cached_property
    def feeds(self) -> Feeds:
        from entente.web.parser.readers import BoundedFeeds

        loopback = self.settings.fetch_loopback
        parts = self.ledger, self.fetcher, BoundedFeeds(self.parsers), self.queue, self.clock, new_id
        return Feeds(*parts, self.fetch_places, self.ingest, self.versions, loopback=loopback, telemetry=self.telemetry)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        allowed = {"loopback": self.settings.fetch_loopback, "mail": self.settings.smtp_url is not None}
        return Subscriptions(self.ledger, self.queue, self.clock, new_id, **allowed)

    @cached_property
    def alerts(self) -> AlertReads:
        return AlertReads(self.ledger, self.entities)

    @cached_property
    def senders(self) -> Mapping[str, Sender]:
        """What sends messages to subscribers, by kind of subscription."""
        from entente.web.courier import SigningCourier
        from schemas.alert_bodies import AlertBodies

        bodies, loopback = AlertBodies(self.settings.public_url), self.settings.fetch_loopback
        senders: dict[str, Sender] = {WEBHOOK: SigningCourier(self.settings.user_agent, bodies.body, loopback=loopback)}
        if self.settings.smtp_url is not None:
            from entente.web.mail.digests import Digests
            from entente.web.mail.smtp import MailServer, SmtpSender

            digests = Digests(self.settings.mail_from, self.settings.public_url)
            breaker = self._circuit_breaker("the mail server")
            server = MailServer.at(self.settings.smtp_url, self.settings.smtp_ca_file)
            senders[EMAIL] = SmtpSender(server, digests, breaker, self.clock)
        return senders

    @cached_property
    def dispatcher(self) -> Dispatcher:
        places = Places(self.settings.deliver_threads, DELIVERIES_A_HOST)
        parts = (self.ledger, self.senders, self.alerts, self.queue, self.clock, new_id, places)
        return Dispatcher(*parts, self.telemetry)

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.ledger, self.clock, self.telemetry)

    @cached_property
    def sources(self) -> Sources:
        return Sources(self.ledger, self.clock)
