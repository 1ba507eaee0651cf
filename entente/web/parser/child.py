"""The subprocess: parses what it is sent until its parent hangs up. Started by `parser.Parser`, with its arguments.

It reads no settings and opens no connection. Standard input is a pipe that its parent holds open and never writes to.
"""

import fcntl
import json
import logging
import math
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from entente.services.ports.fetching import FeedDocument, Fetched, FetchedPage, FetchFailed
from entente.services.ports.files import FileContent
from entente.web.feeds import FeedFiles
from entente.web.files import ArticleFiles
from entente.web.pages import ArticlePages
from entente.web.parser import frames, messages

#: Exit code for memory that was not enough.
OUT_OF_MEMORY = 12

#: Parsed before the first request, so that no page waits for what the libraries load when they first need it.
_FIRST_PAGE = b"""<!doctype html><html lang="en"><head><title>A title</title></head><body><article><h1>A title</h1>
<p>Kenya recognised Kosovo on Tuesday 1 July 2025, its foreign ministry said in a statement.</p>
<p>Serbia condemned the step and recalled its ambassador from Nairobi for consultations.</p></article></body></html>"""
_FIRST_FEED = b'<rss version="2.0"><channel><title>x</title><item><link>http://a.example/</link></item></channel></rss>'

_Content = FetchedPage | FileContent | FeedDocument


def main(fd: int, memory_bytes: int, seconds: float) -> None:
    """Answer requests on the socket `fd` until its other end is closed."""
    _die_with_parent()
    # Ctrl-C in a terminal goes to every process of the group; the parent decides what becomes of this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What libraries log about a page is for nobody, and may hold the page's own words.
    logging.getLogger().addHandler(logging.NullHandler())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory(memory_bytes)
    readers: dict[str, Callable[[Fetched], _Content]] = {
        messages.PAGE.name: ArticlePages().page,
        messages.FEED.name: FeedFiles().read,
        messages.FILE.name: ArticleFiles().content,
    }
    readers[messages.PAGE.name](Fetched("http://a.example/", "text/html", _FIRST_PAGE))
    readers[messages.FEED.name](Fetched("http://a.example/", "application/rss+xml", _FIRST_FEED))
    # Its parent may end at any time, and ends it by that.
    with socket.socket(fileno=fd) as connection, suppress(EOFError, ConnectionError):
        frames.send(connection, messages.READY)
        while True:
            head, body = (frames.receive(connection, messages.LONGEST) for _ in range(2))
            kind, fetched = messages.read_head(head, body)
            _limit_processor_time(seconds)
            frames.send(connection, _answer(readers[kind], fetched, memory_bytes))


def _answer(read: Callable[[Fetched], _Content], fetched: Fetched, memory_bytes: int) -> bytes:
    try:
        content = read(fetched)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:
        # The libraries turn some failed allocations into other errors, or into a page without text.
        if _peak_bytes() > memory_bytes // 2:
            os._exit(OUT_OF_MEMORY)
        return messages.answer(error if isinstance(error, FetchFailed) else _unread(error), worn=False)
    return messages.answer(content, worn=_peak_bytes() > memory_bytes // 2)


def _unread(error: Exception) -> FetchFailed:
    """A defect of a library. Its message, which may hold the page's words, is not passed on."""
    # A line of JSON, as every line of the log that standard error goes to.
    where = traceback.format_tb(error.__traceback__)
    told = {"event": "parser failed", "level": "error", "error": type(error).__name__, "where": where}
    print(json.dumps(told), file=sys.stderr, flush=True)
    return FetchFailed(f"it can't be parsed ({type(error).__name__})", final=True)


def _limit_memory(memory_bytes: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bound = memory_bytes if most == resource.RLIM_INFINITY else min(memory_bytes, most)
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _limit_processor_time(seconds: float) -> None:
    """Have the kernel end this process after that much more processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime + seconds), most))


def _die_with_parent() -> None:
    """Have the kernel end this process when the other end of standard input is closed.

    prctl's parent-death signal would come when the *thread* ends that started this process.
    """
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)  # then SIGIO, which ends a process


def _peak_bytes() -> int:
    """The most address space that this process has had (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.partition("VmPeak:")[2].split()[0]) * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
