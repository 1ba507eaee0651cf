"""The changes feed as server-sent events, over a real connection to a real server."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import requests

from tests.integration.conftest import TEXT, coded


@contextmanager
def stream(server: str, key: str, last: str = "") -> Iterator[Iterator[tuple[int, str]]]:
    """(number, event) pairs as they come."""
    headers = {"Authorization": f"Bearer {key}", **({"Last-Event-ID": last} if last else {})}
    url = f"{server}/v1/changes/stream"
    with closing(requests.get(url, headers=headers, stream=True, timeout=60)) as answer:
        if answer.status_code == 503:
            # Those that we left are noticed only when the server next writes to them.
            time.sleep(0.5)
            yield iter(())
            return
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")

        def events() -> Iterator[tuple[int, str]]:
            number = 0
            for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
                if line.startswith("id: "):
                    number = int(line[4:])
                elif line.startswith("event: "):
                    yield number, line[7:]

        yield events()


def test_a_stream_that_is_cut_off_again_and_again_misses_nothing_and_repeats_nothing(
    server: str, key: str, told: Callable[..., str]
) -> None:
    acts = ("recognise", "sever_relations", "restore_relations", "close_embassy", "open_embassy")

    def write() -> None:
        for n in range(25):
            day = f"2025-06-{n + 1:02}"
            told([coded(acts[n % len(acts)], day, source="FRA", target="DEU")], text=f"{TEXT} {n}", publisher=f"w{n}")

    writer = threading.Thread(target=write)
    writer.start()
    heard: list[int] = []
    while len(heard) < 20:
        with stream(server, key, str(heard[-1]) if heard else "") as events:
            for number, _ in events:
                heard.append(number)
                if len(heard) % 3 == 0:
                    break
    writer.join()

    assert heard == list(range(1, len(heard) + 1))


def test_a_stream_begins_where_it_is_asked_to(server: str, key: str, recognition: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    known = requests.get(f"{server}/v1/changes", headers=headers, timeout=60).json()["changes"]
    with stream(server, key, str(known[0]["seq"])) as events:
        assert next(events) == (known[1]["seq"], "facet")


def test_more_streams_than_a_server_can_spare_threads_for_are_sent_away(server: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    open_streams = [
        requests.get(f"{server}/v1/changes/stream", headers=headers, stream=True, timeout=60) for _ in range(8)
    ]
    try:
        answers = [stream.status_code for stream in open_streams]
        assert answers.count(503) >= 1
        assert all(s.headers["Retry-After"] for s in open_streams if s.status_code == 503)
        assert requests.get(f"{server}/healthz", timeout=60).ok
    finally:
        for answer in open_streams:
            answer.close()


def test_a_last_event_id_that_is_no_number_is_refused(server: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Last-Event-ID": "x"}

    assert requests.get(f"{server}/v1/changes/stream", headers=headers, timeout=60).status_code == 400
