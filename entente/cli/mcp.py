"""`entente mcp`: serve questions about relations to programs that speak the Model Context Protocol."""

import os
import socket

import click

from entente.bootstrap import running
from entente.bootstrap.settings import Settings
from entente.cli.common import load_settings
from entente.cli.terminal import printable
from entente.client import Entente

#: The port of `entente serve` where ENTENTE_PORT names none.
_USUAL_PORT = 8080


@click.command()
@click.option("--url", help="The API to ask. Default: ENTENTE_API_URL, else the one on this machine.")
@click.option(
    "--http", is_flag=True, help="Serve streamable HTTP on this machine instead of standard input and output."
)
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="The port, with --http.")
def mcp(url: str | None, http: bool, port: int) -> None:
    """Answer questions about relations over the Model Context Protocol (MCP), each with quotes and links.

    Speaks over standard input and output, so that a client can start it. It only reads, with ENTENTE_API_KEY where the
    API asks for a key; one with the scope `read` is enough. Needs the package mcp: pip install 'mcp>=2.3'.
    """
    settings = load_settings()
    try:
        from entente.mcp_server.server import make_server, serve_http
    except ModuleNotFoundError as error:
        if error.name not in ("mcp", "mcp_types"):
            raise
        raise click.ClickException("the MCP server needs the package mcp: pip install 'mcp>=2.3'") from None
    address = url or settings.api_url or _local_url(settings)
    server = make_server(lambda: Entente(address, settings.api_key))
    if not http:
        server.run("stdio")
        return
    # On loopback only: whoever reaches it reads with this process's key.
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise click.ClickException(f"can't listen on port {port}: {reason}; choose another by --port") from None
    with listener:
        here = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        click.echo(printable(f"Listening on {here}, asking {address}; Ctrl-C stops."), err=True)
        serve_http(server, listener)


def _local_url(settings: Settings) -> str:
    """The API of the stack that runs on the data directory, else where `entente serve` would listen."""
    stack = running.find(settings.data_dir)
    return stack.api_url if stack else settings.local_url(settings.port or _USUAL_PORT)
