"""`entente code`: code documents from standard input without storing anything."""

import json
import sys
from collections.abc import Iterator

import click

from entente.bootstrap.container import Container
from entente.cli.common import load_settings
from entente.cli.documents import MalformedDocument, Request, answer, parse_document
from entente.cli.explaining import as_json as explained
from entente.cli.explaining import as_text
from entente.services.articles import Document
from entente.services.ports.coder import Inspectable


@click.command()
@click.option("--jsonl", is_flag=True, help="Read one JSON document a line; write one JSON answer a line.")
@click.option("--explain", is_flag=True, help="Show how each sentence was coded, or why it gave no event.")
@click.option("--json", "as_json", is_flag=True, help="With --explain: print JSON instead of text.")
def code(jsonl: bool, explain: bool, as_json: bool) -> None:
    """Code documents from standard input into events; store nothing.

    With --jsonl each line is {"id", "text", "title"?, "published_at"?, "actors"?, "crosswalk"?}. Answers come in the
    order of the lines, each as soon as it is ready. A malformed line gives an error answer and, at the end, exit
    code 1; the other lines are still coded. With --explain alone, standard input is one plain text. Needs no database
    and no Redis.
    """
    if as_json and not explain:
        raise click.UsageError("--json needs --explain; --jsonl already prints JSON")
    if not (jsonl or explain):
        raise click.UsageError("give --jsonl, --explain or both")
    container = Container(load_settings())
    malformed = 0
    for request in _requests(container) if jsonl else [_plain()]:
        if isinstance(request, Request):
            for line in _answer(request, container, explain, as_json or jsonl):
                click.echo(line)
        else:
            malformed += 1
            click.echo(json.dumps(request, ensure_ascii=False))
        sys.stdout.flush()
    if malformed:
        raise click.ClickException(f"{malformed} malformed {'line' if malformed == 1 else 'lines'}")


def _requests(container: Container) -> Iterator[Request | dict[str, object]]:
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            yield parse_document(line, container.codebook)
        except MalformedDocument as error:
            yield {"id": error.id, "error": {"line": number, "detail": str(error)}}


def _plain() -> Request:
    return Request("stdin", Document(text=sys.stdin.buffer.read().decode("utf-8", "replace")), "plover")


def _answer(request: Request, container: Container, explain: bool, as_json: bool) -> Iterator[str]:
    coder, codebook = container.coder, container.codebook
    if not explain:
        yield json.dumps(answer(request, coder.code(request.document), codebook), ensure_ascii=False)
        return
    if not isinstance(coder, Inspectable):
        raise click.ClickException("the configured coder can't explain its answers")
    explanation = coder.explain(request.document)
    if not as_json:
        yield from as_text(explanation, request.crosswalk, codebook)
        return
    sentences = explained(explanation, request.crosswalk, codebook)
    yield json.dumps({**answer(request, explanation.coding, codebook), "sentences": sentences}, ensure_ascii=False)
