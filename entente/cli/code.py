"""`entente code --jsonl`: text in, events out, nothing stored."""

import json
import sys

import click

from entente.bootstrap.container import Container
from entente.cli.common import load_settings
from entente.cli.documents import MalformedDocument, answer, parse_document


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help="One JSON document a line in, one answer a line out.")
def code(jsonl: bool) -> None:  # noqa: ARG001 - required today, so that other formats can come
    """Code documents from standard input: {"id", "text", "title", "published_at", "actors"?, "crosswalk"?}.

    Answers come in order, each as soon as it is ready. A malformed line is answered with an error, the rest are still
    coded, and the exit code is 1. Needs no database and no Redis.
    """
    container = Container(load_settings())
    coder, codebook, malformed = container.coder, container.codebook, 0
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            request = parse_document(line, codebook)
            response = answer(request, coder.code(request.document), codebook)
        except MalformedDocument as error:
            malformed += 1
            response = {"id": None, "error": {"line": number, "detail": str(error)}}
        click.echo(json.dumps(response, ensure_ascii=False))
        sys.stdout.flush()
    if malformed:
        raise click.ClickException(f"{malformed} malformed {'line' if malformed == 1 else 'lines'}")
