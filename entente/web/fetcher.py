"""The Fetcher port on requests: GET bounded in bytes, seconds and redirects, after a check of robots.txt."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import requests
from requests_hardened.ip_filter import InvalidIPAddress

from entente.services.ports.fetching import Fetched, FetchFailed
from entente.web.guard import Deadline, GuardedAdapter, check_url

MAX_BYTES = 5_000_000
MAX_SECONDS = 20.0
MAX_REDIRECTS = 3
MAX_ROBOTS_BYTES = 500_000

#: Seconds for which a host's robots.txt is cached.
ROBOTS_FOR = 3600.0

#: Most bytes of cached robots.txt files, each counted with _BYTES_A_HOST more. Parsed, they take up to 25 times that.
MAX_REMEMBERED_BYTES = 2_000_000
_BYTES_A_HOST = 1_000

#: Longest Retry-After that is honoured.
LONGEST_WAIT = timedelta(days=1)

_TIMEOUT = (5.0, 10.0)
_CHUNK = 16_384
_REDIRECTS = (301, 302, 303, 307, 308)

#: Temporary errors, for which a retry makes sense.
_PASSING = (408, 425, 429, 500, 502, 503, 504)


class GuardedFetcher:
    """Fetches with the User-Agent `user_agent`. `loopback` allows servers on this machine, on any port. Thread-safe."""

    def __init__(self, user_agent: str, *, loopback: bool = False) -> None:
        self._agent = user_agent
        self._loopback = loopback
        self._robots: dict[str, tuple[float, RobotFileParser, int]] = {}
        self._lock = threading.Lock()

    def fetch(
        self, url: str, types: Sequence[str], etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """GET a URL whose media type must be one of `types`. Raises FetchFailed with a reason for the user."""
        deadline = Deadline(MAX_SECONDS)
        # An empty type stands for an answer without one.
        headers = {"Accept": ", ".join(filter(None, types)), "Accept-Encoding": "gzip, deflate"}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        try:
            with deadline.running(), self._session(deadline) as session:
                self._ask_robots(session, url, deadline)
                return self._get(session, url, headers, types, deadline)
        except InvalidIPAddress as error:
            raise FetchFailed("the address is not on the public internet", final=True) from error
        except requests.exceptions.InvalidURL as error:
            raise FetchFailed(f"not fetched: {error}", final=True) from error
        except (requests.RequestException, OSError, ValueError) as error:
            if deadline.passed:
                raise FetchFailed(f"the server took more than {MAX_SECONDS:.0f} seconds") from error
            raise FetchFailed(plainly(error)) from error

    def _session(self, deadline: Deadline) -> requests.Session:
        session = requests.Session()
        # No proxy or password from the environment: a proxy would bypass the address checks.
        session.trust_env = False
        session.headers["User-Agent"] = self._agent
        for scheme in ("http", "https"):
            session.mount(f"{scheme}://", GuardedAdapter(scheme, deadline, loopback=self._loopback))
        return session

    def _get(
        self,
        session: requests.Session,
        url: str,
        headers: dict[str, str],
        types: Sequence[str],
        deadline: Deadline,
        limit: int = MAX_BYTES,
    ) -> Fetched:
        for _ in range(MAX_REDIRECTS + 1):
            check_url(url, loopback=self._loopback)
            with session.get(url, headers=headers, timeout=_TIMEOUT, stream=True, allow_redirects=False) as answer:
                if answer.status_code in _REDIRECTS and (there := answer.headers.get("Location")):
                    url = urljoin(url, there)
                    continue
                return self._read(url, answer, types, deadline, limit)
        raise FetchFailed(f"more than {MAX_REDIRECTS} redirects", final=True)

    def _read(
        self, url: str, answer: requests.Response, types: Sequence[str], deadline: Deadline, limit: int
    ) -> Fetched:
        etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
        if answer.status_code == HTTPStatus.NOT_MODIFIED:
            return Fetched(url, "", b"", None, etag, modified, not_modified=True)
        if answer.status_code != HTTPStatus.OK:
            raise FetchFailed(
                f"the server answered {answer.status_code}",
                final=answer.status_code not in _PASSING,
                retry_at=retry_at(answer.headers.get("Retry-After")),
            )
        media_type, charset = _media_type(answer)
        if media_type not in types:
            raise FetchFailed(f"{media_type or 'an answer without a type'} is not read here", final=True)
        body = bytearray()
        # Decoded bytes are counted: a small compressed answer may expand into a large one.
        for chunk in answer.iter_content(_CHUNK):
            body += chunk
            if len(body) > limit:
                raise FetchFailed(f"larger than {limit:,} bytes", final=True)
            if deadline.passed:
                raise FetchFailed(f"the server took more than {MAX_SECONDS:.0f} seconds")
        if deadline.passed:
            raise FetchFailed(f"the server took more than {MAX_SECONDS:.0f} seconds")
        return Fetched(url, media_type, bytes(body), charset, etag, modified)

    def _ask_robots(self, session: requests.Session, url: str, deadline: Deadline) -> None:
        check_url(url, loopback=self._loopback)
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}"
        rules = self._remembered(host)
        if rules is None:
            rules, size = self._rules(session, host, deadline)
            with self._lock:
                self._robots.pop(host, None)
                self._robots[host] = (time.monotonic() + ROBOTS_FOR, rules, size + _BYTES_A_HOST)
                while sum(kept for *_, kept in self._robots.values()) > MAX_REMEMBERED_BYTES:
                    del self._robots[next(iter(self._robots))]  # the oldest entry
        if not rules.can_fetch(self._agent, url):
            raise FetchFailed("the site's robots.txt doesn't allow it", final=True)

    def _remembered(self, host: str) -> RobotFileParser | None:
        with self._lock:
            until, rules, _ = self._robots.get(host, (0.0, None, 0))
        return rules if time.monotonic() < until else None

    def _rules(self, session: requests.Session, host: str, deadline: Deadline) -> tuple[RobotFileParser, int]:
        """The robots.txt rules of a host, and the size of the file in bytes.

        If the file can't be fetched, everything is allowed.
        """
        rules = RobotFileParser()
        try:
            types = ("text/plain",)
            found = self._get(
                session, f"{host}/robots.txt", {"Accept": "text/plain"}, types, deadline, MAX_ROBOTS_BYTES
            )
        except FetchFailed:
            rules.parse([])
            return rules, 0
        rules.parse(found.body.decode("utf-8", "replace").splitlines())
        return rules, len(found.body)


def _media_type(answer: requests.Response) -> tuple[str, str | None]:
    kind, _, rest = answer.headers.get("Content-Type", "").partition(";")
    charset = next((p.partition("=")[2].strip(" \"'") for p in rest.split(";") if p.strip().startswith("charset=")), "")
    return kind.strip().lower(), charset or None


def retry_at(header: str | None) -> datetime | None:
    """The time that a Retry-After header names, at most LONGEST_WAIT from now; None without a valid one."""
    if not header:
        return None
    now = datetime.now(UTC)
    latest = now + LONGEST_WAIT
    try:
        if header.isdigit():
            return now + min(timedelta(seconds=int(header)), LONGEST_WAIT)
        named = parsedate_to_datetime(header)
        # The offset -0000 is UTC (RFC 5322); Python parses it to a naive datetime.
        return min(named.astimezone(UTC) if named.tzinfo else named.replace(tzinfo=UTC), latest)
    except OverflowError:
        return latest
    except (ValueError, TypeError):
        return None


def plainly(error: Exception) -> str:
    """A connection error in words for the user, without the library's internals."""
    known = {
        requests.exceptions.SSLError: "the server's certificate is not valid",
        requests.exceptions.ConnectTimeout: "connecting to the server took too long",
        requests.exceptions.ReadTimeout: "the server took too long to answer",
        requests.exceptions.ChunkedEncodingError: "the answer broke off",
        requests.exceptions.ContentDecodingError: "the answer can't be unpacked",
        requests.exceptions.ConnectionError: "the server can't be reached",
    }
    return next((text for kind, text in known.items() if isinstance(error, kind)), "the answer can't be read")
