"""The composition root: wires adapters to services. Edges ask it for a service and never build an adapter.

Everything is created on first use: a process that only reads never loads the coder, and one that only codes text opens
neither database nor broker. Slow imports are deferred likewise.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from entente.bootstrap.absent import AbsentCache, AbsentDoorbell
from entente.bootstrap.publishers import load_publishers
from entente.bootstrap.seeds import load_codebook, load_entities, seed_directory
from entente.bootstrap.settings import Settings
from entente.bootstrap.system import SystemClock, new_id, process_name
from entente.services.api_keys import Keys
from entente.services.articles import Document
from entente.services.curating.assertions import Assertions
from entente.services.curating.corrections import Corrections, Previews
from entente.services.ingesting.code import CodeArticles
from entente.services.ingesting.feeds import Feeds
from entente.services.ingesting.ingest import Ingest
from entente.services.ingesting.pages import Pages
from entente.services.ingesting.sources import Sources
from entente.services.ingesting.sweep import Sweeper
from entente.services.ports.cache import StateCache
from entente.services.ports.coder import Coder
from entente.services.ports.queue import TaskQueue
from entente.services.ports.rendering import Renderer
from entente.services.ports.system import Clock
from entente.services.ports.webhooks import WebhookVerifier
from entente.services.projecting.projector import Projector
from entente.services.reading.events import EventReads
from entente.services.reading.lookups import Lookups
from entente.services.reading.relation_lists import RelationLists
from entente.services.reading.relations import RelationReads
from entente.services.subscriptions import Dispatcher, Subscriptions

if TYPE_CHECKING:
    from celery import Celery

    from entente.relations.codebook import Codebook
    from entente.relations.entities import Entities
    from entente.relations.publishers import Publishers
    from entente.services.ports.fetching import Fetcher
    from entente.storage.ledger import SqlLedger


#: Coded by `warm_coder`; it has actors, an act and a date, so that every part of the coder runs.
_FIRST_TEXT = Document("Japan imposed sanctions on Belarus on Tuesday.", None, date(2025, 7, 4))


class Container:
    """Adapters and services of one process. After a fork, use `forked()`: connections must not be shared."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()

    def forked(self) -> Container:
        """A container for a forked process: shares coder and reference data, opens its own connections."""
        child = Container(self.settings, self.clock)
        for name in ("coder", "codebook", "entities", "publishers"):
            if name in self.__dict__:
                child.__dict__[name] = self.__dict__[name]
        return child

    def warm_coder(self) -> None:
        """Load the coder and, if it is the bundled one, code a sentence.

        Processes forked afterwards share the memory that the first text allocates. A remote coder is not called.
        """
        coder = self.coder
        if not self.settings.coder_url:
            coder.code(_FIRST_TEXT)

    def migrate(self) -> None:
        """Migrate the ledger to the current schema; for SQLite, create the data directory first."""
        from entente.storage import migrate

        if self.settings.database_url.startswith("sqlite"):
            self.settings.make_data_dir()
        migrate.upgrade(self.settings.database_url)

    def celery_app(self) -> Celery:
        """The Celery application of worker and beat. Raises SettingsError without Redis."""
        from entente.doorbell.broker import celery_app

        return celery_app(self.settings.require_redis())

    # Adapters

    @cached_property
    def ledger(self) -> SqlLedger:
        from entente.storage.ledger import SqlLedger

        return SqlLedger(self.settings.database_url)

    @cached_property
    def cache(self) -> StateCache:
        if self.settings.redis_url is None:
            return AbsentCache()
        from entente.storage.cache.redis_cache import RedisStateCache

        return RedisStateCache(self.settings.redis_url)

    @cached_property
    def near_cache(self) -> StateCache:
        """The cache for readers: Redis with a copy in this process, which Redis invalidates."""
        if self.settings.redis_url is None:
            return self.cache
        from entente.storage.cache.near_cache import NearStateCache

        return NearStateCache(self.settings.redis_url)

    @cached_property
    def queue(self) -> TaskQueue:
        if self.settings.redis_url is None:
            return AbsentDoorbell()
        from entente.doorbell.bell import CeleryDoorbell

        return CeleryDoorbell(self.settings.redis_url)

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
    def pages(self) -> Pages:
        from entente.web.pages import ArticlePages

        return Pages(self.fetcher, ArticlePages())

    @cached_property
    def codebook(self) -> Codebook:
        return load_codebook()

    @cached_property
    def publishers(self) -> Publishers:
        return load_publishers()

    @cached_property
    def entities(self) -> Entities:
        return load_entities()

    # Services

    @cached_property
    def ingest(self) -> Ingest:
        adapters = (self.ledger, self.queue, self.verifier, self.clock, new_id)
        return Ingest(*adapters, publishers=self.publishers, loopback=self.settings.fetch_loopback)

    @cached_property
    def projector(self) -> Projector:
        parts = (self.ledger, self.cache, self.renderer, self.codebook, self.clock)
        return Projector(*parts, self.publishers)

    @cached_property
    def code_articles(self) -> CodeArticles:
        return CodeArticles(self.ledger, self.coder, self.projector, self.clock, process_name(), self.pages)

    @cached_property
    def assertions(self) -> Assertions:
        return Assertions(self.ledger, self.projector, self.codebook, self.entities, self.clock, new_id)

    @cached_property
    def corrections(self) -> Corrections:
        return Corrections(self.ledger, self.projector, self.queue, self.clock)

    @cached_property
    def previews(self) -> Previews:
        return Previews(self.ledger, self.coder, self.projector, self.clock, new_id)

    @cached_property
    def sweeper(self) -> Sweeper:
        return Sweeper(self.ledger, self.queue, self.clock)

    @cached_property
    def lookups(self) -> Lookups:
        return Lookups(self.ledger, self.entities)

    @cached_property
    def relations(self) -> RelationReads:
        return RelationReads(self.ledger, self.near_cache, self.renderer, self.codebook, self.entities, self.clock)

    @cached_property
    def relation_lists(self) -> RelationLists:
        return RelationLists(self.ledger, self.codebook, self.entities, self.clock)

    @cached_property
    def events(self) -> EventReads:
        return EventReads(self.ledger)

    @cached_property
    def feeds(self) -> Feeds:
        from entente.web.feeds import FeedFiles

        loopback = self.settings.fetch_loopback
        return Feeds(self.ledger, self.fetcher, FeedFiles(), self.queue, self.clock, new_id, loopback=loopback)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self.ledger, self.queue, self.clock, new_id, loopback=self.settings.fetch_loopback)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        from entente.web.courier import SigningCourier
        from schemas.changes import change_message

        courier = SigningCourier(self.settings.user_agent, loopback=self.settings.fetch_loopback)
        return Dispatcher(self.ledger, courier, change_message, self.queue, self.clock, new_id)

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.ledger, self.clock)

    @cached_property
    def sources(self) -> Sources:
        return Sources(self.ledger, self.clock)
