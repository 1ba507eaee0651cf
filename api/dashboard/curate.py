"""Curate: what waits or failed, and the acts of whoever keeps the record right. Each act asks once."""

from typing import Any
from uuid import UUID

from flask import Response, g, redirect
from marshmallow import Schema

from api.dashboard.pages import own_form, page, parameters, query_string, rendered
from api.http.context import system, vocabulary
from entente.relations.events import STATUSES
from entente.services.curating.assertions import Signature
from entente.services.errors import NotFound
from entente.services.ports.api_keys import ApiKey
from entente.services.ports.events import EventQuery, Unconfirmed
from schemas.assertions import NewAssertionSchema, SignatureSchema, assertion_shape
from schemas.corrections import ReasonSchema
from schemas.events import event_shape
from schemas.feeds import ActiveSchema, NewFeedSchema, feed_shape
from schemas.fields import Line
from schemas.proposals import proposal_shape
from schemas.sources import source_shape
from schemas.vocabulary import Shape

#: Articles listed of a status; entries of analysts listed.
_LISTED = 50


class DoneSchema(Schema):
    """What was just done, to be said at the head of the page."""

    done = Line(high=200)


@page("/curate", needs="curate")
def curate() -> Response:
    """Show the queue, what failed, feeds, senders and analysts' entries."""
    key: ApiKey = g.key
    overview = system().desk.overview(_LISTED)
    is_admin = key.allows("admin")
    return rendered(
        "curate.html",
        key=key,
        done=parameters(DoneSchema()).get("done"),
        figures=overview.figures,
        stuck=overview.stuck,
        waiting=overview.waiting,
        entries=_entries(),
        unconfirmed=_unconfirmed(),
        proposals=[proposal_shape(proposal) for proposal in system().proposals.list(limit=_LISTED)],
        is_admin=is_admin,
        feeds=[feed_shape(feed) for feed in system().feeds.list()] if is_admin else [],
        sources=[source_shape(source) for source in system().sources.list()] if is_admin else [],
        acts=sorted(system().codebook.acts),
        statuses=[status for status in STATUSES if status != "negated"],
    )


@page("/curate/articles/<article_id>", needs="curate")
def article_acts(article_id: str) -> Response:
    """Ask before an article is retracted or coded again."""
    report = system().lookups.article(_canonical(article_id))
    return rendered("curate_article.html", article=report.article, n_events=len(report.events))


@page("/curate/articles/<article_id>/retract", methods=("POST",), needs="curate")
def retract_article(article_id: str) -> Response:
    """Retract an article, for the reason given."""
    reason = ReasonSchema().load(_only(own_form(), "reason"))["reason"]
    effect = system().corrections.retract(_canonical(article_id), f"{reason} ({g.key.name})")
    return _done(f"Retracted: {len(effect.gone)} reports gone, {len(effect.changes)} facets changed")


@page("/curate/articles/<article_id>/recode", methods=("POST",), needs="curate")
def recode_article(article_id: str) -> Response:
    """Queue an article to be coded again."""
    own_form()
    system().corrections.recode(_canonical(article_id))
    return _done("The article will be coded again")


@page("/curate/events/<event_id>", needs="curate")
def event_acts(event_id: str) -> Response:
    """Ask before an event is confirmed or rejected."""
    event = system().events.event(event_id)
    return rendered("curate_event.html", event=event_shape(event, vocabulary()))


@page("/curate/events/<event_id>/reject", methods=("POST",), needs="curate")
def reject_event(event_id: str) -> Response:
    """Record that an event did not happen."""
    made = system().assertions.reject(_signature(own_form()), event_id)
    return _done(f"Rejected: {len(made.changes)} facets changed")


@page("/curate/events/<event_id>/confirm", methods=("POST",), needs="curate")
def confirm_event(event_id: str) -> Response:
    """Record that an event happened, in the analyst's own name."""
    made = system().assertions.confirm(_signature(own_form()), event_id)
    return _done(f"Confirmed: {len(made.changes)} facets changed")


@page("/curate/assert", methods=("POST",), needs="curate")
def assert_event() -> Response:
    """Record an event that no article reports."""
    given = _only(own_form(), "source", "target", "act", "status", "date", "reason", "reference")
    asked = NewAssertionSchema().load({**given, "author": g.key.name})
    by = Signature(asked["author"], asked["reason"], asked["reference"])
    what = (asked["source"], asked["target"], asked["act"], asked["status"], asked["date"])
    made = system().assertions.enter(by, *what)
    return _done(f"Asserted: {len(made.changes)} facets changed")


@page("/curate/feeds", methods=("POST",), needs="admin")
def add_feed() -> Response:
    """Register a feed."""
    asked = NewFeedSchema().load(_only(own_form(), "url", "publisher"))
    system().feeds.add(**asked)
    return _done("The feed is registered and will be polled at once")


@page("/curate/feeds/<feed_id>", methods=("POST",), needs="admin")
def switch_feed(feed_id: str) -> Response:
    """Stop or resume polling a feed."""
    active = ActiveSchema().load({"active": own_form().get("active") == "yes"})["active"]
    system().feeds.set_active(feed_id, active)
    return _done("The feed is polled again" if active else "The feed is polled no more")


@page("/curate/proposals/<proposal_id>", needs="curate")
def proposal_acts(proposal_id: str) -> Response:
    """Ask before a proposed retraction is accepted or dismissed."""
    found = next((p for p in system().proposals.list(limit=1000) if p.id == proposal_id), None)
    if found is None:
        raise NotFound("proposal", proposal_id)
    articles = system().lookups.articles((found.article_id, found.notice_id))
    return rendered("curate_proposal.html", proposal=proposal_shape(found), articles=articles)


@page("/curate/proposals/<proposal_id>/<decision>", methods=("POST",), needs="curate")
def decide_proposal(proposal_id: str, decision: str) -> Response:
    """Retract the article of a proposal, or leave it as it is."""
    if decision not in ("accept", "dismiss"):
        raise NotFound("decision", decision)
    reason = ReasonSchema().load(_only(own_form(), "reason"))["reason"]
    proposals = system().proposals
    decide = proposals.accept if decision == "accept" else proposals.dismiss
    decide(proposal_id, g.key.name, reason)
    return _done("The article is retracted" if decision == "accept" else "The article stays as it is")


def _unconfirmed() -> list[Shape]:
    """The newest events below the floor, each with its most confident mention."""
    query = EventQuery(unconfirmed=Unconfirmed.of(True, system().codebook))
    found = system().events.page(query, None, _LISTED).items
    return [event_shape(event, vocabulary(), event.mentions[:1]) for event in found]


def _entries() -> list[Shape]:
    """The latest entries of analysts, newest first."""
    found: list[Any] = []
    after = ""
    while some := list(system().assertions.list(after, 500)):
        found = [*found, *some][-_LISTED:]
        after = some[-1].id
    return [assertion_shape(entry) for entry in reversed(found)]


def _signature(given: Any) -> Signature:
    asked = SignatureSchema().load({**_only(given, "reason", "reference"), "author": g.key.name})
    return Signature(asked["author"], asked["reason"], asked["reference"])


def _only(given: Any, *names: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in names}


def _canonical(article_id: str) -> str:
    try:
        return str(UUID(article_id))
    except ValueError:
        raise NotFound("article", article_id) from None


def _done(told: str) -> Response:
    return redirect(f"/curate{query_string(done=told)}", 303)  # type: ignore[return-value]  # werkzeug's Response
