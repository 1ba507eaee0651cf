"""The commands of docs/operations.md in containers, in the guide's order, and what the container stack survives.

Needs Docker with its compose plugin (or docker-compose), curl, openssl, and the ports 80, 443 and 8080 of this machine;
builds the image of this checkout. Run it with `pytest -m prove -s tests/prove/test_containers.py`.
"""

import json
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.operations_guide import ROOT, run_commands, run_script
from tests.prove.figures import record

pytestmark = pytest.mark.prove

API = "http://127.0.0.1:8080"
PROJECT = "enteproof"
SERVICES = ("redis", "postgres", "worker", "fetcher", "deliverer", "beat", "api")
HEALTHY_SECONDS = 180


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Containers"]:
    """A copy of the checkout in which the guide's commands run; at the end its containers and volumes are removed."""
    if not shutil.which("docker"):
        pytest.skip("no docker")
    place = tmp_path_factory.mktemp("checkout")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "training/")):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, place / name)
    containers = Containers(place, tmp_path_factory.mktemp("bin"))
    containers.run("docker compose build")
    yield containers
    containers.run("docker compose --file docker-compose.yml --file deploy/tls.yml down --volumes --timeout 20")


class Containers:
    """Runs commands in the checkout, and asks the API that they start."""

    def __init__(self, place: Path, bin: Path) -> None:
        self.place = place
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ENTENTE_", "REDIS_"))}
        self.environment = kept | {"COMPOSE_PROJECT_NAME": PROJECT}
        if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
            # The older program of its own, under the name that the guide uses.
            docker = shutil.which("docker")
            (bin / "docker").write_text(
                f'#!/bin/sh\n[ "$1" = compose ] || exec {docker} "$@"\nshift\nexec docker-compose "$@"\n'
            )
            (bin / "docker").chmod(stat.S_IRWXU)
            self.environment["PATH"] = f"{bin}:{self.environment['PATH']}"

    def run(self, script: str, **more: str) -> str:
        return run_script(script, self.place, self.environment | more)

    def guide(self, run: Callable[..., str], heading: str, number: int, **more: str) -> str:
        print(f"\n{heading}, {number}", flush=True)
        return run(heading, number, self.place, self.environment | more)

    def containers(self, service: str) -> list[str]:
        return self.run(f"docker compose ps --quiet {service}").split()

    def kill(self, container: str) -> None:
        """Kill a container's first process as a crash does; `docker kill` would tell Docker not to start it again."""
        pid = self.run(f"docker inspect --format '{{{{.State.Pid}}}}' {container}").strip()
        self.run(f"docker run --rm --pid host --user 0 --entrypoint sh entente:latest -c 'kill -9 {pid}'")

    def await_healthy(self, *services: str) -> None:
        def sound() -> bool:
            found = [container for service in services or SERVICES for container in self.containers(service)]
            states = self.run(f"docker inspect --format '{{{{.State.Health.Status}}}}' {' '.join(found)}").split()
            return len(found) >= len(services or SERVICES) and set(states) == {"healthy"}

        _await(sound, "every container healthy")

    def send(self, text: str, key: str) -> str:
        """Send an article; the address of the stored one."""

        def taken() -> str:
            answer = requests.post(
                f"{API}/v1/articles",
                json={"text": text, "published_at": "2024-05-28", "source": "Proof Wire"},
                headers={"Authorization": f"Bearer {key}"},
                timeout=10,
            )
            return API + answer.headers["location"] if answer.status_code in (200, 202) else ""

        return str(_await(taken, "article acknowledged"))

    def await_coded(self, location: str) -> None:
        _await(lambda: _get(location).get("status") == "coded", f"{location} coded")

    def relation(self, source: str, target: str) -> dict[str, Any]:
        record = _get(f"{API}/v1/relations/{source}/{target}")
        # The times at which it was derived are new after a restore.
        return {name: record[name] for name in ("label", "facets", "score")}


