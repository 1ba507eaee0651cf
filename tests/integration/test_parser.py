"""Pages and feeds are parsed in processes of their own: bounded, replaced after trouble, and in nobody's way."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from entente.bootstrap.container import Container
from entente.services.articles import ArticleDraft
from entente.services.ingesting.pages import PAUSES
from entente.services.ports.fetching import Fetched, FetchFailed
from entente.web.pages import ArticlePages
from entente.web.parser import frames, messages, process
from entente.web.parser.lanes import QUICK, Parsers
from entente.web.parser.limits import Limits, ParserFailed, TooComplex, TooSlow
from entente.web.parser.messages import PAGE
from entente.web.parser.process import Parser
from entente.web.parser.readers import BoundedPages
from tests.conftest import ChosenClock
from tests.harmful_pages import HARMFUL, HARMFUL_FEED, ordinary
from tests.integration.web_server import Site
from tests.processes import alive, command_line, family, until

URL = "https://news.example/a"

#: The harmful pages take many times as long.
SHORT = Limits(quick_seconds=0.2, seconds=1.2)


def fetched(body: bytes) -> Fetched:
    return Fetched(URL, "text/html", body, "utf-8")


def processor_time(pid: int) -> int:
    """What a process has used, in ticks of the kernel's clock."""
    return sum(int(n) for n in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])


@pytest.fixture
def parser() -> Parser:
    """A parser with the limits of production that has parsed a page."""
    parser = Parser(Limits())
    parser.parse(PAGE, fetched(ordinary()))
    return parser


@pytest.fixture(scope="module")
def pages() -> BoundedPages:
    """Pages as the fetcher reads them."""
    parsers = Parsers()
    parsers.start()
    return BoundedPages(parsers)


class Parsing(threading.Thread):
    """Parses a page in a thread; `failed` is how it failed."""

    def __init__(self, parser: Parser, body: bytes = HARMFUL["attributes"]) -> None:
        super().__init__()
        self.failed: Exception | None = None
        self._parser, self._body = parser, body

    def run(self) -> None:
        try:
            self._parser.parse(PAGE, fetched(self._body))
        except Exception as error:
            self.failed = error


def in_the_middle(parser: Parser) -> tuple[Parsing, int]:
    """A harmful page that is being parsed, and the process that does."""
    assert parser.pid is not None
    before, pid = processor_time(parser.pid), parser.pid
    parsing = Parsing(parser)
    parsing.start()
    until(lambda: processor_time(pid) >= before + 10)
    return parsing, pid


@pytest.mark.parametrize("name", HARMFUL)
def test_a_page_that_takes_too_long_is_too_complex_and_the_next_is_parsed(name: str) -> None:
    pages = BoundedPages(Parsers(SHORT))

    with pytest.raises(FetchFailed) as failed:
        pages.page(fetched(HARMFUL[name]))

    assert (str(failed.value), failed.value.final) == ("page_too_complex", True)
    assert "Kenya" in pages.page(fetched(ordinary())).text


def test_a_page_that_takes_too_much_memory_is_too_complex_and_the_next_is_parsed() -> None:
    parser = Parser(Limits(memory_bytes=128 * 1024 * 1024, seconds=60))

    with pytest.raises(TooComplex, match="exit code 12") as failed:
        parser.parse(PAGE, fetched(HARMFUL["links"]))

    assert not isinstance(failed.value, TooSlow)
    assert "Kenya" in parser.parse(PAGE, fetched(ordinary())).text


def test_a_parser_that_used_much_memory_for_a_good_page_is_replaced() -> None:
    parser = Parser(Limits(memory_bytes=192 * 1024 * 1024, seconds=60))
    long = b"<article>" + b"".join(b"<p>Report %d. Kenya recognised Kosovo.</p>" % n for n in range(20_000))

    assert "Report 19999." in parser.parse(PAGE, fetched(long)).text
    assert parser.pid is None
    assert "Kenya" in parser.parse(PAGE, fetched(ordinary())).text


def test_a_parser_that_is_killed_in_the_middle_is_no_fault_of_the_page(parser: Parser) -> None:
    parsing, pid = in_the_middle(parser)

    os.kill(pid, signal.SIGKILL)
    parsing.join(10)

    assert isinstance(parsing.failed, ParserFailed)
    assert "SIGKILL" in str(parsing.failed)
    assert not parsing.failed.final
    assert "Kenya" in parser.parse(PAGE, fetched(ordinary())).text


def test_a_parser_that_is_killed_while_it_waits_is_not_missed(parser: Parser) -> None:
    pid = parser.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: not alive(pid))

    assert "Kenya" in parser.parse(PAGE, fetched(ordinary())).text


