"""`entente up` as a process: one process starts the stack, and none is left when it ends in any way."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from entente.bootstrap import running
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.articles import ArticleDraft
from tests.processes import alive, command_line, family, parent, until
from tests.running_stack import ENTENTE, environment, up

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes through /proc")

#: Long enough to be met at work: some seconds of coding.
LONG_TEXT = " ".join(
    f"France condemned the shelling of village {n} by Armenia on Thursday, and Georgia offered talks to Azerbaijan."
    for n in range(1200)
)

RECOGNITION = "KABUL, July 3 – Russia recognised Afghanistan on Thursday. Kabul thanked Moscow."


def entente(data_dir: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [ENTENTE, *arguments], env=environment(data_dir), capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    data_dir = tmp_path_factory.mktemp("data")
    with up(data_dir) as (process, places):
        yield process, places, data_dir


@pytest.fixture
def container(stack):
    data_dir = stack[2]
    found = running.find(data_dir)
    settings = Settings(data_dir, f"sqlite:///{data_dir}/entente.db", redis_url=found.redis_url)
    container = Container(settings)
    yield container
    container.close()


def status(container: Container, article_id: str) -> str:
    return container.lookups.article(article_id).article.status


def submit(container: Container, text: str) -> str:
    return container.ingest.submit(ArticleDraft("Test Wire", text=text, language="en")).article_id


def test_the_api_answers_where_the_stack_says(stack):
    places = stack[1]
    assert places["api"].startswith("http://127.0.0.1:")
    assert requests.get(places["api"].replace("/v1", "/readyz"), timeout=30).ok


def test_an_article_that_is_rung_for_is_coded_by_the_worker(container):
    article_id = submit(container, RECOGNITION)
    until(lambda: status(container, article_id) == "coded")


def test_another_terminal_finds_the_stack(stack, tmp_path):
    article = tmp_path / "a.json"
    article.write_text(json.dumps({"text": "Japan imposed sanctions on North Korea on Monday.", "source": "Test Wire"}))
    done = entente(stack[2], "ingest", "--json", str(article))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "coded"
    assert not (stack[2] / "entente.db-journal").exists()


def test_a_second_stack_on_the_same_data_is_refused(stack):
    done = entente(stack[2], "up")
    assert done.returncode == 1
    assert "already runs" in done.stderr
    assert "ENTENTE_DATA_DIR" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_article_is_coded_although_its_worker_is_killed_at_work(stack, container):
    log = stack[2] / "log" / "worker.log"
    article_id = submit(container, LONG_TEXT)
    until(lambda: status(container, article_id) == "coding")
    worker = next(pid for pid in family(stack[0].pid) if _is_worker(pid))
    members = family(worker)
    for pid in members:
        os.kill(pid, signal.SIGKILL)
    assert status(container, article_id) == "coding"
    until(lambda: status(container, article_id) == "coded")
    assert container.lookups.article(article_id).article.attempts == 2
    assert not any(alive(pid) for pid in members), log.read_text()


def test_a_killed_part_comes_back(stack, container):
    main = next(pid for pid in family(stack[0].pid) if _command(pid, "api_server") and parent(pid) == stack[0].pid)
    os.kill(main, signal.SIGKILL)
    until(lambda: not alive(main))
    # The socket outlives the server: clients wait instead of being refused.
    assert requests.get(stack[1]["api"].replace("/v1", "/readyz"), timeout=30).ok


def test_articles_are_taken_while_redis_is_frozen_and_coded_afterwards(stack, container):
    redis = next(pid for pid in family(stack[0].pid) if _command(pid, "redis-server"))
    url, texts = f"{stack[1]['api']}/articles", [f"News item {n}. {RECOGNITION}" for n in range(20)]
    headers = {"Authorization": f"Bearer {container.keys.add('tests', ['ingest']).token}"}
    os.kill(redis, signal.SIGSTOP)
    try:
        items = [{"text": text, "source": "Test Wire"} for text in texts]
        answers = [requests.post(url, json=item, headers=headers, timeout=30) for item in items]
    finally:
        os.kill(redis, signal.SIGCONT)
    assert {answer.status_code for answer in answers} == {202}
    # Waiting for a frozen broker would take minutes; how quick the answer is, the long proofs measure.
    assert max(answer.elapsed.total_seconds() for answer in answers) < 10
    ids = [answer.json()["id"] for answer in answers]
    until(lambda: {status(container, id) for id in ids} == {"coded"})


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_stack_leaves_nothing_behind(tmp_path, number):
    with up(tmp_path) as (process, _):
        members, run_dir = family(process.pid), Path(running.find(tmp_path).run_dir)
        assert len(members) > 5
        assert run_dir.is_dir()
        process.send_signal(number)
        assert process.wait(60) == 0, process.stderr.read()
    assert not any(alive(pid) for pid in members)
    assert not run_dir.exists()
    assert not (tmp_path / running.RECORD).exists()


def test_a_killed_stack_leaves_no_process_and_the_next_start_tidies_up(tmp_path):
    with up(tmp_path) as (process, _):
        members, run_dir = family(process.pid), Path(running.find(tmp_path).run_dir)
        process.kill()
        process.wait()
        until(lambda: not any(alive(pid) for pid in members))
    assert running.find(tmp_path) is None
    with up(tmp_path):
        assert not run_dir.exists()


def test_a_port_that_is_taken_is_named(stack, tmp_path):
    port = stack[1]["api"].rpartition(":")[2].partition("/")[0]
    done = subprocess.run(
        [ENTENTE, "up"], env=environment(tmp_path, ENTENTE_PORT=port), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "ENTENTE_PORT" in done.stderr


def test_a_redis_that_does_not_answer_is_named(tmp_path):
    done = subprocess.run(
        [ENTENTE, "up"],
        env=environment(tmp_path, ENTENTE_REDIS_URL="redis://127.0.0.1:1/0"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "ENTENTE_REDIS_URL" in done.stderr


def _command(pid: int, word: str) -> bool:
    return any(word.encode() in argument for argument in command_line(pid))


def _is_worker(pid: int) -> bool:
    arguments = command_line(pid)
    return b"worker.main" in arguments and b"worker" in arguments and not _command(parent(pid), "celery")
