"""Adapters: what implements each port in one process, chosen by the settings, and the reference data they share.

Everything is created on first use: a process that only reads never loads the coder, and one that only codes text opens
neither database nor broker. Slow imports are deferred likewise.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from entente.bootstrap.absent import AbsentCache, AbsentDoorbell, AbsentHeartbeats
from entente.bootstrap.logging import request_renderer, request_writer
from entente.bootstrap.publishers import load_publishers
from entente.bootstrap.reliability import load_reliability
from entente.bootstrap.running import failing_parts
from entente.bootstrap.seeds import load_codebook, load_entities, seed_directory
from entente.bootstrap.settings import Settings, SettingsError
from entente.bootstrap.system import SystemClock
from entente.services.circuit_breaker import CircuitBreaker, Waiting
from entente.services.ingesting.pages import Pages
from entente.services.ports.cache import StateCache
from entente.services.ports.coder import Coder
from entente.services.ports.heartbeats import Heartbeats
from entente.services.ports.queue import TaskQueue
from entente.services.ports.rendering import Renderer
from entente.services.ports.subscriptions import EMAIL, WEBHOOK, Sender
from entente.services.ports.system import Clock
from entente.services.ports.webhooks import WebhookVerifier
from entente.services.ports.wording import Wording

if TYPE_CHECKING:
    from entente.relations.codebook import Codebook
    from entente.relations.entities import Entities
    from entente.relations.publishers import Publishers
    from entente.services.ports.fetching import FeedReader, Fetcher
    from entente.services.ports.files import FileReader
    from entente.services.ports.telemetry import Telemetry
    from entente.storage.ledger import SqlLedger
    from entente.telemetry.exposition import Exposition
    from entente.telemetry.metrics import Metrics
    from entente.telemetry.requests import RequestRecorder
    from entente.web.parser.lanes import Parsers


@cache
def bundled_coder(weights: Path | None) -> Coder:
    """The coder of these weights, None for the bundled ones; loaded once a process, as it holds some 200 MB.

    Raises SettingsError if weights that are not the bundled ones cannot be read, or have decisions of another version.
    """
    from entente.coding.coder import BadDecisions, EnglishCoder

    codebook = load_codebook()
    mutual = [name for name, act in codebook.acts.items() if act.mutual]
    effects = {
        name: frozenset((effect.facet, effect.item, effect.value, effect.moves) for effect in moved)
        for name in codebook.acts
        if (moved := codebook.effects(name, "effective"))
    }
    of_anyone = {
        act for facet in codebook.facets.values() if facet.of_anyone for act, _ in codebook.movers.get(facet.name, ())
    }
    try:
        return EnglishCoder(seed_directory(), effects, mutual, of_anyone, weights)
    except BadDecisions as error:
        remedy = "copy training/decisions.toml of this version there, or train the reader again"
        raise SettingsError("ENTENTE_READER_WEIGHTS", str(error), remedy) from error
    except Exception as error:
        # Graphs, labels and vocabulary are read by libraries with errors of their own.
        if weights is None:
            raise
        remedy = "name a directory that this version's `make reader` wrote, or leave it blank"
        raise SettingsError("ENTENTE_READER_WEIGHTS", f"{weights} cannot be read: {error!r}", remedy) from error


class Adapters:
    """Implementations of the ports for one process."""

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

    # Reference data

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

    # Ports

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
        return bundled_coder(self.settings.reader_weights)

    @cached_property
    def wording(self) -> Wording:
        from entente.coding.wording import ArticleWording

        return ArticleWording(seed_directory())

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
    def files(self) -> FileReader:
        from entente.web.parser.readers import BoundedFiles

        return BoundedFiles(self.parsers)

    @cached_property
    def feed_files(self) -> FeedReader:
        from entente.web.parser.readers import BoundedFeeds

        return BoundedFeeds(self.parsers)

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
