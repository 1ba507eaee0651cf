"""The worker's Celery application: registered tasks and settings."""

from datetime import UTC, datetime

import pytest

from entente.bootstrap.broker import (
    CODE_ARTICLE,
    DELIVER_CHANGE,
    DISPATCH,
    FETCH_ARTICLE,
    PARTS,
    POLL_FEED,
    POLL_FEEDS,
    QUEUES,
    REDO_DIRTY,
    ROUTES,
    SWEEP,
    WORKER,
)
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings, SettingsError
from entente.doorbell.broker import TASK_TIME_LIMIT, VISIBILITY_TIMEOUT
from entente.services.articles import ArticleDraft
from worker.app import create_worker
from worker.schedule import beat_schedule


@pytest.fixture
def container(tmp_path, sqlite_url, redis_url):
    container = Container(Settings(data_dir=tmp_path, database_url=sqlite_url, redis_url=redis_url))
    yield container
    container.close()


def test_every_task_that_can_be_rung_for_is_registered(container):
    assert set(ROUTES) <= {task for part in PARTS for task in create_worker(container, part).tasks}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_takes_its_own_tasks_from_its_own_queues(container, part):
    own = {task for task, queue in ROUTES.items() if queue in PARTS[part]}
    assert own
    assert own <= set(create_worker(container, part).tasks)


def test_every_queue_is_taken_from_by_one_part(container):
    taken = [queue for queues in PARTS.values() for queue in queues]
    assert sorted(taken) == sorted(QUEUES) == sorted(create_worker(container).amqp.queues)
    assert set(ROUTES.values()) == set(QUEUES)


def test_what_waits_for_others_is_no_task_of_the_worker():
    assert {ROUTES[task] for task in (FETCH_ARTICLE, POLL_FEED, DELIVER_CHANGE)}.isdisjoint(PARTS[WORKER])


def test_a_poll_that_was_queued_for_the_worker_before_there_were_fetchers_is_queued_for_one(container):
    create_worker(container).tasks[POLL_FEED].run("f1")
    assert container.queue.waiting("poll") == 1


def test_an_address_that_was_queued_for_the_worker_before_there_were_fetchers_is_queued_for_one(container):
    accepted = container.ingest.submit(ArticleDraft("news.example", url="https://news.example/1"), ring=False)
    create_worker(container).tasks[CODE_ARTICLE].run(accepted.article_id)
    assert container.queue.waiting("fetch") == 1
    assert container.lookups.article(accepted.article_id).article.attempts == 0


def test_beat_rings_only_for_registered_tasks(container):
    rung = {entry["task"] for entry in create_worker(container).conf.beat_schedule.values()}
    assert rung == {SWEEP, REDO_DIRTY, POLL_FEEDS, DISPATCH}


def test_a_missed_beat_expires_when_the_next_is_due():
    assert all(entry["options"]["expires"] == entry["schedule"] == 3.0 for entry in beat_schedule(3.0).values())


def test_the_broker_takes_no_message_back_from_a_task_that_still_may_run():
    assert TASK_TIME_LIMIT < VISIBILITY_TIMEOUT


def test_a_worker_without_redis_says_what_to_set(tmp_path):
    with pytest.raises(SettingsError, match="ENTENTE_REDIS_URL"):
        create_worker(Container(Settings(data_dir=tmp_path, database_url="sqlite://")))


def test_the_sweep_task_rings_for_an_article_whose_message_was_lost(container, clock):
    container.clock = clock
    clock.set(datetime(2025, 7, 4, tzinfo=UTC))
    accepted = container.ingest.submit(ArticleDraft("agency", text="Nothing happened."), ring=False)
    clock.advance(minutes=1)
    create_worker(container).tasks[SWEEP].run()
    import redis

    with redis.Redis.from_url(container.settings.redis_url) as client:
        assert accepted.article_id.encode() in client.lindex("ingest", 0)


def test_a_backlog_is_not_rung_for_again_with_every_sweep_but_a_dead_workers_article_is(container, clock):
    container.clock = clock
    drafts = [ArticleDraft("agency", text=f"Nothing happened, {n} times.") for n in range(6)]
    ids = [container.ingest.submit(draft, ring=True).article_id for draft in drafts]
    with container.ledger.write() as unit:
        assert unit.articles.claim(ids[3], "a worker that dies", clock.now(), 6)
        unit.commit()
    clock.advance(minutes=1)
    assert container.queue.waiting("code") == 6
    assert container.sweeper.ring_again() == 1
    import redis

    with redis.Redis.from_url(container.settings.redis_url) as client:
        client.ltrim("ingest", 0, 1)
    assert container.sweeper.ring_again() == 1 + 3, "two bells are left for the five that wait"
    with redis.Redis.from_url(container.settings.redis_url) as client:
        client.flushall()
    assert container.sweeper.ring_again() == 1 + 5


def test_coding_an_unknown_article_is_no_error(container):
    create_worker(container).tasks[CODE_ARTICLE].run("no-such-id")


def test_a_child_process_shares_the_memory_but_no_connection(container):
    parent_ledger = container.ledger
    child = container.forked()
    assert child.codebook is not None
    assert child.ledger is not parent_ledger
    assert container.codebook is container.forked().codebook
    child.close()
