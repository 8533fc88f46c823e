"""Processes killed and servers taken away under load: what was acknowledged is there, once, and decided."""

import os
import signal

from redis import Redis

from tests.equipment.processes import gone
from tests.faults.scene import Scene
from tests.faults_fast.conftest import Play


def test_a_web_process_killed_amid_requests_loses_nothing_that_it_acknowledged(play: Play) -> None:
    """Clients that heard no answer try again under the same key, and get the same comment."""

    async def kill_web(scene: Scene) -> None:
        (web,) = scene.system.webs
        for _ in range(2):
            await scene.acknowledged(8)
            web.kill()
            web.start()
            await scene.system.until_ready()

    play(kill_web, hurts_web=True)


def test_a_killed_worker_is_followed_by_one_that_decides_everything(play: Play) -> None:
    async def kill_worker(scene: Scene) -> None:
        (worker,) = scene.system.workers
        await scene.acknowledged(8)
        worker.kill()
        await scene.acknowledged(8)
        assert await scene.pending()
        worker.start()

    play(kill_worker)


def test_a_killed_child_of_the_pool_costs_nobody_his_comment(play: Play) -> None:
    async def kill_child(scene: Scene) -> None:
        (worker,) = scene.system.workers
        for child in worker.children():
            os.kill(child, signal.SIGKILL)
            await scene.until("the end of a child", lambda pid=child: gone(pid))  # type: ignore[misc]
        await scene.until("other children", lambda: len(worker.children()) == 2)

    play(kill_child)


def test_without_redis_submissions_are_taken_and_checked(play: Play) -> None:
    async def no_redis(scene: Scene) -> None:
        refused = scene.count("submission 503")
        await scene.system.redis.end(signal.SIGKILL)
        before = await scene.decided_by_checks()
        await scene.acknowledged(15)

        async def some_are_decided() -> bool:
            return await scene.decided_by_checks() > before

        await scene.until("a verdict without a ring", some_are_decided)
        await scene.system.redis.start()
        scene.must(scene.count("submission 503") == refused, "submissions were refused because of Redis")

    play(no_redis)


def test_a_redis_that_forgot_everything_delays_and_loses_nothing(play: Play) -> None:
    async def flush(scene: Scene) -> None:
        for _ in range(5):
            await scene.acknowledged(4)
            with Redis.from_url(scene.system.redis_url) as client:
                client.flushall()

    play(flush)


def test_a_postgres_that_stops_at_once_keeps_every_row_that_was_acknowledged(play: Play) -> None:
    """Immediate, without a checkpoint: what is not on disk is gone."""

    async def crash(scene: Scene) -> None:
        for _ in range(2):
            await scene.acknowledged(15)
            await scene.system.postgres.restart(signal.SIGQUIT)

    row = play(crash)
    assert row.recovery_s is not None
