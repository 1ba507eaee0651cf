"""`entente demo`: process a sample article from signed webhook to relation record."""

import json
import time
from datetime import UTC, datetime
from uuid import uuid4

import click
import requests
from standardwebhooks.webhooks import Webhook

from entente.bootstrap.container import Container
from entente.bootstrap.errors import StackFailed
from entente.bootstrap.seeds import seed_files
from entente.bootstrap.stack import Stack
from entente.cli.common import load_settings
from entente.cli.relation import as_text
from entente.cli.stack import announce
from entente.cli.terminal import printable

SOURCE = "demo"
SAMPLE = "recognition.json"
#: A pair of which the sample article tells nothing, and the baseline does.
KNOWN = ("CUB", "USA")
FIELDS = ("title", "text", "published_at", "source", "language", "url")
CODING_SECONDS = 60.0


@click.command()
@click.option("--once", is_flag=True, help="Stop the stack once the relation is shown.")
def demo(once: bool) -> None:
    """Start the stack, send a sample article and show its relation, and one of the baseline.

    The article goes through the signed webhook. Without --once the stack then runs until Ctrl-C.
    """
    click.echo("Starting Redis, API, worker, fetcher, deliverer and beat …", err=True)
    with Stack(load_settings(), tell=lambda part: click.echo(f"  {part} answers", err=True)) as stack:
        announce(stack.api_url, stack.settings, as_json=False)
        container = stack.container
        location = _deliver(container, stack.api_url)
        delivered = f"Delivered {SAMPLE} to {stack.api_url}/v1/webhooks/{SOURCE}; its article is {location}"
        click.echo(f"\n{printable(delivered)}")
        article_id = _await_coded(stack, location)
        a, b = _opening_pair(container, article_id)
        same = printable(f"The same as JSON: {stack.api_url}/v1/dyads/{a}/{b}")
        click.echo(f"\n{as_text(container, a, b, None)}\n\n{same}")
        if container.settings.baseline:
            click.echo(f"\nWhat no article told it, and documents do:\n\n{as_text(container, *KNOWN, None)}")
        if not once:
            click.echo("Ctrl-C stops.")
            stack.supervise()


def _deliver(container: Container, api_url: str) -> str:
    """Post the sample article to the signed webhook; the URL of the stored article."""
    sample = json.loads(seed_files().joinpath("articles", SAMPLE).read_text(encoding="utf-8"))
    source = container.sources.get(SOURCE) or container.sources.add(SOURCE, [sample["source"]])
    body = json.dumps({field: sample[field] for field in FIELDS if field in sample})
    webhook_id, now = f"msg_{uuid4().hex}", datetime.now(UTC)
    headers = {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(source.secrets[0]).sign(webhook_id, now, body),
    }
    answer = requests.post(f"{api_url}/v1/webhooks/{SOURCE}", data=body.encode(), headers=headers, timeout=30)
    if not answer.ok or "location" not in answer.headers:
        raise StackFailed(f"the webhook answered {answer.status_code}: {answer.text[:300]}")
    return requests.compat.urljoin(api_url, answer.headers["location"])


def _await_coded(stack: Stack, location: str) -> str:
    """Poll the article's URL until it is coded; its id. Raises StackFailed if it isn't."""
    deadline = time.monotonic() + CODING_SECONDS
    while time.monotonic() < deadline:
        article = requests.get(location, timeout=10).json()
        if article.get("status") not in ("pending", "coding"):
            break
        stack.tick()
    if article.get("status") != "coded":
        raise StackFailed(f"the article is {article.get('status')}: {article.get('reason') or 'no worker coded it'}")
    return str(article["id"])


def _opening_pair(container: Container, article_id: str) -> tuple[str, str]:
    """Source and target of the article's first event: what follows is background."""
    events = [mention.event for mention in container.lookups.article(article_id).mentions]
    first = min(events, key=lambda event: (event.quote.field != "title", event.quote.start, event.trigger.start))
    return first.source.entity, first.target.entity