def test_a_parser_that_was_started_long_ago_is_still_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "START_SECONDS", 0.05)
    parser = Parser(Limits())
    parser.start()
    until(lambda: parser.ready)

    assert "Kenya" in parser.parse(PAGE, fetched(ordinary())).text


def test_a_page_that_crashes_its_parser_is_too_complex(parser: Parser) -> None:
    parsing, pid = in_the_middle(parser)

    os.kill(pid, signal.SIGSEGV)
    parsing.join(10)

    assert isinstance(parsing.failed, TooComplex)
    assert "Kenya" in parser.parse(PAGE, fetched(ordinary())).text


def test_a_parser_that_hangs_is_ended_at_the_deadline() -> None:
    parser = Parser(Limits(seconds=3))
    parser.parse(PAGE, fetched(ordinary()))
    assert parser.pid is not None
    os.kill(parser.pid, signal.SIGSTOP)

    with pytest.raises(TooSlow):
        parser.parse(PAGE, fetched(ordinary()))

    assert "Kenya" in parser.parse(PAGE, fetched(ordinary())).text


def test_the_kernel_ends_a_parser_whose_parent_does_not() -> None:
    ours, theirs = socket.socketpair()
    memory, seconds = Limits().memory_bytes, 1
    command = [sys.executable, "-m", "entente.web.parser.child", *map(str, (theirs.fileno(), memory, seconds))]
    with ours, subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[theirs.fileno()]) as child:
        theirs.close()
        assert frames.receive(ours, 100) == messages.READY
        answer = fetched(HARMFUL["attributes"])
        frames.send(ours, messages.head(PAGE, answer))
        frames.send(ours, answer.body)

        assert child.wait(120) == -signal.SIGXCPU


def test_an_interrupted_caller_leaves_no_answer_for_the_next(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(frames, "receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            parser.parse(PAGE, fetched(ordinary(1)))

    assert "Report 2.0" in parser.parse(PAGE, fetched(ordinary(2))).text


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "did not start"),
        (r"\0\0\0\5later", "did not start"),
        (r"\xff\xff\xff\xff", "did not start"),
        (r"\0\0\0\5ready\0\0\0\4oops", "can't be read"),
        (r"\0\0\0\5ready\0\0\0\2{}", "can't be read"),
        (r"\0\0\0\5ready\xff\xff\xff\xff", "can't be read"),
    ],
)
def test_nonsense_on_the_pipe_is_an_error_and_the_next_page_gets_another_parser(
    said: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program"
    # Its arguments: -P -m MODULE DESCRIPTOR …
    program.write_text(
        f"#!{sys.executable}\nimport os, sys, time\nos.write(int(sys.argv[4]), b'{said}')\n"
        f"time.sleep({60 if 'ready' in said else 0})\n"
    )
    program.chmod(0o700)
    parser = Parser(Limits())

    with monkeypatch.context() as patched:
        patched.setattr(process.sys, "executable", str(program))
        with pytest.raises(FetchFailed, match=reason) as failed:
            parser.parse(PAGE, fetched(ordinary()))

    assert failed.value.final == ("ready" in said)
    assert "Kenya" in parser.parse(PAGE, fetched(ordinary())).text


def test_a_parser_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTENTE_DATABASE_URL", "postgresql://user:secret@host/db")
    parser = Parser(Limits())
    parser.parse(PAGE, fetched(ordinary()))

    given = Path(f"/proc/{parser.pid}/environ").read_bytes()
    assert b"secret" not in given
    assert b"ENTENTE" not in given


PARENT = """
import sys
from entente.web.parser.limits import Limits
from entente.web.parser.messages import PAGE
from entente.web.parser.process import Parser
from entente.services.ports.fetching import Fetched
from tests.harmful_pages import HARMFUL, ordinary
parser = Parser(Limits())
parser.parse(PAGE, Fetched("http://a.example/", "text/html", ordinary()))
print(parser.pid, flush=True)
if sys.argv[1] == "parsing":
    parser.parse(PAGE, Fetched("http://a.example/", "text/html", HARMFUL["attributes"]))
sys.stdin.read()
"""


@pytest.mark.parametrize("state", ["waiting", "parsing"])
def test_a_parser_dies_with_its_parent(state: str) -> None:
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", PARENT, state]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        before = processor_time(pid)
        if state == "parsing":
            until(lambda: processor_time(pid) >= before + 10)
        parent.kill()

        until(lambda: not alive(pid))


def test_threads_share_parsers_and_each_gets_its_own_page(pages: BoundedPages) -> None:
    def read(number: int) -> bool:
        return f"Report {number}.29." in pages.page(fetched(ordinary(number))).text

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(40)))


