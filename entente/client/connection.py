"""Requests to the API: retries, timeouts, the API key, and errors from problem documents."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast
from urllib.parse import quote, urljoin

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

import entente
from entente.client.errors import Unreachable, UnusableAnswer, problem_error
from entente.client.shapes import Problem

#: Attempts at a request beside the first. A server that names the seconds in Retry-After is asked after these.
RETRIES = 4
#: Longest wait that a server may ask for, in seconds.
MAX_WAIT = 60

#: Bytes that are read at once of a table.
_CHUNK = 65_536

Parameters = Mapping[str, object]


class Connection:
    """A session with one server. Not for use by several threads at once."""

    def __init__(self, url: str, key: str | None, timeout: float) -> None:
        self.url = f"{url.rstrip('/').removesuffix('/v1')}/"
        self._timeout = timeout
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"entente-client/{entente.__version__}"
        # As an `auth`, so that no login in the user's .netrc takes its place.
        self._session.auth = _Bearer(key)
        adapter = HTTPAdapter(max_retries=_retries())
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def get(self, path: str, parameters: Parameters | None = None, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON of an answer. Raises EntenteError."""
        return self.page(path, parameters, headers)[0]

    def page(
        self, path: str, parameters: Parameters | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[Any, str | None]:
        """The JSON of a page of a list, and the path of the next page. Raises EntenteError."""
        answer = self._ask("GET", path, params=_spelt(parameters or {}), headers=headers)
        return _content(answer), answer.links.get("next", {}).get("url")

    def rows(self, path: str, parameters: Parameters) -> Iterator[Any]:
        """The rows of a table, each the JSON of a line, as they come. Raises EntenteError."""
        asked = _spelt({**parameters, "format": "ndjson"})
        with self._ask("GET", path, params=asked, stream=True) as answer:
            try:
                if not answer.ok:
                    _content(answer)
                if "ndjson" not in answer.headers.get("Content-Type", ""):
                    raise UnusableAnswer(f"{answer.url} answered without a table")
                for line in answer.iter_lines(_CHUNK):
                    yield json.loads(line)
            # What was cut off within a line is no JSON.
            except (requests.RequestException, json.JSONDecodeError) as error:
                raise Unreachable(f"the table from {self.url} broke off: {_cause(error)}") from error

    def post(self, path: str, body: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Any:
        """Post JSON; the JSON of the answer. Raises EntenteError.

        It may be sent more than once, so whatever is posted must be safe to repeat.
        """
        given = {name: _text(value) for name, value in body.items() if value is not None}
        return _content(self._ask("POST", path, json=given, headers=headers))

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        address = urljoin(self.url, path)
        try:
            return self._session.request(method, address, timeout=self._timeout, **more)
        except requests.RequestException as error:
            raise Unreachable(f"no answer from {self.url}: {_cause(error)}; is Entente running there?") from error


class _Bearer(requests.auth.AuthBase):
    def __init__(self, key: str | None) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def path(*parts: str) -> str:
    """The path of a resource, each part percent-encoded."""
    return "/v1/" + "/".join(quote(part, safe=":") for part in parts)


def _retries() -> Retry:
    return Retry(
        total=RETRIES,
        connect=2,
        # A kept connection may have been closed meanwhile. Not more: after a timeout the server may still be at work.
        read=1,
        backoff_factor=0.5,
        status_forcelist=(429, 502, 503, 504),
        # POST as well: see Connection.post.
        allowed_methods=None,
        # The last answer is handed over, so that its problem document can be told.
        raise_on_status=False,
        retry_after_max=MAX_WAIT,
    )


def _spelt(parameters: Parameters) -> dict[str, str]:
    """Query parameters as the API spells them; those that are None are left out."""
    given = {name.rstrip("_"): value for name, value in parameters.items() if value is not None}
    return {name: str(value).lower() if isinstance(value, bool) else str(_text(value)) for name, value in given.items()}


def _text(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ",".join(str(_text(member)) for member in value)
    return value


def _content(answer: requests.Response) -> Any:
    try:
        content = answer.json()
    except ValueError:
        raise UnusableAnswer(f"{answer.url} answered {answer.status_code} without JSON") from None
    if answer.ok:
        return content
    if not (isinstance(content, dict) and {"detail", "status", "title", "type"} <= content.keys()):
        raise UnusableAnswer(f"{answer.url} answered {answer.status_code} without a problem document")
    raise problem_error(cast("Problem", content))


def _cause(error: Exception) -> str:
    """The innermost reason of an error, which requests wraps several times."""
    if isinstance(error, requests.Timeout):
        return "it took too long"
    reason = getattr(error.args[0], "reason", error) if error.args else error
    return str(reason).rpartition(": ")[2] or type(error).__name__
