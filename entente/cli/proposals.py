"""`entente proposals`: list proposed retractions, accept and dismiss them."""

import json
from dataclasses import asdict
from datetime import datetime

import click

from entente.cli.common import json_option, open_container
from entente.cli.terminal import one_line, printable
from entente.services.ports.proposals import STATUSES, Proposal

_author = click.option("--author", required=True, help="Who decides.")
_reason = click.option("--reason", required=True, help="Why; kept in the ledger.")


@click.group()
def proposals() -> None:
    """Decide on retractions proposed because a notice takes an article back."""


@proposals.command("list")
@click.option("--status", type=click.Choice([*STATUSES, "all"]), default="open", show_default=True)
@json_option
def list_proposals(status: str, as_json: bool) -> None:
    """List proposals, oldest first, each with the sentence that takes the article back."""
    book, after = open_container().proposals, ""
    while found := book.list(None if status == "all" else status, after):
        for proposal in found:
            click.echo(json.dumps(_shape(proposal)) if as_json else _line(proposal))
        after = found[-1].id


@proposals.command("accept")
@click.argument("proposal_id", metavar="ID")
@_author
@_reason
def accept(proposal_id: str, author: str, reason: str) -> None:
    """Retract the article of the proposal with this ID."""
    decided = open_container().proposals.accept(proposal_id, author, reason)
    gone, moved = (len(decided.outcome.gone), len(decided.outcome.changes)) if decided.outcome else (0, 0)
    click.echo(f"{_line(decided.proposal)}\n  {gone} events removed, {moved} facets changed")


@proposals.command("dismiss")
@click.argument("proposal_id", metavar="ID")
@_author
@_reason
def dismiss(proposal_id: str, author: str, reason: str) -> None:
    """Leave the article of the proposal with this ID as it is."""
    click.echo(_line(open_container().proposals.dismiss(proposal_id, author, reason).proposal))


def _line(proposal: Proposal) -> str:
    decided = f" by {proposal.author}: {proposal.reason}" if proposal.author else ""
    told = f"{proposal.id}  {proposal.status}{decided}  article {proposal.article_id}, notice {proposal.notice_id}"
    return printable(f"{one_line(told)}\n  “{one_line(proposal.sentence)}”")


def _shape(proposal: Proposal) -> dict[str, object]:
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in asdict(proposal).items()}
