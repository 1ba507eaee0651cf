"""Fixtures of the integration tests: the API on a real ledger and a real Redis, with coded articles."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from entente.bootstrap.container import Container
from entente.bootstrap.processes import api_command
from entente.bootstrap.settings import Settings
from entente.client import Entente
from entente.relations.events import Actor, CodedEvent, Span
from entente.relations.periods import Period
from entente.services.articles import ArticleDraft, Coding, Document
from entente.services.ingesting.code import CodeArticles
from entente.services.ingesting.feeds import Feeds
from entente.services.places import Places
from entente.web.feeds import FeedFiles
from entente.web.fetcher import GuardedFetcher
from entente.web.parser.lanes import Parsers
from tests.conftest import ChosenClock, running_redis
from tests.integration.web_server import Site, serving
from tests.processes import until
from tests.running_stack import up

TEXT = "Russia recognised Afghanistan's government on Thursday. Moscow had shut its embassy in Kabul in August 1992."

#: Another paper's own words for it.
OTHER_WORDS = (
    "The Kremlin has become the first government to accept the rulers of Kabul, its envoy said late on Thursday."
)


class ReadsAsTold:
    """The Coder port, answering with the events that a test is about."""

    version = "told-1"

    def __init__(self, events: Sequence[CodedEvent]) -> None:
        self._events = events

    def code(self, document: Document) -> Coding:
        return Coding("en", self.version, self._events, None if self._events else "no_events")


def coded(
    act: str, when: str | None, *, source: str = "RUS", target: str = "AFG", quote: str = TEXT[:55]
) -> CodedEvent:
    """An event as a coder read it in TEXT."""
    start = TEXT.index(quote)
    return CodedEvent(
        source=Actor(source, "GOV", "Russia"),
        target=Actor(target, "GOV", "Afghanistan"),
        act=act,
        status="effective",
        period=Period.parse(when) if when else None,
        dated_by="text" if when else "none",
        confidence=0.9,
        quote=Span("text", start, start + len(quote), quote),
        trigger=Span("text", start, start + 6, quote[:6]),
    )


RECOGNITION = [coded("recognise", "2025-07-03"), coded("close_embassy", "1992-08", quote=TEXT[56:])]


@pytest.fixture(scope="session")
def empty_client(_sqlite_template: Path) -> Iterator[FlaskClient]:
    """A client of an API that knows nothing: for requests that are refused, which therefore can share it."""
    settings = Settings(data_dir=_sqlite_template.parent, database_url=f"sqlite:///{_sqlite_template}")
    container = Container(settings, ChosenClock(datetime(2025, 7, 4, 12, tzinfo=UTC)))
    client = create_app(container).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {container.keys.add('tests', ['admin']).token}"
    yield client
    with container.ledger.read() as unit:
        assert not unit.articles.due(datetime(2100, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC), 1)
    container.close()


@pytest.fixture(scope="session")
def parsers() -> Parsers:
    """Parsers with the limits of production, which start when they are needed; they hold nothing of what they read."""
    return Parsers()


@pytest.fixture(scope="session")
def reader(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of an API that knows RECOGNITION, with a key for everything: for reads alone, which share it."""
    directory = tmp_path_factory.mktemp("reader")
    shutil.copyfile(_sqlite_template, directory / "ledger.db")
    settings = Settings(data_dir=directory, database_url=f"sqlite:///{directory}/ledger.db")
    container = Container(settings, ChosenClock(datetime(2025, 7, 4, 12, tzinfo=UTC)))
    tell(container, RECOGNITION)
    client = create_app(container).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {container.keys.add('tests', ['admin']).token}"
    yield client
    container.close()


@pytest.fixture
def container(
    sqlite_url: str, redis_url: str, tmp_path: Path, clock: ChosenClock, parsers: Parsers
) -> Iterator[Container]:
    """The services on SQLite and Redis, on midday of 4 July 2025."""
    settings = Settings(data_dir=tmp_path, database_url=sqlite_url, redis_url=redis_url, fetch_loopback=True)
    container = Container(settings, clock)
    container.parsers = parsers
    yield container
    container.close()


@pytest.fixture
def app(container: Container) -> Flask:
    return create_app(container)


@pytest.fixture
def key(container: Container) -> str:
    """The token of a key that may do everything."""
    return container.keys.add("tests", ["admin"]).token


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A client without a key."""
    return app.test_client()


@pytest.fixture
def client(app: Flask, key: str) -> FlaskClient:
    """A client whose key may do everything."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


def tell(container: Container, events: Sequence[CodedEvent], text: str = TEXT, publisher: str = "Sample Wire") -> str:
    """Take an article in and code it as reporting these events; its id."""
    draft = ArticleDraft(publisher, text=text, title="A recognition", published_at=datetime(2025, 7, 4, tzinfo=UTC))
    taken = container.ingest.submit(draft, ring=False)
    parts = container.ledger, ReadsAsTold(events), container.projector, container.queue, container.clock
    CodeArticles(*parts, "test").run(taken.article_id)
    return taken.article_id


@pytest.fixture
def told(container: Container) -> Callable[..., str]:
    """`told(events, text=, publisher=)`: take an article in and code it as reporting these events; its id."""
    return partial(tell, container)


