"""Port: the ledger (SQL), read and written in units of work.

A `UnitOfWork` is a context manager; leaving it without `commit` rolls back.
"""

from contextlib import AbstractContextManager
from typing import Protocol

from entente.services.ports.api_keys import KeyBook
from entente.services.ports.articles import ArticleLog
from entente.services.ports.assertions import AssertionLog
from entente.services.ports.changes import ChangeLog
from entente.services.ports.derived import DerivedReads, DerivedWrites
from entente.services.ports.dyads import DyadVersions
from entente.services.ports.events import EventIndex
from entente.services.ports.feeds import FeedBook
from entente.services.ports.figures import LedgerFigures
from entente.services.ports.mentions import MentionLog
from entente.services.ports.proposals import ProposalBook
from entente.services.ports.relations import RelationIndex
from entente.services.ports.reprints import ReprintIndex
from entente.services.ports.sources import SourceBook
from entente.services.ports.state_facts import StateFactBook
from entente.services.ports.submissions import SubmissionBook
from entente.services.ports.subscriptions import SubscriptionBook


class UnitOfWork(AbstractContextManager["UnitOfWork"], Protocol):
    """One transaction on the ledger. Leaving it without `commit` rolls back."""

    articles: ArticleLog
    mentions: MentionLog
    reprints: ReprintIndex
    dyads: DyadVersions
    derived: DerivedReads
    derived_writes: DerivedWrites
    changes: ChangeLog
    events: EventIndex
    relations: RelationIndex
    sources: SourceBook
    keys: KeyBook
    feeds: FeedBook
    submissions: SubmissionBook
    subscriptions: SubscriptionBook
    assertions: AssertionLog
    proposals: ProposalBook
    state_facts: StateFactBook
    figures: LedgerFigures

    def commit(self) -> None: ...


class Ledger(Protocol):
    """The database of record. Raises services.errors.Unavailable if it can't be reached."""

    def write(self, durable: bool = True, wait: bool = True) -> UnitOfWork:
        """A unit of work that may write.

        Not `durable`: the commit doesn't wait for the disk, so a crash of the machine (not of a process) may undo it.
        For writes that would then simply be repeated. Not `wait`: raises Unavailable instead of waiting for another
        writer, and is not durable; for writes that may be left out.
        """

    def read(self) -> UnitOfWork:
        """A unit of work that reads one consistent snapshot and never blocks a writer."""

    def ping(self) -> None:
        """Try a write that changes nothing. Raises Unavailable within two seconds, whatever holds the database up."""