def running_parsers() -> set[int]:
    """The parsers below this process, among others that come and go, such as PostgreSQL's."""
    return {pid for pid in family(os.getpid()) if b"entente.web.parser.child" in command_line(pid)}


def test_a_process_that_fetches_has_one_parser_more_than_it_uses() -> None:
    others = running_parsers()

    def started() -> int:
        return len(running_parsers() - others)

    parsers = Parsers(Limits(quick_seconds=10))
    parsers.start()
    until(lambda: started() == 1)
    pages = BoundedPages(parsers)
    for number in range(3):
        assert "Kenya" in pages.page(fetched(ordinary(number))).text
        assert started() == 2


def test_pages_go_on_beside_more_harmful_ones_than_there_are_parsers() -> None:
    parsers = Parsers(Limits(quick_seconds=0.2, seconds=2.5))
    parsers.start()
    pages = BoundedPages(parsers)
    harmful = [threading.Thread(target=_failing, args=(pages.page, fetched(body))) for body in HARMFUL.values()]
    for thread in harmful:
        thread.start()

    for number in range(5):
        assert "Kenya" in pages.page(fetched(ordinary(number))).text
    waiting = [thread for thread in harmful if thread.is_alive()]
    for thread in harmful:
        thread.join()

    assert waiting


def _failing(read: Callable[[Fetched], object], answer: Fetched) -> None:
    with pytest.raises(FetchFailed, match="page_too_complex"):
        read(answer)


def test_a_page_waits_for_a_parser_for_a_limited_time() -> None:
    parsers = Parsers(Limits(quick_seconds=3, seconds=3, waiting_seconds=0.2))
    pages = BoundedPages(parsers)
    harmful = [threading.Thread(target=_failing, args=(pages.page, fetched(HARMFUL["rows"]))) for _ in range(QUICK)]
    for thread in harmful:
        thread.start()
    time.sleep(0.2)

    with pytest.raises(FetchFailed, match="no parser was free") as failed:
        pages.page(fetched(ordinary()))

    assert not failed.value.final
    for thread in harmful:
        thread.join()


@pytest.mark.parametrize("body", [ordinary(), b"<html><body><nav>Home</nav></body></html>", b"", b"\xff\x00"])
def test_a_page_is_read_as_it_would_be_in_this_process(body: bytes, pages: BoundedPages) -> None:
    def outcome(read: Callable[[Fetched], object]) -> object:
        try:
            return read(fetched(body))
        except FetchFailed as error:
            return str(error), error.final

    assert outcome(pages.page) == outcome(ArticlePages().page)


# Articles and feeds


@pytest.fixture
def brief(container: Container) -> Container:
    """The services, with a parser whose limits harmful pages exceed soon."""
    container.parsers = Parsers(SHORT)
    return container


def submitted(container: Container, url: str) -> str:
    return container.ingest.submit(ArticleDraft("news.example", url=url), ring=False).article_id


def attempt(container: Container, article_id: str) -> str | None:
    """Fetch and code an article as far as it goes; its status, or None if it isn't due."""
    return container.fetch_articles.run(article_id) and (
        container.code_articles.run(article_id) or container.lookups.article(article_id).article.status
    )


def test_the_article_of_a_page_that_is_too_complex_has_failed_and_is_not_tried_again(
    site: Site, brief: Container, clock: ChosenClock
) -> None:
    article = submitted(brief, site.page("/harmful", HARMFUL["attributes"]))

    assert attempt(brief, article) == "failed"
    clock.advance(days=30)

    stored = brief.lookups.article(article).article
    assert (stored.status, stored.reason, stored.attempts) == ("failed", "page_too_complex", 1)
    assert attempt(brief, article) is None
    assert site.paths().count("/harmful") == 1


def test_the_article_of_a_killed_parser_is_tried_again(site: Site, container: Container, clock: ChosenClock) -> None:
    container.parsers = Parsers(Limits(quick_seconds=10))
    others = running_parsers()
    first, second = (submitted(container, site.page(f"/{n}", ordinary(n))) for n in range(2))
    assert attempt(container, first) == "coded"
    (pid,) = running_parsers() - others
    os.kill(pid, signal.SIGSTOP)
    killer = threading.Timer(0.5, os.kill, (pid, signal.SIGKILL))
    killer.start()

    assert attempt(container, second) == "pending"
    clock.advance(seconds=PAUSES[0].total_seconds())
    assert attempt(container, second) == "coded"
    killer.join()


def test_a_feed_that_is_too_complex_says_so(site: Site, brief: Container) -> None:
    feed = brief.feeds.add(site.page("/feed", HARMFUL_FEED, "application/rss+xml"))

    assert brief.feeds.poll(feed.id) is None
    assert brief.feeds.get(feed.id).last_error == "feed_too_complex"
