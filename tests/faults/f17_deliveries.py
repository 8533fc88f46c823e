"""F17: the broker delivers everything three times, out of order, and old messages again."""

from redis import Redis

from service.dispatch import QUEUE
from tests.faults.registry import fault
from tests.faults.scene import Scene

ROUNDS = 5
MESSAGES = 200  # of a round: each is a task, and they are there four times afterwards


@fault("F17", "every message three times, out of order, old ones again", in_soak=True)
async def deliveries(scene: Scene) -> None:
    """The worker stands still while messages gather; they are copied, shuffled and given back."""
    old: list[bytes] = []
    with Redis.from_url(scene.system.redis_url, socket_timeout=5) as client:
        for _ in range(ROUNDS):
            for worker in scene.system.workers:
                worker.freeze()
            await scene.acknowledged(8)
            await scene.until("a message", lambda: client.llen(QUEUE), 10)
            found = client.lrange(QUEUE, 0, MESSAGES - 1)
            assert isinstance(found, list)
            again = [*found, *found, *scene.random.sample(old, min(5, len(old)))]
            scene.random.shuffle(again)
            client.rpush(QUEUE, *again)
            old += found
            for worker in scene.system.workers:
                worker.thaw()
            await scene.acknowledged(8)
    scene.note(f"{len(old)} messages delivered three times")
    scene.healed()
