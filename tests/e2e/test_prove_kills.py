"""Promises 1, 2, 4 and 13 (docs/promises.md): acknowledged articles survive kill -9 of any process, and count once."""

import json
import os
import random
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from standardwebhooks.webhooks import Webhook

from entente.bootstrap.children import STEADY_SECONDS
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from tests.processes import alive, family, parent, until
from tests.prove.figures import record, size
from tests.running_stack import ENTENTE, environment, up

ARTICLES, ALL_ARTICLES = size("ENTENTE_PROVE_ARTICLES", 400, 10_000), 10_000
KILLS, ALL_KILLS = size("ENTENTE_PROVE_KILLS", 20, 200), 200
DELIVERIES = 5
SENDERS = 8

#: Seconds between two kills: enough for the supervisor to bring back what was killed, not for calm.
PAUSE = 3.0

#: Who recalls an ambassador from whom: some hundreds of events, so that each is told of a few times and not all is one.
STATES = (
    "France Mali Kenya Ghana Peru Chile Norway Sweden Japan Nepal Egypt Oman Qatar Cuba Haiti Malta Spain Italy Poland "
    "Greece Turkey Kuwait Yemen Laos"
).split()

pytestmark = pytest.mark.prove


def deliver(stack, url, secret, number):
    """Send one article until it was acknowledged DELIVERIES times; the ids that came back, and codes of refusals."""
    # Spread over the time that the kills take.
    time.sleep(PAUSE * KILLS * SENDERS / ARTICLES)
    one, other = divmod(number % (len(STATES) * (len(STATES) - 1)), len(STATES) - 1)
    other += other >= one
    text = f"Report {number}. {STATES[one]} recalled its ambassador to {STATES[other]} on Monday."
    body = json.dumps({"text": text, "source": "Wire"})
    ids, refused = [], []
    while len(ids) < DELIVERIES:
        assert stack.poll() is None, f"the stack gave up: {stack.stderr.read()}"
        now = datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": f"msg_{number}",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(f"msg_{number}", now, body),
        }
        try:
            answer = requests.post(url, data=body, headers=headers, timeout=30)
        except requests.RequestException:
            time.sleep(0.2)
            continue
        if answer.ok:
            ids.append(answer.json()["id"])
        else:
            refused.append(answer.status_code)
            time.sleep(0.2)
    return ids, refused


def leads(pid, supervisor):
    """Whether the supervisor started this process itself."""
    return alive(pid) and parent(pid) == supervisor


def steady(pid):
    """Whether it has lived for so long that its death is no crash at its start, five of which are the last."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return False
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started > STEADY_SECONDS


def kill_at_random(supervisor, done, killed):
    chance = random.Random(1)
    while not done.wait(PAUSE):
        victims = [
            pid for pid in sorted(family(supervisor) - {supervisor}) if steady(pid) or not leads(pid, supervisor)
        ]
        victim = chance.choice(victims) if victims else None
        if victim and alive(victim):
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)


def test_no_acknowledged_article_is_lost_and_none_counts_twice(tmp_path):
    with up(tmp_path) as (process, places):
        added = subprocess.run(
            [ENTENTE, "sources", "add", "wire", "--json"], env=environment(tmp_path), capture_output=True, check=True
        )
        secret, url = json.loads(added.stdout)["secret"], f"{places['api']}/webhooks/wire"
        done, killed = threading.Event(), []
        killer = threading.Thread(target=kill_at_random, args=(process.pid, done, killed))
        killer.start()
        try:
            with ThreadPoolExecutor(SENDERS) as pool:
                answers = list(pool.map(lambda number: deliver(process, url, secret, number), range(ARTICLES)))
        finally:
            done.set()
            killer.join()
        drained = time.monotonic()
        container = Container(Settings(tmp_path, f"sqlite:///{tmp_path}/entente.db"))
        ids = [id for acknowledged, _ in answers for id in acknowledged]
        reports = until(lambda: finished(container, set(ids)), seconds=300)
        coded = time.monotonic() - drained
        refused = sum(len(codes) for _, codes in answers)
        full = ARTICLES >= ALL_ARTICLES and len(killed) >= ALL_KILLS
        lost = sum(report.article.status != "coded" for report in reports)
        kept = record(
            "1",
            "an acknowledged article is not lost, whichever process is killed",
            figure=f"{len(ids):,} acknowledgements of {ARTICLES:,} articles under {len(killed)} kills, {refused} "
            f"refused and sent again: {lost} not coded, the others {coded:.1f} s after the last kill",
            aim=f"0 lost of {ALL_ARTICLES:,} under {ALL_KILLS} kills",
            held=lost == 0,
            full=full,
        )
        once = record(
            "2",
            "an article sent five times, eight at once, counts once",
            figure=f"{len(set(ids)):,} ids for {ARTICLES:,} articles",
            aim="one each",
            held=len(set(ids)) == ARTICLES,
            full=full,
        )
        assert kept
        assert once
        assert len(set(ids)) == ARTICLES
        assert {len({*acknowledged}) for acknowledged, _ in answers} == {1}
        assert {(report.article.status, len(report.mentions)) for report in reports} == {
            (reports[0].article.status, len(reports[0].mentions))
        }
        assert reports[0].article.status == "coded"
        assert container.projector.verify() == []
        container.close()


def finished(container, ids):
    with container.ledger.read() as unit:
        if unit.articles.unfinished(1):
            return None
    return [container.lookups.article(id) for id in sorted(ids)]