@pytest.fixture
def recognition(told: Callable[..., str]) -> str:
    """An article that reports a recognition of 3 July 2025 and an embassy shut in August 1992."""
    return told(RECOGNITION)


@contextmanager
def api_on(listener: socket.socket, container: Container, **more: str) -> Iterator[None]:
    """The API as it is run in earnest, on the container's ledger and Redis, taking the listener's connections.

    `more` are further settings.
    """
    settings = container.settings
    command = api_command(f"fd://{listener.fileno()}")
    environment = os.environ | {
        "ENTENTE_DATABASE_URL": settings.database_url,
        "ENTENTE_REDIS_URL": str(settings.redis_url),
        "ENTENTE_DATA_DIR": str(settings.data_dir),
        "ENTENTE_LOG_LEVEL": "warning",
        # Generated requests come from one address.
        "ENTENTE_CODE_PLACES": "8",
        "ENTENTE_CODE_RATE_LIMIT": "0",
        **more,
    }
    process = subprocess.Popen(command, env=environment, pass_fds=[listener.fileno()])
    try:
        # Requests would wait for its start on the socket, but on a busy machine longer than their own limits.
        requests.get(f"http://127.0.0.1:{listener.getsockname()[1]}/healthz", timeout=300)
        yield
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture
def server(container: Container, recognition: str) -> Iterator[str]:
    """The base URL of the API as it is run in earnest, on the same ledger and Redis."""
    with socket.create_server(("127.0.0.1", 0)) as listener, api_on(listener, container):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="session")
def api_of_its_own(
    _sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., AbstractContextManager[tuple[str, str]]]:
    """`with api_of_its_own(ENTENTE_…="…") as (url, token)`: the API on an empty ledger and a Redis that nothing else
    uses, and a key to send articles with. No worker codes them.
    """

    @contextmanager
    def running(**more: str) -> Iterator[tuple[str, str]]:
        data_dir = tmp_path_factory.mktemp("api")
        shutil.copyfile(_sqlite_template, data_dir / "entente.db")
        with running_redis() as (redis_url, _), socket.create_server(("127.0.0.1", 0)) as listener:
            container = Container(Settings(data_dir, f"sqlite:///{data_dir}/entente.db", redis_url=redis_url))
            token = container.keys.add("tests", ["ingest"]).token
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with api_on(listener, container, **more):
                yield f"{url}/v1", token
            container.close()

    return running


@dataclass(frozen=True, slots=True)
class CodedStack:
    """A whole stack as `entente up` runs it: its address, its data directory, and the token of a key for everything."""

    url: str
    data_dir: Path
    key: str


#: Articles that the bundled coder reads: text, day of publication, publisher.
COVERAGE = (
    (
        "Kenya recognised Kosovo on Tuesday. Kenya opened an embassy in Pristina on Wednesday.",
        "2024-06-13",
        "Sample Wire",
    ),
    (
        "The United States imposed sanctions on Belarus on Monday, freezing the assets of its defence ministry.",
        "2024-07-03",
        "Sample Wire",
    ),
    ("Canada imposed an arms embargo on Belarus on Tuesday.", "2024-07-04", "Sample Wire"),
    ("Armenia and Georgia signed a mutual defence pact in Tbilisi on Wednesday.", "2024-08-01", "Sample Herald"),
    ("Kenya withdrew its recognition of Kosovo on Thursday.", "2025-07-03", "Sample Herald"),
)


def add_key(data_dir: Path, name: str = "tests", scope: str = "admin") -> str:
    """The token of a new key of the stack with this data directory, made as `entente keys add` makes it."""
    container = Container(Settings.from_env({"ENTENTE_DATA_DIR": str(data_dir)}))
    try:
        return container.keys.add(name, [scope]).token
    finally:
        container.close()


@pytest.fixture(scope="session")
def coded_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodedStack]:
    """A running stack that has coded COVERAGE; to be read only, as tests share it."""
    data_dir = tmp_path_factory.mktemp("stack")
    # Reading needs a key, so that the clients' keys are tried as well.
    with up(data_dir, ENTENTE_OPEN_READING="never", ENTENTE_WORKER_PROCESSES="1") as (_, places):
        key = add_key(data_dir)
        with Entente(places["api"], key) as client:
            sent = [client.submit(text=text, published_at=day, source=paper)["id"] for text, day, paper in COVERAGE]
            until(lambda: all(client.article(one)["status"] == "coded" for one in sent), 60)
        yield CodedStack(places["api"].removesuffix("/v1"), data_dir, key)


@pytest.fixture(scope="session")
def reading_key(coded_stack: CodedStack) -> str:
    """The token of a key of that stack that may read and nothing else."""
    return add_key(coded_stack.data_dir, "reader", "read")


@pytest.fixture
def browser() -> str:
    """The path of a Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return found or pytest.skip("no Chromium: install the package chromium")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def feeds(container: Container) -> Feeds:
    fetcher = GuardedFetcher("EntenteTest/1", loopback=True)
    ids = iter(f"01980000-0000-7000-8000-{n:012}" for n in range(1000))
    parts = container.ledger, fetcher, FeedFiles(), container.queue, container.clock, lambda: next(ids), Places(8, 2)
    return Feeds(*parts, container.ingest, container.versions, loopback=True)
