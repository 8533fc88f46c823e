"""F6: Redis forgets everything, comes back empty, and is full."""

import asyncio
import shutil
import signal

from redis import Redis

from tests.faults.f05_redis_down import Calm
from tests.faults.registry import fault
from tests.faults.scene import Scene

FULL_S = 4.0


@fault("F6", "Redis flushed, restarted empty, full", in_soak=True)
async def redis_empty(scene: Scene) -> None:
    """As with F5: messages are hints, so that nothing is lost with them."""
    calm = Calm(scene)
    for _ in range(3):
        await asyncio.to_thread(_command, scene, "FLUSHALL")
        await scene.acknowledged(10)
    await scene.system.redis.end(signal.SIGKILL)
    _empty(scene)
    await scene.system.redis.start()
    await scene.acknowledged(10)
    await asyncio.to_thread(_command, scene, "CONFIG", "SET", "maxmemory", "1mb")
    try:
        await scene.hold(FULL_S)
    finally:
        await asyncio.to_thread(_command, scene, "CONFIG", "SET", "maxmemory", "256mb")
    calm.must_be_typical()
    scene.healed()


def _command(scene: Scene, *words: str) -> None:
    with Redis.from_url(scene.system.redis_url, socket_timeout=5) as client:
        client.execute_command(*words)


def _empty(scene: Scene) -> None:
    for path in scene.system.redis.server.data.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
