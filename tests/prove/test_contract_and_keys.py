"""Promises 10 and 20 (docs/promises.md) with figures: hostile input, scopes, and secrets in files."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.ports.api_keys import SCOPES
from tests.prove.figures import record, size
from tests.running_stack import up

pytestmark = pytest.mark.prove

TIMES, ALL_TIMES = size("ENTENTE_PROVE_TRAPS", 1, 70), 70

#: Bodies that broke naive services; each is answered with 4xx.
TRAPS = (
    b"[" * 100_000 + b"]" * 100_000,
    b'{"text":' * 100_000 + b"1" + b"}" * 100_000,
    b'{"text": ' + b"9" * 5000 + b"}",
    b'{"text": "\\ud800"}',
    b'{"\\udfff": 1}',
    b'{"text": 1180591620717411303424}',
    b'{"text": NaN}',
    b'{"text": 1e999}',
    b'{"text": "a", "text": "b"}',
    b'{"text": "a\x00b"}',
    b'{"text": "\\u0000"}',
    b'{"text": "\xff"}',
    b"\xef\xbb\xbf{}",
    b"null",
    b"{",
    b"",
)

#: Values for parameters of paths and queries.
STRANGE = ("\x00", "\ud800", "%", "..", "9" * 5000, str(2**70), "NaN", "a" * 8000, "'; --", "ü")

ADMINS = ("keys", "sources", "feeds", "subscriptions")

#: Where a signature stands for a key.
SIGNED = ("/v1/webhooks/", "/v1/unsubscribe/")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(method, path) of every operation."""
    for path, methods in document["paths"].items():
        yield from ((method.upper(), path) for method in methods if method in ("get", "post", "put", "patch", "delete"))


def scope_of(method: str, path: str) -> str | None:
    """The scope that docs/api.md promises for an operation; None where no key is asked for."""
    if not path.startswith("/v1/") or path.startswith(SIGNED):
        return None
    if path.split("/")[2] in ADMINS:
        return "admin"
    if method == "GET" or path == "/v1/code":
        return "read"
    return "ingest" if path in ("/v1/articles", "/v1/articles:batch") else "curate"


def filled_in(path: str, value: str = "01980000-0000-7000-8000-000000000000") -> str:
    """The path with this value for each of its parameters."""
    parts = path.split("/")
    return "/".join(requests.utils.quote(value.encode("utf-8", "surrogatepass"), "") if "{" in p else p for p in parts)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[tuple[str, Container]]:
    with up(tmp_path, ENTENTE_OPEN_READING="never", ENTENTE_RATE_LIMIT="0", ENTENTE_CODE_RATE_LIMIT="0") as (_, places):
        container = Container(Settings(tmp_path, f"sqlite:///{tmp_path}/entente.db"))
        yield places["api"].removesuffix("/v1"), container
        container.close()


def test_hostile_input_causes_no_server_error_and_disturbs_no_reader(stack: tuple[str, Container]) -> None:
    base, container = stack
    headers = {"Authorization": f"Bearer {container.keys.add('prove', ['admin']).token}"}
    statuses, honest, done = Counter[int](), Counter[int](), threading.Event()
    failed: list[str] = []

    def read() -> None:
        with requests.Session() as session:
            while not done.wait(0.02):
                honest[session.get(f"{base}/v1/relations/RUS/AFG", headers=headers, timeout=30).status_code] += 1

    def ask(session: requests.Session, method: str, url: str, **more: Any) -> None:
        with closing(session.request(method, base + url, stream=True, timeout=60, **more)) as answer:
            statuses[answer.status_code] += 1
            if answer.status_code >= 500:
                failed.append(f"{method} {url[:80]} {str(more)[:80]}: {answer.status_code}")

    reader = threading.Thread(target=read)
    reader.start()
    try:
        with requests.Session() as session:
            session.headers.update(headers)
            document = session.get(f"{base}/openapi.json", timeout=30).json()
            for method, path in list(operations(document)) * TIMES:
                for value in STRANGE:
                    ask(session, method, filled_in(path, value) + f"?limit={filled_in('{}', value)}&as_of=0")
                for body in TRAPS if method != "GET" else ():
                    kind = "x-ndjson" if path.endswith(":batch") else "json"
                    sent = {"data": body, "headers": {"Content-Type": f"application/{kind}"}}
                    ask(session, method, filled_in(path), **sent)
    finally:
        done.set()
        reader.join()
    made = sum(statuses.values())
    assert record(
        "10",
        "hostile bodies, paths and queries cause no server error",
        figure=f"{made:,} requests to every operation: {len(failed)} answered 5xx; answers "
        f"{dict(sorted(statuses.items()))}; beside them {honest[200]:,} of {honest.total():,} reads answered 200",
        aim="0 in 50,000",
        held=not failed and set(honest) == {200},
        full=TIMES >= ALL_TIMES,
    ), failed[:5]


def test_scopes_hold_on_every_operation_and_no_key_is_stored_in_plain_text(
    stack: tuple[str, Container], tmp_path: Path
) -> None:
    base, container = stack
    admin = container.keys.add("prove", ["admin"]).token
    document = requests.get(f"{base}/openapi.json", headers=bearer(admin), timeout=30).json()
    lint = [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(document)]
    tokens: dict[str | None, str] = {None: ""}
    for scope in SCOPES:
        wanted = {"name": scope, "scopes": [scope]}
        made = requests.post(f"{base}/v1/keys", json=wanted, headers=bearer(admin), timeout=30)
        tokens[scope] = made.json()["token"]
    wrong, asked = [], 0
    for method, path in operations(document):
        needed = scope_of(method, path)
        for held, token in tokens.items():
            status = asked_with(base, method, path, token)
            asked += 1
            if needed is None:
                right = path.startswith(SIGNED) or status not in (401, 403)
            elif held in (needed, "admin"):
                right = status not in (401, 403)
            else:
                right = status == (401 if held is None else 403)
            if not right:
                wrong.append(f"{method} {path} with {held}: {status}")
    secrets = [token.rpartition("_")[2].encode() for token in (admin, *tokens.values()) if token]
    # A token that is sent where none belongs, and one that is refused.
    for token in (admin, admin[:-1] + "x"):
        requests.get(f"{base}/v1/events?after={token}", headers=bearer(token), timeout=30)
        requests.get(f"{base}/v1/{token}", headers=bearer(token), timeout=30)
    time.sleep(1)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in files)
    told = [f"{path.name}" for path in files if any(secret in path.read_bytes() for secret in secrets)]
    assert record(
        "20",
        "the contract is honest and keys are safe",
        figure=f"OpenAPI 3.1 schema: {len(lint)} errors; {asked} requests, every operation with each scope and without "
        f"a key: {len(wrong)} answered otherwise than its scope says; {len(secrets)} keys in {len(files)} files of the "
        f"data directory, ledger and logs: {len(told)} times in plain text",
        aim="0 errors, 0 in plain text",
        held=not (lint or wrong or told),
        full=True,
    ), (lint[:5], wrong[:10], told)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def asked_with(base: str, method: str, path: str, token: str) -> int:
    """The status of a request without a body, with this key or none."""
    url = base + filled_in(path)
    with closing(requests.request(method, url, headers=bearer(token), stream=True, timeout=30)) as answer:
        return answer.status_code
