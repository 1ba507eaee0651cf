"""Ingest articles: store each once, durably, then queue it to be fetched or coded. Verifies signed webhooks."""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC

from entente.relations.publishers import Publishers
from entente.services.addresses import check_address
from entente.services.articles import Article, ArticleDraft
from entente.services.errors import Conflict, Forbidden, ForeignPublisher, Invalid, Malformed, NotFound
from entente.services.ingesting.versions import Versions
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.queue import TaskQueue
from entente.services.ports.sources import Source, TakenDelivery
from entente.services.ports.submissions import TakenSubmission
from entente.services.ports.system import Clock, IdMaker
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry
from entente.services.ports.webhooks import WebhookVerifier


@dataclass(frozen=True, slots=True)
class Accepted:
    """A stored article. `created` is False if the ledger had it already.

    `proposed`: articles whose retraction it is a notice of, and now proposes.
    """

    article_id: str
    created: bool
    proposed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """The stored articles of a delivery, in its order; of a repeated one, only the first. At least one."""

    articles: Sequence[Accepted]

    @property
    def first(self) -> Accepted:
        """The first one's id; `created` if any was."""
        return Accepted(self.articles[0].article_id, any(article.created for article in self.articles))


class Ingest:
    """Store articles, and queue them after the commit. An article whose id was returned is never lost."""

    def __init__(
        self,
        ledger: Ledger,
        queue: TaskQueue,
        verifier: WebhookVerifier,
        clock: Clock,
        new_id: IdMaker,
        *,
        publishers: Publishers,
        versions: Versions,
        loopback: bool = False,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self._publishers = publishers
        self._versions = versions
        self._ledger = ledger
        self._queue = queue
        self._verifier = verifier
        self._clock = clock
        self._new_id = new_id
        self._loopback = loopback
        self._telemetry = telemetry

    def submit(self, draft: ArticleDraft, *, ring: bool = True) -> Accepted:
        """Store an article; for content that is stored already, return the first one's id. Raises Unavailable.

        Changed content of a known article (see Versions) becomes a later version, which supersedes it once it is coded.
        `ring` False leaves the work to whoever asked, e.g. a command that codes inline. Raises Invalid (url) for an
        address that is not fetched.
        """
        self._check(draft)
        with self._ledger.write() as unit:
            accepted = self._store(unit, draft, content_hash(draft))
            unit.commit()
        return self._stored(accepted, "submission", draft, ring=ring)

    def reread(self, article_id: str, draft: ArticleDraft, *, ring: bool = True) -> Accepted:
        """Take a known article again, of which its source says that it changed; not `created` if it did not.

        Without a text in `draft` its page, at the draft's or else the known URL, is fetched again and compared then.
        Raises NotFound, Invalid (url), Unavailable.
        """
        with self._ledger.write() as unit:
            known = unit.articles.get(article_id)
            if known is None:
                raise NotFound("article", article_id)
            draft = replace(draft, url=draft.url or known.url)
            self._check(draft)
            if draft.text is not None:
                accepted = self._store(unit, draft, content_hash(draft), known.id)
            else:
                accepted = self._page_again(unit, draft, known)
            unit.commit()
        return self._stored(accepted, "reread", draft, ring=ring)

    def _page_again(self, unit: UnitOfWork, draft: ArticleDraft, known: Article) -> Accepted:
        last = unit.articles.last_version(known.id) or known
        waiting = unit.articles.unread_version(last.id)
        if waiting:
            return Accepted(waiting, created=False)
        # Until a page is read, nothing but the reading tells one version of it from another.
        digest = hashlib.sha256(f"reading:{last.id}:{self._new_id()}".encode()).hexdigest()
        return self._store(unit, draft, digest, last.id)

    def submit_under(self, key_id: str, idempotency_key: str, draft: ArticleDraft) -> Accepted:
        """Submit an article under an idempotency key of that API key; answer a repeat as the first one was answered.

        A submission that raised is not remembered. Raises Invalid (Idempotency-Key) if the key came with another
        article, and whatever `submit` raises.
        """
        digest = _draft_digest(draft)
        self._check(draft)
        with self._ledger.write() as unit:
            earlier = unit.submissions.get(key_id, idempotency_key)
            if earlier:
                return self._resubmitted(earlier, digest, draft)
            accepted = self._store(unit, draft, content_hash(draft))
            submission = TakenSubmission(accepted.article_id, accepted.created, digest)
            first = unit.submissions.record(key_id, idempotency_key, submission, self._clock.now())
            if first:
                # The same key came twice at once and the other one won: leave without a commit.
                return self._resubmitted(first, digest, draft)
            unit.commit()
        return self._stored(accepted, "submission", draft)

    def _resubmitted(self, earlier: TakenSubmission, digest: str, draft: ArticleDraft) -> Accepted:
        if earlier.digest != digest:
            raise Invalid("Idempotency-Key", "was used for another article; send this one under a key of its own")
        self._telemetry.article_received(earlier.article_id, "submission", draft.publisher, created=False)
        return Accepted(earlier.article_id, earlier.created)

    def receive(
        self,
        source: str,
        headers: Mapping[str, str],
        body: bytes,
        parse: Callable[[bytes, str], Sequence[ArticleDraft]],
    ) -> Received:
        """Store the articles of a signed delivery, all or none; for a repeat, return the first one's article.

        The signature is checked before the body is parsed. `parse` also takes the publisher of what names none.
        Raises NotFound (unknown source), Malformed and Forbidden (headers, signature or time), ForeignPublisher,
        Conflict (the same webhook id with another content), Invalid (url), Unavailable, and whatever `parse` raises.
        """
        with self._ledger.read() as unit:
            sender = unit.sources.get(source)
        if sender is None or not sender.active:
            raise NotFound("source", source)
        webhook_id = self._verified(sender, headers, body)
        drafts = parse(body, sender.usual_publisher)
        with self._ledger.write() as unit:
            earlier = unit.sources.delivery(source, webhook_id)
            if earlier:
                return self._repeated(earlier, drafts, webhook_id)
            for draft in drafts:
                # Not of a repeat, which is answered as the first was, whatever the source may say since.
                if not self._publishers.may_name(sender.publishers, draft.publisher):
                    raise ForeignPublisher(source, draft.publisher, sender.publishers)
                self._check(draft)
            self._versions.lock(unit, drafts)
            accepted = [self._store(unit, draft, content_hash(draft)) for draft in drafts]
            delivery = TakenDelivery(accepted[0].article_id, _digest_of(map(_draft_digest, drafts)))
            first = unit.sources.record_delivery(source, webhook_id, delivery, self._clock.now())
            if first != delivery:
                # The same delivery came twice at once and the other one won: leave without a commit.
                return self._repeated(first, drafts, webhook_id)
            unit.commit()
        return Received([self._stored(one, "webhook", draft) for one, draft in zip(accepted, drafts, strict=True)])

    def _verified(self, sender: Source, headers: Mapping[str, str], body: bytes) -> str:
        try:
            return self._verifier.verify(sender.secrets, headers, body)
        except (Forbidden, Malformed) as error:
            self._telemetry.signature_refused(sender.name, str(error))
            raise

    def _check(self, draft: ArticleDraft) -> None:
        if draft.text is None and draft.url:
            check_address(draft.url, loopback=self._loopback)

    def _store(self, unit: UnitOfWork, draft: ArticleDraft, digest: str, known: str | None = None) -> Accepted:
        stored = self._versions.add(unit, draft, digest, self._clock.now(), known)
        return Accepted(stored.id, stored.created, stored.proposed)

    def _stored(self, accepted: Accepted, via: str, draft: ArticleDraft, *, ring: bool = True) -> Accepted:
        self._telemetry.article_received(accepted.article_id, via, draft.publisher, created=accepted.created)
        for id in accepted.proposed:
            self._telemetry.retraction_proposed(id, accepted.article_id)
        # A failure to queue is no error: the article is stored, and the sweeper queues it later.
        if ring and accepted.created:
            queued = self._queue.fetch_article if draft.text is None else self._queue.code_article
            queued(accepted.article_id)
        return accepted

    def _repeated(self, earlier: TakenDelivery, drafts: Sequence[ArticleDraft], webhook_id: str) -> Received:
        # What was taken before this was written down has no digest: nothing is known against it. For a while it was
        # that of the texts alone.
        same = None, _digest_of(map(_draft_digest, drafts)), _digest_of(map(content_hash, drafts))
        if earlier.content_hash not in same:
            raise Conflict(
                f"webhook-id {webhook_id!r} was used for another article; send this one under an id of its own"
            )
        self._telemetry.article_received(earlier.article_id, "webhook", "", created=False)
        return Received([Accepted(earlier.article_id, created=False)])


def _digest_of(digests: Iterable[str]) -> str:
    """What tells a delivery's content from another's: the digest of its article, or the hash of those of several."""
    found = list(digests)
    return found[0] if len(found) == 1 else hashlib.sha256("\n".join(found).encode()).hexdigest()


def _draft_digest(draft: ArticleDraft) -> str:
    """Hex SHA-256 of all that a draft says. What it leaves out does not count: a new field changes no digest."""
    said = {name: value for name, value in asdict(draft).items() if value is not None}
    if draft.published_at:
        said["published_at"] = draft.published_at.astimezone(UTC)
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def content_hash(draft: ArticleDraft) -> str:
    """Hex SHA-256 that identifies an article: of its publisher and URL, or with a text of publisher, title and text.

    The text is normalised. One sender must not take an address from another, by whom its page would count.
    """
    if draft.text is None:
        return hashlib.sha256(f"url:{draft.publisher}\n{draft.url}".encode()).hexdigest()
    words = " ".join(unicodedata.normalize("NFKC", draft.text).split())
    return hashlib.sha256(f"{draft.publisher}\n{draft.title or ''}\n{words}".encode()).hexdigest()