def _get(url: str) -> dict[str, Any]:
    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _await(done: Callable[[], object], what: str, seconds: float = HEALTHY_SECONDS) -> object:
    """Ask until the answer is true; requests that fail meanwhile are asked again."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if answer := done():
                return answer
        except requests.RequestException:
            pass
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.5)


def _text(number: int) -> str:
    return f"Norway recognised Palestine as a state on Tuesday. It was report number {number} of that day from Oslo."


@pytest.fixture(scope="module")
def key(stack: Containers) -> str:
    """The stack as the guide starts it; the token of a key that may ingest."""
    stack.guide(run_commands, "First start", 0)
    stack.guide(run_commands, "Making a key", 0)
    return stack.run("docker compose exec -T api entente keys add proof --scope ingest").strip()


def test_the_stack_survives_the_death_of_any_container(stack: Containers, key: str) -> None:
    told = []
    for number, service in enumerate(SERVICES):
        waiting = [stack.send(_text(100 * number + n), key) for n in range(5)]
        started = time.monotonic()
        stack.kill(stack.containers(service)[0])
        waiting.append(stack.send(_text(100 * number + 50), key))
        taken = time.monotonic() - started
        for location in waiting:
            stack.await_coded(location)
        coded = time.monotonic() - started
        stack.await_healthy()
        told.append(f"{service} {taken:.1f} and {coded:.1f} s")
    assert record(
        "",
        "the containers survive the death of any one of them",
        figure=f"next article acknowledged, and all coded, after the death of {', of '.join(told)}",
        aim="all coded, `entente verify` finds no difference",
        held="no difference" in stack.run("docker compose exec -T api entente verify"),
        full=True,
    )


def test_the_image_holds_what_its_commands_need(stack: Containers, key: str) -> None:
    exported = stack.run(
        "docker compose exec -T api entente export events --output /tmp/events.parquet\n"
        "docker compose exec -T api head -c 4 /tmp/events.parquet"
    )
    assert exported.endswith("PAR1")
    line = json.dumps({"id": "1", "text": _text(1), "published_at": "2024-05-28"})
    coded = stack.run(f"echo '{line}' | docker compose exec -T worker entente code --jsonl")
    assert json.loads(coded)["events"][0]["act"] == "recognise"
    # The embedded stack, on its own Redis and SQLite, in one read-only container.
    shown = stack.run("docker run --rm --read-only --tmpfs /tmp entente:latest entente demo --once")
    assert "recognised" in shown
    size = stack.run("docker image inspect --format '{{.Size}}' entente:latest")
    print(f"image: {int(size) / 1e6:.0f} MB")


def test_the_proxy_of_the_guide_works(stack: Containers, key: str) -> None:
    stack.guide(run_commands, "TLS and a proxy", 0)
    trusted = str(stack.place / "deploy" / "certificates" / "fullchain.pem")
    closed = requests.get("https://localhost/v1/relations/NOR/PSE", timeout=10, verify=trusted)
    assert closed.status_code == 401
    assert requests.get("http://localhost/docs", timeout=10, allow_redirects=False).status_code == 301
    stack.guide(run_commands, "TLS and a proxy", 1)
    stack.run("docker compose --file docker-compose.yml --file deploy/tls.yml rm --stop --force proxy")
    stack.run("docker compose up --detach")
    stack.await_healthy()


def test_a_ledger_lost_with_all_its_volumes_is_restored_from_the_backup(stack: Containers, key: str) -> None:
    before = stack.relation("NOR", "PSE")
    stack.guide(run_commands, "Backup", 0)
    stack.run("docker compose down --volumes --timeout 20")
    restored = stack.guide(run_commands, "Restore", 0)
    stack.await_healthy()
    stack.await_coded(stack.send("Japan imposed sanctions on Belarus on Monday.", key))
    assert record(
        "",
        "a ledger lost with all volumes of the containers is restored from its backup",
        figure="the relation of the backup is served again, and a new article coded",
        aim="the same record, no difference",
        held="no difference" in restored and stack.relation("NOR", "PSE") == before,
        full=True,
    )


def test_the_restore_replaces_what_is_there(stack: Containers, key: str) -> None:
    before = stack.relation("NOR", "PSE")
    stack.guide(run_commands, "Backup", 0)
    later = stack.send("Japan imposed sanctions on Belarus on Tuesday.", key)
    stack.await_coded(later)
    stack.guide(run_commands, "Restore", 0)
    stack.await_healthy()
    assert stack.relation("NOR", "PSE") == before
    assert requests.get(later, timeout=10).status_code == 404


def test_a_database_volume_starts_beside_volumes_that_are_new(stack: Containers, key: str) -> None:
    before = stack.relation("NOR", "PSE")
    stack.run("docker compose down --timeout 20")
    volumes = stack.run("docker volume ls --quiet").split()
    others = [name for name in volumes if name.startswith(f"{PROJECT}_") and name != f"{PROJECT}_ledger"]
    assert others
    stack.run(f"docker volume rm {' '.join(others)}")
    stack.run("docker compose up --detach")
    stack.await_healthy()
    assert stack.relation("NOR", "PSE") == before


def test_the_migrations_go_back_and_forth_with_data(stack: Containers, key: str) -> None:
    before = stack.relation("NOR", "PSE")
    shown = stack.run("docker compose exec -T api entente migrate --show")
    older = shown.split("knows: ")[1].strip().split(", ")[-2]
    assert f"is at revision {older}" in stack.guide(run_commands, "Rollback", 0, REVISION=older)
    # Here the older version is this one, which migrates up again.
    stack.guide(run_commands, "Rollback", 1)
    stack.guide(run_commands, "Upgrade", 0)
    stack.await_healthy()
    assert stack.relation("NOR", "PSE") == before
    assert "no difference" in stack.run("docker compose exec -T api entente verify")


def test_three_workers_share_the_work_and_one_may_die(stack: Containers, key: str) -> None:
    stack.guide(run_commands, "Scaling out", 0)
    stack.await_healthy()
    assert len(stack.containers("worker")) == 3
    waiting = [stack.send(_text(2000 + n), key) for n in range(60)]
    stack.kill(stack.containers("worker")[1])
    for location in waiting:
        stack.await_coded(location)
    stack.await_healthy()
    assert record(
        "",
        "three workers in containers share the work, and one may die",
        figure="60 articles coded although one of three workers was killed; three answer again",
        aim="all coded",
        held="3 answer" in stack.run("docker compose exec -T api entente doctor"),
        full=True,
    )


def test_old_deliveries_are_pruned_and_logs_are_read(stack: Containers, key: str) -> None:
    assert "deliveries deleted" in stack.guide(run_commands, "Retention", 0)
    assert '"level"' in stack.guide(run_commands, "Logs", 0)


def test_two_hosts_share_a_database_and_a_broker_by_url(stack: Containers, key: str) -> None:
    """Two projects stand for two hosts; PostgreSQL and Redis are reached by TCP with passwords."""
    stack.run("docker compose down --volumes --timeout 20")
    stack.run(
        "docker run --detach --name enteproof-db --publish 15432:5432 --env POSTGRES_USER=entente"
        " --env POSTGRES_PASSWORD=proof --env POSTGRES_DB=entente postgres:17\n"
        "docker run --detach --name enteproof-broker --publish 16379:6379 redis:7"
        " redis-server --requirepass proof --save '' --maxmemory-policy noeviction\n"
        "until docker exec enteproof-db pg_isready --quiet --username entente --host 127.0.0.1; do sleep 1; done"
    )
    # This machine, as containers see it.
    gateway = stack.run("docker inspect --format '{{.NetworkSettings.Networks.bridge.Gateway}}' enteproof-db").strip()
    (stack.place / ".env").write_text(
        f"ENTENTE_DATABASE_URL=postgresql+psycopg://entente:proof@{gateway}:15432/entente\n"
        f"ENTENTE_REDIS_URL=redis://:proof@{gateway}:16379/0\n"
    )
    try:
        stack.guide(run_commands, "Scaling out", 1)
        stack.guide(run_commands, "Scaling out", 2, COMPOSE_PROJECT_NAME=f"{PROJECT}2")
        assert stack.containers("postgres") == stack.containers("redis") == []
        stack.await_healthy("api", "beat", "worker")
        # Only the second host's worker is left.
        stack.run("docker compose stop worker")
        other = stack.run("docker compose exec -T api entente keys add proof --scope ingest").strip()
        stack.await_coded(stack.send(_text(1), other))
        assert "recognised" in str(stack.relation("NOR", "PSE"))
    finally:
        stack.run("docker compose down --volumes --timeout 20", COMPOSE_PROJECT_NAME=f"{PROJECT}2")
        stack.run("docker rm --force --volumes enteproof-db enteproof-broker")
        (stack.place / ".env").unlink()
