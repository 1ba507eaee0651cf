"""Services: the use cases of one process, wired to its adapters on first use."""

from __future__ import annotations

from functools import cached_property

from entente.bootstrap.adapters import Adapters
from entente.bootstrap.system import new_id, process_name
from entente.services.api_keys import Keys
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
from entente.services.ingesting.sources import Sources
from entente.services.ingesting.sweep import Sweeper
from entente.services.ingesting.versions import Versions
from entente.services.places import Places
from entente.services.projecting.projector import Projector
from entente.services.projecting.state_facts import StateFactSets
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

#: Most requests of one process to one host at once: fetches of pages and feeds, and deliveries.
FETCHES_A_HOST = 2
DELIVERIES_A_HOST = 4


class Services(Adapters):
    """The use cases. Edges ask for one of these and never build an adapter."""

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
        return Versions(self.wording, self.publishers, new_id)

    @cached_property
    def projector(self) -> Projector:
        # Not `cache`: who changes a dyad also drops the copies that this process reads.
        parts = (self.ledger, self.near_cache, self.renderer, self.codebook, self.clock)
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
        return EventReads(self.ledger, self.clock)

    @cached_property
    def articles(self) -> ArticleReads:
        return ArticleReads(self.ledger, self.publishers)

    @cached_property
    def feeds(self) -> Feeds:
        loopback = self.settings.fetch_loopback
        parts = self.ledger, self.fetcher, self.feed_files, self.queue, self.clock, new_id
        return Feeds(*parts, self.fetch_places, self.ingest, self.versions, loopback=loopback, telemetry=self.telemetry)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        allowed = {"loopback": self.settings.fetch_loopback, "mail": self.settings.smtp_url is not None}
        return Subscriptions(self.ledger, self.queue, self.clock, new_id, **allowed)

    @cached_property
    def alerts(self) -> AlertReads:
        return AlertReads(self.ledger, self.entities)

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
