"""Promises 9 and 17 (docs/promises.md) with figures, over real HTTP: forged deliveries, and the changes feed."""

import base64
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from standardwebhooks.webhooks import Webhook

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from tests.processes import until
from tests.prove.figures import record, size
from tests.running_stack import up

pytestmark = pytest.mark.prove

FORGERIES, ALL_FORGERIES = size("ENTENTE_PROVE_FORGERIES", 1000, 5000), 5000
REPORTS, ALL_REPORTS = size("ENTENTE_PROVE_REPORTS", 100, 300), 300
LISTENERS = 4

BODY = b'{"text": "France recalled its ambassador to Mali on Monday."}'
ACTS = (
    "recalled its ambassador to",
    "imposed sanctions on",
    "lifted sanctions on",
    "severed diplomatic relations with",
)
STATES = "Mali Kenya Ghana Peru Chile Norway Sweden Japan Nepal Egypt Oman Qatar".split()


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[tuple[str, Container]]:
    with up(tmp_path) as (_, places):
        container = Container(Settings(tmp_path, f"sqlite:///{tmp_path}/entente.db"))
        yield places["api"], container
        container.close()


def signed(secret: str, body: bytes, id: str, at: datetime) -> dict[str, str]:
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(id, at, body.decode()),
    }


def forged(secret: str, other: str, chance: random.Random, number: int) -> tuple[dict[str, str], bytes]:
    """A delivery that is genuine but for one thing."""
    now = datetime.now(UTC)
    headers, body = signed(secret, BODY, f"msg_{number}", now), BODY
    name = chance.choice(list(headers))
    way = chance.randrange(8)
    if way == 0:
        spot = chance.randrange(len(body))
        body = body[:spot] + bytes([body[spot] ^ (1 << chance.randrange(7))]) + body[spot + 1 :]
    elif way == 1:
        headers = signed(other, BODY, f"msg_{number}", now)
    elif way == 2:
        off = chance.choice((-1, 1)) * chance.randrange(301, 10**8)
        headers = signed(secret, BODY, f"msg_{number}", now + timedelta(seconds=off))
    elif way == 3:
        del headers[name]
    elif way == 4:
        headers[name] = "".join(chr(chance.randrange(0x21, 0x100)) for _ in range(chance.randrange(200)))
    elif way == 5:
        headers["webhook-id"] += "x"
    elif way == 6:
        headers["webhook-timestamp"] = str(int(now.timestamp()) - chance.randrange(1, 290))
    else:
        made_up = base64.b64encode(chance.randbytes(32)).decode()
        headers["webhook-signature"] = " ".join(f"{version},{made_up}" for version in ("v1", "v1a", "v2", "") * 3)
    return headers, body


def test_no_forged_altered_or_replayed_delivery_is_taken(stack: tuple[str, Container]) -> None:
    api, container = stack
    secret, other = (container.sources.add(name).secrets[0] for name in ("wire", "other"))
    chance, statuses = random.Random(9), Counter[int]()
    with requests.Session() as session:
        session.headers["Content-Type"] = "application/json"
        for number in range(FORGERIES):
            headers, body = forged(secret, other, chance, number)
            sent = {name: value.encode("latin-1") for name, value in headers.items()}
            statuses[session.post(f"{api}/webhooks/wire", data=body, headers=sent, timeout=30).status_code] += 1
        genuine = signed(secret, BODY, "genuine", datetime.now(UTC))
        again = [session.post(f"{api}/webhooks/wire", data=BODY, headers=genuine, timeout=30) for _ in range(3)]
    assert record(
        "9",
        "no forged, altered or replayed delivery is accepted",
        figure=f"{FORGERIES:,} deliveries with one defect each: answers {dict(statuses)}",
        aim="0 accepted, 0 answered 5xx",
        held=set(statuses) <= {400, 401},
        full=FORGERIES >= ALL_FORGERIES,
    )
    assert [answer.status_code for answer in again] == [202, 200, 200]
    with container.ledger.read() as unit:
        assert len([*unit.articles.unfinished(10), *unit.articles.every()]) == 1


def heard(api: str, chance: random.Random, done: threading.Event) -> list[int]:
    """What a client hears that is cut off again and again and always comes back."""
    numbers: list[int] = []
    while True:
        last_round = done.is_set()
        headers = {"Last-Event-ID": str(numbers[-1])} if numbers else {}
        stop_after, quiet = chance.randrange(1, 30), time.monotonic() + 3
        with closing(requests.get(f"{api}/changes/stream", headers=headers, stream=True, timeout=10)) as answer:
            if answer.status_code == 503:
                time.sleep(0.5)
                continue
            for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
                if line.startswith("id: "):
                    numbers.append(int(line[4:]))
                    stop_after -= 1
                if stop_after == 0 or time.monotonic() > quiet:
                    break
        if last_round and time.monotonic() > quiet:
            return numbers


def test_the_feed_of_changes_has_no_gap_and_repeats_nothing(stack: tuple[str, Container]) -> None:
    api, container = stack
    secret = container.sources.add("wire").secrets[0]
    done, found = threading.Event(), dict[int, list[int]]()

    def listen(n: int) -> None:
        found[n] = heard(api, random.Random(n), done)

    listeners = [threading.Thread(target=listen, args=(n,)) for n in range(LISTENERS)]
    for listener in listeners:
        listener.start()
    with requests.Session() as session:
        session.headers["Content-Type"] = "application/json"
        for n in range(REPORTS):
            one, other = STATES[n % len(STATES)], STATES[(n * 7 + 1 + n // len(STATES)) % len(STATES)]
            text = f"Report {n}. {one} {ACTS[n % len(ACTS)]} {other} on Monday."
            published = datetime.now(UTC) - timedelta(days=n % 300)
            body = json.dumps({"text": text, "published_at": published.date().isoformat()}).encode()
            headers = signed(secret, body, f"msg_{n}", datetime.now(UTC))
            session.post(f"{api}/webhooks/wire", data=body, headers=headers, timeout=30).raise_for_status()
    until(lambda: _all_coded(container), seconds=300)
    done.set()
    for listener in listeners:
        listener.join()
    with container.ledger.read() as unit:
        last = unit.changes.last()
        listed = [recorded.seq for recorded in unit.changes.after(0, last + 1)]
    assert last > REPORTS / 4
    whole = listed == list(range(1, last + 1))
    others = sum(numbers != listed for numbers in found.values())
    assert record(
        "17",
        "the changes feed has no gaps and repeats nothing",
        figure=f"{last} changes by {REPORTS} articles: {others} of {LISTENERS} clients that were disconnected "
        "repeatedly read a gap or a repeat",
        aim="0 gaps, 0 repeats",
        held=whole and others == 0,
        full=REPORTS >= ALL_REPORTS,
    )


def _all_coded(container: Container) -> bool:
    with container.ledger.read() as unit:
        return not unit.articles.unfinished(1)
